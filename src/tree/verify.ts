import { DvsError } from '../base/errors.js';
import type { CID } from '../id/cid.js';
import { buildTree } from './build.js';
import { entries } from './read.js';
import type { Entry, NodeSink, NodeSource, TreeRoot, TreeSchema } from './schema.js';

/** Told of all that a tree holds while it is read, so that one pass serves. */
export interface TreeVisitor<V> {
  readonly entry?: (entry: Entry<V>) => void | Promise<void>;
  /** Each node as it has to be; it is the one that was read, unless `verifyTree` throws in the end. */
  readonly node?: NodeSink;
}

/**
 * Proves that `root` is the one tree of its entries: reads all of it and builds it again. Reading alone
 * accepts a tree whose nodes were cut elsewhere than the rules say; its ID would not be the one that its
 * entries have. E_ENCODING for that, and whatever reading and the schema's checker throw.
 */
export async function verifyTree<V>(
  schema: TreeSchema<V>,
  source: NodeSource,
  root: CID,
  visit: TreeVisitor<V> = {},
): Promise<TreeRoot> {
  async function* visited(): AsyncGenerator<Entry<V>> {
    for await (const entry of entries(schema, source, root)) {
      await visit.entry?.(entry);
      yield entry;
    }
  }
  const rebuilt = await buildTree(schema, visited(), visit.node ?? (() => {}));
  if (rebuilt.id.toString() !== root.toString()) {
    throw new DvsError('E_ENCODING', `${root.toString()} is not the canonical tree of its entries`, {
      about: [root.toString(), rebuilt.id.toString()],
    });
  }
  return rebuilt;
}
