import { compareUtf8 } from '../../base/bytes.js';
import { type DatasetEntry, datasetSchema } from '../../entities/dataset.js';
import type { CID } from '../../id/cid.js';
import { diff } from '../../tree/diff.js';
import type { NodeSource } from '../../tree/schema.js';

/** Two versions of a dataset, and the one that both come from. */
export interface Sides {
  readonly base: CID;
  readonly ours: CID;
  readonly theirs: CID;
}

export type Side = 'ours' | 'theirs';

/** A path that one side changed, or both; absent where a side has nothing there. */
export interface Move {
  readonly path: string;
  readonly by: Side | 'both';
  readonly base: DatasetEntry | undefined;
  readonly ours: DatasetEntry | undefined;
  readonly theirs: DatasetEntry | undefined;
}

/** Every path that differs from the base on some side, in byte order. Costs what the two differences cost. */
export async function* moves(source: NodeSource, { base, ours, theirs }: Sides): AsyncGenerator<Move> {
  const left = diff(datasetSchema, source, base, ours);
  const right = diff(datasetSchema, source, base, theirs);
  let x = (await left.next()).value;
  let y = (await right.next()).value;
  while (x || y) {
    const order = !x ? 1 : !y ? -1 : compareUtf8(x.key, y.key);
    if (x && order < 0) {
      yield { path: x.key, by: 'ours', base: x.before, ours: x.after, theirs: x.before };
      x = (await left.next()).value;
    } else if (y && order > 0) {
      yield { path: y.key, by: 'theirs', base: y.before, ours: y.before, theirs: y.after };
      y = (await right.next()).value;
    } else if (x && y) {
      yield { path: x.key, by: 'both', base: x.before, ours: x.after, theirs: y.after };
      x = (await left.next()).value;
      y = (await right.next()).value;
    }
  }
}

/** True when both sides did the same. */
export function isAgreed({ by, ours, theirs }: Move): boolean {
  if (by !== 'both') return false;
  if (ours === undefined || theirs === undefined) return ours === theirs;
  return datasetSchema.equal(ours, theirs);
}
