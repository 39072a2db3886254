import { compareUtf8 } from '../base/bytes.js';
import type { CID } from '../id/cid.js';
import { Chunker, type EncodedEntry, encodedEntry, type FinishedNode } from './chunker.js';
import type { Cursor } from './cursor.js';
import { encodedItems, type Item, isSubtree, type Subtree, type TreeNode } from './node.js';
import type { TreeSchema } from './schema.js';

/** What becomes of one key of a level: another item, or none. */
export interface ItemEdit<V> {
  readonly key: string;
  readonly item: Item<V> | undefined;
}

/** What becomes of one node of a level, as an edit of the level above: its first key now leads to this. */
export interface NodeEdit {
  readonly key: string;
  readonly item: Subtree | undefined;
}

/** What becomes of one level of a tree. */
export interface LevelEdits<V> {
  /** A fresh cursor of the tree; undefined for a level that it does not have. */
  readonly cursor?: Cursor<V>;
  /** In key order. */
  readonly edits: Iterable<ItemEdit<V>> | AsyncIterable<ItemEdit<V>>;
  /** Told of each edit of an entry, with the value that it had. */
  readonly told?: (before: V | undefined, edit: ItemEdit<V>) => void;
}

/**
 * Rewrites the nodes of one level that the edits touch, handing the new ones to `sink`, and gives the edits
 * that follow for the level above: old nodes that are gone and new ones, in key order.
 */
export async function rechunk<V>(
  schema: TreeSchema<V>,
  level: number,
  edits: LevelEdits<V>,
  sink: (node: FinishedNode) => Promise<void>,
): Promise<NodeEdit[]> {
  const rewriter = new Rewriter(schema, level, edits, sink);
  try {
    await rewriter.run();
  } finally {
    await rewriter.end();
  }
  return rewriter.changes();
}

class Rewriter<V> {
  readonly #schema: TreeSchema<V>;
  readonly #level: number;
  readonly #old: Cursor<V> | undefined;
  readonly #edits: Iterator<ItemEdit<V>> | AsyncIterator<ItemEdit<V>>;
  readonly #told: LevelEdits<V>['told'];
  readonly #sink: (node: FinishedNode) => Promise<void>;
  readonly #chunker: Chunker;
  /** The old nodes rewritten so far, by their first key. */
  readonly #retired = new Map<string, CID>();
  /** First keys whose node is now another or (undefined) gone. */
  readonly #changed = new Map<string, Subtree | undefined>();
  #edit: ItemEdit<V> | undefined;

  constructor(
    schema: TreeSchema<V>,
    level: number,
    { cursor, edits, told }: LevelEdits<V>,
    sink: (node: FinishedNode) => Promise<void>,
  ) {
    this.#schema = schema;
    this.#level = level;
    this.#old = cursor;
    this.#edits = Symbol.asyncIterator in edits ? edits[Symbol.asyncIterator]() : edits[Symbol.iterator]();
    this.#told = told;
    this.#sink = sink;
    this.#chunker = new Chunker(schema.kind, level);
  }

  /**
   * The first node that an edit can alter is the one that holds the entry just before the edited key: where
   * a node ends depends on its own entries and on the size of the one that follows, and on nothing else.
   */
  async run(): Promise<void> {
    await this.#nextEdit();
    while (this.#edit !== undefined) {
      const { key } = this.#edit;
      const start = await this.#old?.seek((first) => compareUtf8(first, key) < 0, this.#level);
      if (this.#old !== undefined && start !== undefined) await this.#rewrite(this.#old, start);
      else await this.#addEditsBefore(undefined);
      await this.#emit(this.#chunker.finish());
    }
  }

  /** Lets go of edits that are left when something failed. */
  async end(): Promise<void> {
    await this.#edits.return?.();
  }

  changes(): NodeEdit[] {
    const edits = Array.from(this.#changed, ([key, item]) => ({ key, item }));
    return edits.sort((a, b) => compareUtf8(a.key, b.key));
  }

  /** Rewrites from the node `start` until a new node begins where an old one does and no edit concerns it. */
  async #rewrite(old: Cursor<V>, start: Item<V>): Promise<void> {
    let node: Item<V> | undefined = start;
    let edited = true;
    while (node !== undefined && isSubtree(node)) {
      const loaded = await old.load(node);
      if (!edited && this.#beginsNode(loaded.items[0])) return;
      this.#retired.set(node.key, node.id);
      this.#changed.set(node.key, undefined);
      old.skip();
      node = await old.descend(this.#level);
      await this.#merge(loaded, node?.key);
      edited = node !== undefined && this.#edit?.key === node.key;
      if (!edited && this.#chunker.isEmpty) return;
    }
  }

  #beginsNode(item: Item<V> | undefined): boolean {
    return item !== undefined && this.#chunker.startsNode(encodedEntry(this.#schema, item).encoded.length);
  }

  /** Adds the items of `node` with the edits among and after them, up to the key `end`. */
  async #merge(node: TreeNode<V>, end: string | undefined): Promise<void> {
    const { items } = node;
    const encoded = encodedItems(this.#schema.kind, node);
    for (const [i, item] of items.entries()) {
      await this.#addEditsBefore(item.key);
      if (this.#edit?.key === item.key) await this.#addEdit(this.#edit, item);
      else {
        // Between the first, which ends no node by its key, and the last an item would have ended the old node.
        const isInner = i > 0 && i < items.length - 1;
        await this.#add(encodedEntry(this.#schema, item, encoded[i]), isInner);
      }
    }
    await this.#addEditsBefore(end);
  }

  async #addEditsBefore(end: string | undefined): Promise<void> {
    while (this.#edit !== undefined && (end === undefined || compareUtf8(this.#edit.key, end) < 0)) {
      await this.#addEdit(this.#edit);
    }
  }

  async #addEdit(edit: ItemEdit<V>, before?: Item<V>): Promise<void> {
    this.#told?.(before === undefined || isSubtree(before) ? undefined : before.value, edit);
    if (edit.item !== undefined) await this.#add(encodedEntry(this.#schema, edit.item));
    await this.#nextEdit();
  }

  async #nextEdit(): Promise<void> {
    const next = await this.#edits.next();
    this.#edit = next.done === true ? undefined : next.value;
  }

  async #add(entry: EncodedEntry, isInner = false): Promise<void> {
    const finished = this.#chunker.add(entry, isInner);
    if (finished.length > 0) await this.#emit(finished);
  }

  async #emit(finished: readonly FinishedNode[]): Promise<void> {
    for (const node of finished) {
      const { key, id } = node.subtree;
      if (this.#retired.get(key)?.equals(id)) {
        this.#changed.delete(key);
      } else {
        this.#changed.set(key, node.subtree);
        await this.#sink(node);
      }
    }
  }
}
