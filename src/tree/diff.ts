import { compareUtf8 } from '../base/bytes.js';
import type { CID } from '../id/cid.js';
import { Cursor, ENTRY_LEVEL, nodeReader } from './cursor.js';
import { type Item, isSubtree } from './node.js';
import type { NodeSource, TreeSchema } from './schema.js';

/** A key whose value differs: `before` is missing where it was added, `after` where it was removed. */
export interface Change<V> {
  readonly key: string;
  readonly before?: V;
  readonly after?: V;
}

/**
 * What turns tree `a` into tree `b`, in key order. Subtrees with the same ID are passed by unread, so the
 * cost follows the size of the difference. Throws what `readNode` and the cursor throw.
 */
export async function* diff<V>(
  schema: TreeSchema<V>,
  source: NodeSource,
  a: CID,
  b: CID,
): AsyncGenerator<Change<V>, void, undefined> {
  if (a.equals(b)) return;
  const read = nodeReader(schema, source);
  const [left, right] = await Promise.all([Cursor.open(read, a), Cursor.open(read, b)]);
  for (;;) {
    const x = left.peek();
    const y = right.peek();
    if (x !== undefined && (y === undefined || compareUtf8(x.key, y.key) < 0)) {
      if (isSubtree(x)) await left.enter(x);
      else {
        yield { key: x.key, before: x.value };
        left.skip();
      }
    } else if (y !== undefined && (x === undefined || compareUtf8(x.key, y.key) > 0)) {
      if (isSubtree(y)) await right.enter(y);
      else {
        yield { key: y.key, after: y.value };
        right.skip();
      }
    } else if (x === undefined || y === undefined) {
      return;
    } else if (isSubtree(x) || isSubtree(y)) {
      if (sameSubtree(x, y)) {
        left.skip();
        right.skip();
      } else {
        const order = height(x) - height(y);
        const entered = [
          order >= 0 && isSubtree(x) ? left.enter(x) : undefined,
          order <= 0 && isSubtree(y) ? right.enter(y) : undefined,
        ];
        await Promise.all(entered);
      }
    } else {
      if (!schema.equal(x.value, y.value)) yield { key: x.key, before: x.value, after: y.value };
      left.skip();
      right.skip();
    }
  }
}

function sameSubtree<V>(x: Item<V>, y: Item<V>): boolean {
  return isSubtree(x) && isSubtree(y) && x.id.equals(y.id);
}

/** Of two items with the same key the higher one is opened: the lower may be its first descendant. */
function height<V>(item: Item<V>): number {
  return isSubtree(item) ? item.level : ENTRY_LEVEL;
}
