import { DvsError } from '../base/errors.js';
import type { CID } from '../id/cid.js';
import { buildTree } from './build.js';
import { entries } from './read.js';
import type { NodeSource, TreeRoot, TreeSchema } from './schema.js';

/**
 * Proves that `root` is the one tree of its entries: reads all of it and builds it again. Reading alone
 * accepts a tree whose nodes were cut elsewhere than the rules say; its ID would not be the one that its
 * entries have. E_ENCODING for that, and whatever reading and the schema's checker throw.
 */
export async function verifyTree<V>(schema: TreeSchema<V>, source: NodeSource, root: CID): Promise<TreeRoot> {
  const rebuilt = await buildTree(schema, entries(schema, source, root), () => {});
  if (rebuilt.id.toString() !== root.toString()) {
    throw new DvsError('E_ENCODING', `${root.toString()} is not the canonical tree of its entries`, {
      about: [root.toString(), rebuilt.id.toString()],
    });
  }
  return rebuilt;
}
