import { type DatasetEntry, datasetSchema } from '../../entities/dataset.js';
import type { CID } from '../../id/cid.js';
import { Cursor, type NodeReader, nodeReader } from '../../tree/cursor.js';
import { keeping } from '../../tree/keeping.js';
import { addExactly, isSubtree } from '../../tree/node.js';
import type { NodeSource } from '../../tree/schema.js';

/** What lies in a folder, however deep: files and links, and their bytes. */
export interface Totals {
  readonly files: number;
  readonly bytes: number;
}

/** What lies directly in a folder of a dataset. A folder has totals, a file or link its entry. */
export type Child =
  | (Totals & { readonly type: 'folder'; readonly path: string })
  | { readonly type: 'entry'; readonly path: string; readonly entry: DatasetEntry };

type ReadNode = NodeReader<DatasetEntry>;

/** Reads nodes of a dataset; keeps the last, because one look at a folder begins where the one before ended. */
export function keepingReader(source: NodeSource): ReadNode {
  return keeping(nodeReader(datasetSchema, source));
}

/**
 * What lies directly in the folder `path` ('' for the whole dataset), in byte order, found as it is asked for. Where all
 * that a node of the tree holds lies in one folder, its count and byte sum answer and it is not read: a folder costs
 * a few nodes at its two ends, whatever it holds.
 */
export async function* level(read: ReadNode, dataset: CID, path: string): AsyncGenerator<Child> {
  const prefix = path === '' ? '' : `${path}/`;
  const cursor = await seek(read, dataset, prefix);
  for (;;) {
    const item = await cursor.descend();
    if (item === undefined || isSubtree(item) || !item.key.startsWith(prefix)) return;
    const slash = item.key.indexOf('/', prefix.length);
    if (slash < 0) {
      yield { type: 'entry', path: item.key, entry: item.value };
      cursor.skip();
    } else {
      const folder = item.key.slice(0, slash);
      yield { type: 'folder', path: folder, ...(await passFolder(cursor, `${folder}/`)) };
    }
  }
}

/** What lies in the folder `path`; no files when there is no such folder. */
export async function totalsOf(read: ReadNode, dataset: CID, path: string): Promise<Totals> {
  const prefix = path === '' ? '' : `${path}/`;
  return passFolder(await seek(read, dataset, prefix), prefix);
}

type DatasetCursor = Cursor<DatasetEntry>;

/** A cursor before the first entry whose path begins with `prefix`, or where it would be. */
async function seek(read: ReadNode, dataset: CID, prefix: string): Promise<DatasetCursor> {
  const cursor = await Cursor.open(read, dataset);
  if (prefix !== '') await cursor.seekFrom(prefix);
  return cursor;
}

/** Moves past all that begins with `prefix`, which comes next, and says how much that was. */
async function passFolder(cursor: DatasetCursor, prefix: string): Promise<Totals> {
  let files = 0;
  let bytes = 0;
  for (let item = cursor.peek(); item?.key.startsWith(prefix) === true; item = cursor.peek()) {
    if (isSubtree(item) && cursor.endOfNext()?.startsWith(prefix) !== true && prefix !== '') {
      await cursor.enter(item);
      continue;
    }
    files = addExactly(files, isSubtree(item) ? item.count : 1);
    bytes = addExactly(bytes, isSubtree(item) ? item.bytes : datasetSchema.bytes(item.value));
    cursor.skip();
  }
  return { files, bytes };
}
