import { type DatasetEntry, datasetSchema } from '../../entities/dataset.js';
import type { CID } from '../../id/cid.js';
import { type Change, diff } from '../../tree/diff.js';
import { type Edit, editTree } from '../../tree/edit.js';
import { describe, entries, lookup } from '../../tree/read.js';
import type { NodeSink, NodeSource } from '../../tree/schema.js';

/** A version with more changes than this, and this share of its entries, is as soon proven from nothing. */
const FEW = 1000;
const SHARE = 1 / 64;

/**
 * Proves that `root` is the one tree of its entries, given that `proven` is one: applying what differs to that
 * must give this. Reads only what differs, and gives it; undefined when that is much, or when it is no dataset.
 * Throws what reading throws.
 */
export async function proveFrom(
  source: NodeSource,
  proven: CID,
  root: CID,
  sink: NodeSink,
): Promise<Change<DatasetEntry>[] | undefined> {
  const { count } = await describe(datasetSchema, source, root);
  const changes: Change<DatasetEntry>[] = [];
  for await (const change of diff(datasetSchema, source, proven, root)) {
    if (changes.push(change) > FEW + count * SHARE) return undefined;
  }
  const edits = changes.map(({ key, after }): Edit<DatasetEntry> => ({ key, value: after }));
  const edited = await editTree(datasetSchema, source, proven, edits, sink);
  if (!edited.id.equals(root) || !(await areApart(source, root, changes))) return undefined;
  return changes;
}

/** True when nothing lies above or beneath a path that was added. */
async function areApart(
  source: NodeSource,
  root: CID,
  changes: readonly Change<DatasetEntry>[],
): Promise<boolean> {
  const folders = new Set<string>();
  for (const { key, before } of changes) {
    if (before !== undefined) continue;
    for await (const _ of entries(datasetSchema, source, root, { prefix: `${key}/` })) return false;
    for (let end = key.indexOf('/'); end >= 0; end = key.indexOf('/', end + 1))
      folders.add(key.slice(0, end));
  }
  for (const folder of folders) {
    if ((await lookup(datasetSchema, source, root, folder)) !== undefined) return false;
  }
  return true;
}
