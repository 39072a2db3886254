import type { CID } from '../id/cid.js';
import type { Value } from '../id/codec.js';

/** One leaf of a tree. */
export interface Entry<V> {
  readonly key: string;
  readonly value: V;
}

/** What makes a tree a tree of something: how one entry is written, and what a whole tree must satisfy. */
export interface TreeSchema<V> {
  /** The `kind` in every node. */
  readonly kind: string;
  /** The canonical form of an entry: a list whose first element is the key. Refuses what no tree may hold. */
  encodeLeaf(key: string, value: V): Value[];
  /** The strict inverse of `encodeLeaf`: E_ENCODING for anything that it does not write. */
  decodeLeaf(entry: Value): Entry<V>;
  /** What the entry adds to the byte sums of the tree. */
  bytes(value: V): number;
  equal(a: V, b: V): boolean;
  /** A fresh check of rules between entries, to be fed entries in key order; it throws at the first breach. */
  checker(): EntryChecker<V>;
}

export interface EntryChecker<V> {
  next(key: string, value: V): void;
}

/** Where nodes are read from. E_MISSING when it has no such node. */
export interface NodeSource {
  get(id: CID): Promise<Uint8Array>;
}

/** Where new nodes go; children always before their parents. */
export type NodeSink = (id: CID, bytes: Uint8Array) => void | Promise<void>;

/** What a tree is and how much is in it. */
export interface TreeSummary {
  readonly id: CID;
  readonly count: number;
  readonly bytes: number;
}

/** A finished tree. `level` is that of its root node: the tree has `level + 1` levels. */
export interface TreeRoot extends TreeSummary {
  readonly level: number;
}
