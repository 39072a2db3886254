import type { Scratch } from '../../base/scratch.js';
import { type Sequence, sequence } from '../../base/sequence.js';
import { Spill } from '../../base/spill.js';
import { type DatasetEntry, datasetSchema } from '../../entities/dataset.js';
import type { CID } from '../../id/cid.js';
import { type Change, diff as treeDiff } from '../../tree/diff.js';
import type { NodeSource } from '../../tree/schema.js';
import { NONE, type Pairing } from './pairing.js';
import { type Modified, modifiedEntry, type OneSided, oneSided } from './records.js';
import { pairRenames } from './renames.js';

/** A path whose content was at another path, which is gone. */
export interface Renamed {
  /** Where it is now. */
  readonly path: string;
  readonly from: string;
  readonly entry: DatasetEntry;
}

/** How one set of files became another, in byte order of the path; a long list is not in memory. */
export interface DatasetDiff {
  readonly added: Sequence<OneSided>;
  readonly removed: Sequence<OneSided>;
  readonly modified: Sequence<Modified>;
  readonly renamed: Sequence<Renamed>;
}

export const NO_DIFF: DatasetDiff = { added: [], removed: [], modified: [], renamed: [] };

/** The difference between two datasets; its cost follows the size of the difference. */
export async function diffDatasets(
  source: NodeSource,
  from: CID,
  to: CID,
  scratch: Scratch,
  wanted: (path: string) => boolean = () => true,
): Promise<DatasetDiff> {
  return classify(treeDiff(datasetSchema, source, from, to), scratch, wanted);
}

/**
 * Sorts changes, which come in byte order, into added, removed, modified and renamed (removed here, added there,
 * same content). The difference can be read until `scratch` is closed.
 */
export async function classify(
  changes: AsyncIterable<Change<DatasetEntry>> | Iterable<Change<DatasetEntry>>,
  scratch: Scratch,
  wanted: (path: string) => boolean = () => true,
): Promise<DatasetDiff> {
  const builder = new DiffBuilder(scratch);
  for await (const change of changes) if (wanted(change.key)) builder.add(change);
  return builder.finish();
}

/** The same, of changes that are told one by one. */
export class DiffBuilder {
  readonly #added: Spill<OneSided>;
  readonly #removed: Spill<OneSided>;
  readonly #modified: Spill<Modified>;

  constructor(scratch: Scratch) {
    this.#added = new Spill(scratch, oneSided);
    this.#removed = new Spill(scratch, oneSided);
    this.#modified = new Spill(scratch, modifiedEntry);
  }

  add({ key: path, before, after }: Change<DatasetEntry>): void {
    if (before !== undefined && after !== undefined) this.#modified.add({ path, before, after });
    else if (after !== undefined) this.#added.add({ path, entry: after });
    else if (before !== undefined) this.#removed.add({ path, entry: before });
  }

  finish(): DatasetDiff {
    const added = this.#added;
    const removed = this.#removed;
    const pairing = pairRenames(added, removed);
    const { count } = pairing;
    return {
      added: sequence(added.length - count, () => stillAdded(added, pairing)),
      removed: sequence(removed.length - count, () => stillRemoved(removed, pairing)),
      modified: this.#modified,
      renamed: sequence(count, () => renamed(added, removed, pairing)),
    };
  }
}

function* stillAdded(added: Spill<OneSided>, { from }: Pairing): Generator<OneSided> {
  let index = 0;
  for (const item of added) if (from[index++] === NONE) yield item;
}

function* stillRemoved(removed: Spill<OneSided>, { gone }: Pairing): Generator<OneSided> {
  let index = 0;
  for (const item of removed) if (gone[index++] === 0) yield item;
}

function* renamed(added: Spill<OneSided>, removed: Spill<OneSided>, { from }: Pairing): Generator<Renamed> {
  let index = 0;
  for (const { path, entry } of added) {
    const position = from[index++] ?? NONE;
    if (position !== NONE) yield { path, from: removed.at(position).path, entry };
  }
}

/** True when nothing differs. */
export function isEmptyDiff({ added, removed, modified, renamed }: DatasetDiff): boolean {
  return added.length + removed.length + modified.length + renamed.length === 0;
}
