import type { CID } from '../id/cid.js';
import { Cursor, nodeReader } from './cursor.js';
import type { NodeSource, TreeSchema } from './schema.js';

/** The first text after all that begin with a folder: what follows a slash in byte order is a zero. */
const afterFolder = (folder: string): string => `${folder.slice(0, -1)}0`;

/**
 * The names directly in a folder that begin with `start`, in byte order, those of folders with a slash at the end.
 * `folder` is '' for the top, else ends with a slash. What lies deeper is jumped over: it costs a few nodes for each
 * name, however many entries a folder has.
 */
export async function* children<V>(
  schema: TreeSchema<V>,
  source: NodeSource,
  root: CID,
  folder: string,
  start = '',
): AsyncGenerator<string, void, undefined> {
  const prefix = folder + start;
  const cursor = await Cursor.open(nodeReader(schema, source), root);
  let item = await cursor.seekFrom(prefix);
  while (item?.key.startsWith(prefix) === true) {
    const rest = item.key.slice(folder.length);
    const name = rest.slice(0, rest.indexOf('/') + 1) || rest;
    yield name;
    if (name.endsWith('/')) item = await cursor.seekFrom(afterFolder(folder + name));
    else {
      cursor.skip();
      item = await cursor.descend();
    }
  }
}
