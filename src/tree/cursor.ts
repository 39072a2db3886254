import { compareUtf8 } from '../base/bytes.js';
import { DvsError } from '../base/errors.js';
import type { CID } from '../id/cid.js';
import {
  assertRoot,
  type Item,
  isSubtree,
  readNode,
  type Subtree,
  subtreeOf,
  type TreeNode,
} from './node.js';
import type { NodeSource, TreeSchema } from './schema.js';

/** The level of leaf entries as items, below that of the nodes that hold them. */
export const ENTRY_LEVEL = -1;

/** The items of one entered node. `end` is the first key after all of them; undefined at the right edge. */
interface Frame<V> {
  readonly items: readonly Item<V>[];
  readonly end: string | undefined;
  at: number;
}

/** Fetches and parses nodes; a cursor checks them against what their parents say. */
export type NodeReader<V> = (id: CID) => Promise<TreeNode<V>>;

/** Reads nodes of `schema` from `source`. */
export function nodeReader<V>(schema: TreeSchema<V>, source: NodeSource): NodeReader<V> {
  return (id) => readNode(schema, source, id);
}

/**
 * A place in a tree, moving forward only. It stands before an item: a subtree that it has not entered, or a
 * leaf entry; at first before the root itself. Without recursion, and with one node a level in memory.
 */
export class Cursor<V> {
  readonly #read: NodeReader<V>;
  readonly #frames: Frame<V>[];
  readonly #rootItem: Subtree;
  readonly #root: TreeNode<V>;

  private constructor(read: NodeReader<V>, rootItem: Subtree, root: TreeNode<V>) {
    this.#read = read;
    this.#rootItem = rootItem;
    this.#root = root;
    this.#frames = [{ items: [rootItem], end: undefined, at: 0 }];
  }

  /** A cursor before the root `id`. Throws what `read` throws, and as `assertRoot`. */
  static async open<V>(read: NodeReader<V>, id: CID): Promise<Cursor<V>> {
    const root = await read(id);
    assertRoot(id, root);
    return new Cursor(read, subtreeOf(id, root), root);
  }

  /** The item that comes next, or undefined at the end of the tree. */
  peek(): Item<V> | undefined {
    const frame = this.#frames.at(-1);
    return frame?.items[frame.at];
  }

  /** Steps past the next item, with all that is below it. */
  skip(): void {
    const frame = this.#frames.at(-1);
    if (frame === undefined) return;
    frame.at += 1;
    this.#leaveFinished();
  }

  /** The node of the next item, which is `subtree`. E_ENCODING or E_CYCLE when its parent says otherwise. */
  async load(subtree: Subtree): Promise<TreeNode<V>> {
    if (subtree === this.#rootItem) return this.#root;
    const node = await this.#read(subtree.id);
    assertFits(subtree, node, this.endOfNext());
    return node;
  }

  /** Goes into the next item, which is `subtree`: what comes next is then the first item below it. */
  async enter(subtree: Subtree): Promise<void> {
    const { items } = await this.load(subtree);
    const end = this.endOfNext();
    const frame = this.#frames.at(-1);
    if (frame !== undefined) frame.at += 1;
    this.#frames.push({ items, end, at: 0 });
    this.#leaveFinished();
  }

  /** Enters subtrees until the next item is a node of `level` (or lower), and gives it. */
  async descend(level: number = ENTRY_LEVEL): Promise<Item<V> | undefined> {
    for (;;) {
      const item = this.peek();
      if (item === undefined || !isSubtree(item) || item.level <= level) return item;
      await this.enter(item);
    }
  }

  /**
   * Moves forward to the last item of `level` for which `precedes(key)` holds, or to the next item of that
   * level when it holds for none. `precedes` is true up to some key and false from there on.
   */
  async seek(precedes: (key: string) => boolean, level: number = ENTRY_LEVEL): Promise<Item<V> | undefined> {
    for (;;) {
      const frame = this.#frames.at(-1);
      if (frame === undefined) return undefined;
      if (frame.end !== undefined && precedes(frame.end)) {
        this.#frames.pop();
        continue;
      }
      frame.at = lastPreceding(frame, precedes);
      const item = this.peek();
      if (item === undefined || !isSubtree(item) || item.level <= level) return item;
      await this.enter(item);
    }
  }

  /** Moves forward to the first entry with this key or one after it. */
  async seekFrom(key: string): Promise<Item<V> | undefined> {
    const item = await this.seek((candidate) => compareUtf8(candidate, key) <= 0);
    if (item !== undefined && compareUtf8(item.key, key) < 0) this.skip();
    return this.descend();
  }

  #leaveFinished(): void {
    for (let top = this.#frames.at(-1); top !== undefined; top = this.#frames.at(-1)) {
      if (top.at < top.items.length) return;
      this.#frames.pop();
    }
  }

  /** The first key after all that the next item holds; undefined where the tree ends with it. */
  endOfNext(): string | undefined {
    const frame = this.#frames.at(-1);
    return frame?.items[frame.at + 1]?.key ?? frame?.end;
  }
}

/** The index of the last item of `frame`, from where it stands, whose key precedes; by bisection. */
function lastPreceding<V>(frame: Frame<V>, precedes: (key: string) => boolean): number {
  let low = frame.at;
  let high = frame.items.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    const item = frame.items[middle];
    if (item !== undefined && precedes(item.key)) low = middle;
    else high = middle;
  }
  return low;
}

/** Refuses a node that is not what its parent says: E_CYCLE for one no lower, E_ENCODING for the rest. */
function assertFits<V>(subtree: Subtree, node: TreeNode<V>, end: string | undefined): void {
  const refuse = (why: string, code: 'E_ENCODING' | 'E_CYCLE' = 'E_ENCODING'): never => {
    const id = subtree.id.toString();
    throw new DvsError(code, `${id}: not the node that its parent describes: ${why}`, { about: [id] });
  };
  if (node.level > subtree.level) refuse(`level ${node.level} beneath level ${subtree.level + 1}`, 'E_CYCLE');
  if (node.level !== subtree.level) refuse(`level ${node.level} instead of ${subtree.level}`);
  if (node.items[0]?.key !== subtree.key) refuse('another first key');
  const last = node.items.at(-1);
  if (end !== undefined && last !== undefined && compareUtf8(last.key, end) >= 0) {
    refuse('keys that belong to the next node');
  }
  if (node.count !== subtree.count || node.bytes !== subtree.bytes) refuse('another count or byte sum');
}
