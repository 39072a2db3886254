import { DvsError } from '../../base/errors.js';
import { type DatasetEntry, datasetSchema } from '../../entities/dataset.js';
import type { CID } from '../../id/cid.js';
import { AscendingLookup } from '../../tree/ascending.js';
import { diff } from '../../tree/diff.js';
import type { NodeSource } from '../../tree/schema.js';
import type { AddTarget } from './targets.js';

/** Paths that a message names. */
const SHOWN = 5;

/** Three states of a tracked path. */
export interface States {
  /** What the files were when they were last brought or added. */
  readonly before: CID;
  /** What `dvs.lock` has by now, because git changed it. */
  readonly recorded: CID;
  /** What the files are. */
  readonly now: CID;
}

/**
 * Refuses (E_UNSAFE) files that are still those from before the version in `dvs.lock`: to record them would silently take
 * back what that version changed. What was changed on disk since then is no obstacle.
 */
export async function assertNotStale(
  nodes: NodeSource,
  { path }: AddTarget,
  { before, recorded, now }: States,
): Promise<void> {
  const files = await AscendingLookup.open(datasetSchema, nodes, now);
  const stale: string[] = [];
  for await (const change of diff(datasetSchema, nodes, before, recorded)) {
    if (!isSame(await files.at(change.key), change.before)) continue;
    if (stale.push(change.key) > SHOWN) break;
  }
  if (stale.length === 0) return;
  const shown = stale.slice(0, SHOWN);
  const more = stale.length > SHOWN ? ' and more' : '';
  throw new DvsError(
    'E_UNSAFE',
    `dvs.lock has another version of ${path} by now, and these files are from before it: ${shown.join(', ')}${more}; to add them would take it back`,
    {
      about: shown,
      hint: `Bring them first: \`dvs checkout ${path}${more === '' ? ` -- ${shown.join(' ')}` : ''}\`. To record them all the same: \`dvs add ${path} --force\`.`,
    },
  );
}

function isSame(a: DatasetEntry | undefined, b: DatasetEntry | undefined): boolean {
  return a === undefined || b === undefined ? a === b : datasetSchema.equal(a, b);
}
