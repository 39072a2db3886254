import { datasetSchema } from '../entities/dataset.js';
import type { CID } from '../id/cid.js';
import type { Totals } from '../ops/folders/level.js';
import { kindOf } from '../ops/resolve/resolve.js';
import { diff } from '../tree/diff.js';
import { describe } from '../tree/read.js';
import type { Repository } from './repository.js';

/** How much changed from one version to the next. A renamed file counts as one removed and one added. */
export interface VersionStat {
  readonly added: Totals;
  readonly removed: Totals;
  /** Files with other bytes; how many bytes they had, and have. */
  readonly modified: { readonly files: number; readonly before: number; readonly after: number };
}

/** Compares two datasets, of which the first may be missing; undefined for other things. Cost follows the difference. */
export async function versionStat(
  { store }: Repository,
  from: CID | null,
  to: CID,
): Promise<VersionStat | undefined> {
  for (const id of from === null ? [to] : [from, to]) {
    if ((await kindOf(store, { id, version: undefined })) !== datasetSchema.kind) return undefined;
  }
  const added = { files: 0, bytes: 0 };
  const removed = { files: 0, bytes: 0 };
  const modified = { files: 0, before: 0, after: 0 };
  if (from === null) {
    const { count, bytes } = await describe(datasetSchema, store.objects, to);
    return { added: { files: count, bytes }, removed, modified };
  }
  for await (const { before, after } of diff(datasetSchema, store.objects, from, to)) {
    const [was, is] = [before, after].map((entry) => (entry === undefined ? 0 : datasetSchema.bytes(entry)));
    if (before !== undefined && after !== undefined) {
      modified.files++;
      modified.before += was ?? 0;
      modified.after += is ?? 0;
    } else {
      const side = before === undefined ? added : removed;
      side.files++;
      side.bytes += (was ?? 0) + (is ?? 0);
    }
  }
  return { added, removed, modified };
}
