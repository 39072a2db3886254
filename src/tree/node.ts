import { compareUtf8, concatBytes } from '../base/bytes.js';
import { DvsError } from '../base/errors.js';
import { LIMITS } from '../base/limits.js';
import { assertMatches, CID, DAG_CBOR } from '../id/cid.js';
import { decode, encode, inNode, type Value } from '../id/codec.js';
import { endOfItem } from '../id/scan.js';
import { MAX_ENTRIES, MAX_ENTRY_BYTES } from './boundary.js';
import { FORMAT_VERSION, openKind } from './envelope.js';
import type { Entry, NodeSource, TreeRoot, TreeSchema } from './schema.js';

/** A node seen from above: the entry that its parent has of it. */
export interface Subtree extends TreeRoot {
  /** The first key below; '' for the root of the empty tree. */
  readonly key: string;
}

/** What nodes hold: leaf entries at level 0, subtrees of the level beneath at the others. */
export type Item<V> = Entry<V> | Subtree;

export interface TreeNode<V> {
  /** Its canonical bytes. */
  readonly encoded: Uint8Array;
  readonly level: number;
  readonly items: readonly Item<V>[];
  readonly count: number;
  readonly bytes: number;
}

export function isSubtree<V>(item: Item<V>): item is Subtree {
  return 'id' in item;
}

/** The canonical bytes of one entry of a node. */
export function encodeItem<V>(schema: TreeSchema<V>, item: Item<V>): Uint8Array {
  return encode(
    isSubtree(item) ? [item.key, item.id, item.count, item.bytes] : schema.encodeLeaf(item.key, item.value),
  );
}

/**
 * The canonical bytes of a node from those of its entries. `entries` sorts last in DAG-CBOR's order (shorter
 * keys first), so a node is a constant beginning, the length of the list, and the entries as they are.
 */
export function encodeNode(kind: string, level: number, entries: readonly Uint8Array[]): Uint8Array {
  return concatBytes([nodeHead(kind, level, entries.length), ...entries]);
}

/** The canonical bytes of each entry of a node: the same that `encodeItem` gives. */
export function encodedItems<V>(kind: string, { encoded, level, items }: TreeNode<V>): Uint8Array[] {
  let at = nodeHead(kind, level, items.length).length;
  return items.map(() => {
    const start = at;
    at = endOfItem(encoded, start);
    return encoded.subarray(start, at);
  });
}

function nodeHead(kind: string, level: number, count: number): Uint8Array {
  const empty = encode({ dvs: FORMAT_VERSION, kind, level, entries: [] });
  return concatBytes([empty.subarray(0, -1), listHead(count)]);
}

function listHead(count: number): Uint8Array {
  if (count < 24) return Uint8Array.of(0x80 | count);
  if (count < 256) return Uint8Array.of(0x98, count);
  return Uint8Array.of(0x99, count >> 8, count & 255);
}

/**
 * Fetches one node and reads it strictly. E_CID_MISMATCH when its bytes are not what the ID says, E_ENCODING,
 * E_LIMIT or E_FORMAT when they are no node of this schema.
 */
export async function readNode<V>(schema: TreeSchema<V>, source: NodeSource, id: CID): Promise<TreeNode<V>> {
  if (id.code !== DAG_CBOR)
    throw new DvsError('E_CID', `${id.toString()} is the ID of a content, not of a node`);
  const bytes = await source.get(id);
  assertMatches(id, bytes);
  return inNode(id, () => decodeNode(schema, bytes));
}

/** Refuses (E_ENCODING) a root above the lowest level that has one node. */
export function assertRoot<V>(id: CID, node: TreeNode<V>): void {
  if (node.level > 0 && node.items.length < 2) {
    throw new DvsError('E_ENCODING', `${id.toString()}: a root above level 0 has at least two entries`);
  }
}

