import { compareUtf8 } from '../base/bytes.js';
import type { CID } from '../id/cid.js';
import { Cursor, nodeReader } from './cursor.js';
import { assertRoot, isSubtree, readNode } from './node.js';
import type { Entry, NodeSource, TreeRoot, TreeSchema } from './schema.js';

export interface EntriesOptions {
  /** The first key wanted, or where it would be. */
  readonly from?: string;
  /** Only keys that begin with this. */
  readonly prefix?: string;
}

/**
 * The entries of the tree `root` in key order. Goes straight to where it starts, and stops where it ends.
 * Nodes are checked against their IDs and their parents, and entries by the schema's checker: throws what
 * `readNode`, the cursor (E_ENCODING, E_CYCLE) and the checker throw.
 */
export async function* entries<V>(
  schema: TreeSchema<V>,
  source: NodeSource,
  root: CID,
  options: EntriesOptions = {},
): AsyncGenerator<Entry<V>, void, undefined> {
  const { from = '', prefix = '' } = options;
  const start = compareUtf8(from, prefix) > 0 ? from : prefix;
  const checker = schema.checker();
  const cursor = await Cursor.open(nodeReader(schema, source), root);
  let item = await cursor.seek((key) => compareUtf8(key, start) <= 0);
  while (item !== undefined && !isSubtree(item)) {
    if (compareUtf8(item.key, start) >= 0) {
      if (!item.key.startsWith(prefix)) return;
      checker.next(item.key, item.value);
      yield item;
    }
    cursor.skip();
    item = cursor.peek();
    if (item !== undefined && isSubtree(item)) item = await cursor.descend();
  }
}

/** The entries whose keys begin with one of `prefixes`, which come in byte order and none of which begins with another. */
export async function* entriesWithin<V>(
  schema: TreeSchema<V>,
  source: NodeSource,
  root: CID,
  prefixes: readonly string[],
): AsyncGenerator<Entry<V>, void, undefined> {
  for (const prefix of prefixes) yield* entries(schema, source, root, { prefix });
}

/** The value at `key`, or undefined. Reads one node a level. */
export async function lookup<V>(
  schema: TreeSchema<V>,
  source: NodeSource,
  root: CID,
  key: string,
): Promise<V | undefined> {
  const cursor = await Cursor.open(nodeReader(schema, source), root);
  const item = await cursor.seek((candidate) => compareUtf8(candidate, key) <= 0);
  return item !== undefined && !isSubtree(item) && item.key === key ? item.value : undefined;
}

/** The IDs of all nodes of the tree, each parent before its children. Reads all nodes but the leaves. */
export async function* nodes<V>(
  schema: TreeSchema<V>,
  source: NodeSource,
  root: CID,
): AsyncGenerator<CID, void, undefined> {
  const cursor = await Cursor.open(nodeReader(schema, source), root);
  for (let item = cursor.peek(); item !== undefined && isSubtree(item); item = cursor.peek()) {
    yield item.id;
    if (item.level === 0) cursor.skip();
    else await cursor.enter(item);
  }
}

/** How much the tree holds, from its root alone. */
export async function describe<V>(schema: TreeSchema<V>, source: NodeSource, root: CID): Promise<TreeRoot> {
  const node = await readNode(schema, source, root);
  assertRoot(root, node);
  const { count, bytes, level } = node;
  return { id: root, count, bytes, level };
}
