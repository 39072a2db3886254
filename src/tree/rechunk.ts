import { compareUtf8 } from '../base/bytes.js';
import type { CID } from '../id/cid.js';
import { Chunker, encodedEntry, type FinishedNode } from './chunker.js';
import type { Cursor } from './cursor.js';
import { type Item, isSubtree, type Subtree } from './node.js';
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

/**
 * Rewrites the nodes of one level that `edits` (in key order) touch, handing the new ones to `sink`, and
 * gives the edits that follow for the level above: old nodes that are gone and new ones, in key order.
 * `old` is a fresh cursor of the tree, or undefined for a level that it does not have.
 */
export async function rechunk<V>(
  schema: TreeSchema<V>,
  level: number,
  old: Cursor<V> | undefined,
  edits: Iterable<ItemEdit<V>>,
  sink: (node: FinishedNode) => Promise<void>,
): Promise<NodeEdit[]> {
  const rewriter = new Rewriter(schema, level, old, edits, sink);
  await rewriter.run();
  return rewriter.changes();
}

class Rewriter<V> {
  readonly #schema: TreeSchema<V>;
  readonly #level: number;
  readonly #old: Cursor<V> | undefined;
  readonly #edits: Iterator<ItemEdit<V>>;
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
    old: Cursor<V> | undefined,
    edits: Iterable<ItemEdit<V>>,
    sink: (node: FinishedNode) => Promise<void>,
  ) {
    this.#schema = schema;
    this.#level = level;
    this.#old = old;
    this.#edits = edits[Symbol.iterator]();
    this.#sink = sink;
    this.#chunker = new Chunker(schema.kind, level);
  }

  /**
   * The first node that an edit can alter is the one that holds the entry just before the edited key: where
   * a node ends depends on its own entries and on the size of the one that follows, and on nothing else.
   */
  async run(): Promise<void> {
    this.#nextEdit();
    while (this.#edit !== undefined) {
      const { key } = this.#edit;
      const start = await this.#old?.seek((first) => compareUtf8(first, key) < 0, this.#level);
      if (this.#old !== undefined && start !== undefined) await this.#rewrite(this.#old, start);
      else await this.#addEditsBefore(undefined);
      await this.#emit(this.#chunker.finish());
    }
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
      const { items } = await old.load(node);
      if (!edited && this.#beginsNode(items[0])) return;
      this.#retired.set(node.key, node.id);
      this.#changed.set(node.key, undefined);
      old.skip();
      node = await old.descend(this.#level);
      await this.#merge(items, node?.key);
      edited = node !== undefined && this.#edit?.key === node.key;
      if (!edited && this.#chunker.isEmpty) return;
    }
  }

  #beginsNode(item: Item<V> | undefined): boolean {
    return item !== undefined && this.#chunker.startsNode(encodedEntry(this.#schema, item).encoded.length);
  }

  /** Adds `items` with the edits among and after them, up to the key `end`. */
  async #merge(items: readonly Item<V>[], end: string | undefined): Promise<void> {
    for (const item of items) {
      await this.#addEditsBefore(item.key);
      if (this.#edit?.key === item.key) await this.#addEdit(this.#edit);
      else await this.#add(item);
    }
    await this.#addEditsBefore(end);
  }

  async #addEditsBefore(end: string | undefined): Promise<void> {
    while (this.#edit !== undefined && (end === undefined || compareUtf8(this.#edit.key, end) < 0)) {
      await this.#addEdit(this.#edit);
    }
  }

  async #addEdit(edit: ItemEdit<V>): Promise<void> {
    if (edit.item !== undefined) await this.#add(edit.item);
    this.#nextEdit();
  }

  #nextEdit(): void {
    const next = this.#edits.next();
    this.#edit = next.done === true ? undefined : next.value;
  }

  async #add(item: Item<V>): Promise<void> {
    const finished = this.#chunker.add(encodedEntry(this.#schema, item));
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