/** Reads the canonical bytes of a node. E_ENCODING, E_LIMIT or E_FORMAT as `parseNode`. */
export function decodeNode<V>(schema: TreeSchema<V>, bytes: Uint8Array): TreeNode<V> {
  return parseEncoded(schema, decode(bytes), bytes);
}

/**
 * Reads a decoded node: exactly its four keys, a sane level, at most 1,024 entries and 64 KiB of them, keys
 * strictly ascending, entries only missing from the empty tree. E_ENCODING, E_LIMIT or E_FORMAT otherwise.
 */
export function parseNode<V>(schema: TreeSchema<V>, value: Value): TreeNode<V> {
  return parseEncoded(schema, value, encode(value));
}

function parseEncoded<V>(schema: TreeSchema<V>, value: Value, encoded: Uint8Array): TreeNode<V> {
  const map = openKind(value, schema.kind);
  const { level, entries } = map;
  if (Object.keys(map).length !== 4) throw malformed('it has other keys than dvs, kind, level and entries');
  if (!isCount(level)) throw malformed('its level is no level');
  if (level > LIMITS.treeLevels) throw new DvsError('E_LIMIT', `a tree of ${level} levels is too high`);
  if (!Array.isArray(entries)) throw malformed('its entries are no list');
  if (entries.length === 0 && level > 0) throw malformed('only the empty tree has no entries');
  const entryBytes = encoded.length - nodeHead(schema.kind, level, entries.length).length;
  if (entries.length > MAX_ENTRIES || entryBytes > MAX_ENTRY_BYTES) {
    throw new DvsError('E_LIMIT', `a node of ${entries.length} entries in ${entryBytes} bytes is too large`);
  }
  const items = entries.map((entry) =>
    level === 0 ? schema.decodeLeaf(entry) : decodeSubtree(level - 1, entry),
  );
  assertAscending(items);
  return { encoded, level, items, ...sums(schema, items) };
}

function decodeSubtree(level: number, entry: Value): Subtree {
  if (!Array.isArray(entry) || entry.length !== 4) throw malformed('an inner entry is no list of four');
  const [key, id, count, bytes] = entry;
  if (typeof key !== 'string') throw malformed('a key is no text');
  if (!(id instanceof CID) || id.code !== DAG_CBOR) throw malformed('an inner entry links to no node');
  if (!isCount(count) || count < 1 || !isCount(bytes)) throw malformed('an inner entry has impossible sums');
  return { key, id, level, count, bytes };
}

function assertAscending(items: readonly { key: string }[]): void {
  let previous: string | undefined;
  for (const { key } of items) {
    if (previous !== undefined && compareUtf8(previous, key) >= 0) throw malformed('its keys do not ascend');
    previous = key;
  }
}

/** Leaf entries and bytes below `items`. E_LIMIT beyond 2⁵³−1. */
function sums<V>(schema: TreeSchema<V>, items: readonly Item<V>[]): { count: number; bytes: number } {
  let count = 0;
  let bytes = 0;
  for (const item of items) {
    count = addExactly(count, isSubtree(item) ? item.count : 1);
    bytes = addExactly(bytes, isSubtree(item) ? item.bytes : schema.bytes(item.value));
  }
  return { count, bytes };
}

/** The sum of two counts. E_LIMIT where numbers stop being exact, at 2⁵³. */
export function addExactly(a: number, b: number): number {
  const sum = a + b;
  if (!Number.isSafeInteger(sum))
    throw new DvsError('E_LIMIT', 'a tree holds more than 2⁵³−1 bytes or entries');
  return sum;
}

function isCount(value: Value | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function malformed(why: string): DvsError {
  return new DvsError('E_ENCODING', `malformed tree node: ${why}`);
}

/** The node as its parent will name it. */
export function subtreeOf<V>(id: CID, node: TreeNode<V>): Subtree {
  return { key: node.items[0]?.key ?? '', id, level: node.level, count: node.count, bytes: node.bytes };
}
