import { DvsError } from '../base/errors.js';
import { nodeId } from '../id/cid.js';
import { endsNode, MAX_ENTRY_BYTES, MIN_ENTRIES, overflows } from './boundary.js';
import { addExactly, encodeItem, encodeNode, type Item, isSubtree, type Subtree } from './node.js';
import type { TreeSchema } from './schema.js';

/** A node that is complete: its bytes, and the entry that its parent will have of it. */
export interface FinishedNode {
  readonly subtree: Subtree;
  readonly encoded: Uint8Array;
}

/** An entry on its way into a node. */
export interface EncodedEntry {
  readonly key: string;
  readonly encoded: Uint8Array;
  /** The leaf entries and bytes that it stands for. */
  readonly count: number;
  readonly bytes: number;
}

/** Makes `item` ready for a chunker of its level. `encoded`: its canonical bytes, where they are at hand. */
export function encodedEntry<V>(
  schema: TreeSchema<V>,
  item: Item<V>,
  encoded = encodeItem(schema, item),
): EncodedEntry {
  if (isSubtree(item)) return { key: item.key, encoded, count: item.count, bytes: item.bytes };
  return { key: item.key, encoded, count: 1, bytes: schema.bytes(item.value) };
}

/**
 * Cuts the entries of one level, in key order, into nodes. What follows a cut depends on nothing before it,
 * which is what lets an edit stop rewriting where an old cut and a new one meet.
 */
export class Chunker {
  readonly #kind: string;
  readonly #level: number;
  #entries: Uint8Array[] = [];
  #encodedBytes = 0;
  #firstKey = '';
  #count = 0;
  #bytes = 0;

  constructor(kind: string, level: number) {
    this.#kind = kind;
    this.#level = level;
  }

  /** True when nothing was added since the last cut. */
  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  /** True when an entry of `length` encoded bytes, coming next, begins a node. */
  startsNode(length: number): boolean {
    return this.isEmpty || overflows(this.#entries.length, this.#encodedBytes, length);
  }

  /**
   * Takes the next entry and gives the nodes that it completes. `isInner`: its key is known to end no node. E_LIMIT
   * when sums or the entry are too large.
   */
  add(entry: EncodedEntry, isInner = false): FinishedNode[] {
    const { key, encoded } = entry;
    if (encoded.length > MAX_ENTRY_BYTES / MIN_ENTRIES) {
      throw new DvsError('E_LIMIT', `an entry of ${encoded.length} bytes is too large for a tree node`);
    }
    const finished = this.startsNode(encoded.length) ? this.finish() : [];
    if (this.isEmpty) this.#firstKey = key;
    this.#entries.push(encoded);
    this.#encodedBytes += encoded.length;
    this.#count = addExactly(this.#count, entry.count);
    this.#bytes = addExactly(this.#bytes, entry.bytes);
    const mayEnd = this.#entries.length >= MIN_ENTRIES && !isInner;
    if (mayEnd && endsNode(this.#level, key)) finished.push(...this.finish());
    return finished;
  }

  /** Ends the open node, if there is one. */
  finish(): FinishedNode[] {
    return this.isEmpty ? [] : [this.#cut()];
  }

  #cut(): FinishedNode {
    const encoded = encodeNode(this.#kind, this.#level, this.#entries);
    const node: FinishedNode = {
      subtree: {
        key: this.#firstKey,
        id: nodeId(encoded),
        level: this.#level,
        count: this.#count,
        bytes: this.#bytes,
      },
      encoded,
    };
    this.#entries = [];
    this.#encodedBytes = 0;
    this.#count = 0;
    this.#bytes = 0;
    return node;
  }
}

/** The one node of the tree without entries. */
export function emptyNode(kind: string): FinishedNode {
  const encoded = encodeNode(kind, 0, []);
  return { subtree: { key: '', id: nodeId(encoded), level: 0, count: 0, bytes: 0 }, encoded };
}
