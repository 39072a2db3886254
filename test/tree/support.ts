import { createHash } from 'node:crypto';
import { compareUtf8 } from '#src/base/bytes.js';
import { DvsError, type ErrorCode } from '#src/base/errors.js';
import { type CID, nodeId } from '#src/id/cid.js';
import { encode, type Value } from '#src/id/codec.js';
import { buildTree } from '#src/tree/build.js';
import { entries } from '#src/tree/read.js';
import type { Entry, NodeSource, TreeRoot, TreeSchema } from '#src/tree/schema.js';

/** Nodes in memory, counting what is read and written. */
export class MemoryNodes implements NodeSource {
  readonly kept = new Map<string, Uint8Array>();
  reads = 0;
  written: string[] = [];

  async get(id: CID): Promise<Uint8Array> {
    this.reads += 1;
    const bytes = this.kept.get(id.toString());
    if (bytes === undefined) throw new DvsError('E_MISSING', `no node ${id.toString()}`);
    return bytes;
  }

  readonly sink = (id: CID, bytes: Uint8Array): void => {
    this.written.push(id.toString());
    this.kept.set(id.toString(), bytes);
  };

  /** Keeps any value as a node, however wrong. */
  put(value: Value): CID {
    const bytes = encode(value);
    const id = nodeId(bytes);
    this.kept.set(id.toString(), bytes);
    return id;
  }

  resetCounts(): void {
    this.reads = 0;
    this.written = [];
  }
}

/** A tree from text to text: `[key, value]`, of as many bytes as the value has characters. */
export const textSchema: TreeSchema<string> = {
  kind: 'text',
  encodeLeaf: (key, value) => [key, value],
  decodeLeaf(entry) {
    if (!Array.isArray(entry) || entry.length !== 2) throw new DvsError('E_ENCODING', 'not a pair');
    const [key, value] = entry;
    if (typeof key !== 'string' || typeof value !== 'string') throw new DvsError('E_ENCODING', 'not text');
    return { key, value };
  },
  bytes: (value) => value.length,
  equal: (a, b) => a === b,
  checker: () => ({ next: () => {} }),
};

export type Contents = ReadonlyMap<string, string>;

/** `contents` as the entries of a tree, in the order that trees need. */
export function sorted(contents: Contents): Entry<string>[] {
  return Array.from(contents, ([key, value]) => ({ key, value })).sort((a, b) => compareUtf8(a.key, b.key));
}

export function build(contents: Contents, nodes = new MemoryNodes()): Promise<TreeRoot> {
  return buildTree(textSchema, sorted(contents), nodes.sink);
}

/** A root with its ID as text, to be compared: IDs with equal bytes may hold them in different arrays. */
export function plain(root: TreeRoot): Omit<TreeRoot, 'id'> & { id: string } {
  return { ...root, id: root.id.toString() };
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

export async function contentsOf(nodes: MemoryNodes, root: CID): Promise<Map<string, string>> {
  const all = await collect(entries(textSchema, nodes, root));
  return new Map(all.map(({ key, value }) => [key, value]));
}

/** The first 32 bits of SHA-256(u8(level) ‖ key), on which node boundaries depend. */
export function boundaryHash(level: number, key: string): number {
  const input = Buffer.concat([Buffer.of(level), Buffer.from(key)]);
  return createHash('sha256').update(input).digest().readUInt32BE(0);
}

export const endsNode = (level: number, key: string): boolean => boundaryHash(level, key) < 2 ** 25;

/** The first of `stem-0`, `stem-1` … that `wanted` accepts. */
export function searchKey(stem: string, wanted: (key: string) => boolean): string {
  for (let nonce = 0; ; nonce++) {
    const key = `${stem}-${nonce}`;
    if (wanted(key)) return key;
  }
}

/** The power of two in `n`: 1, 3, 5 … have none; 2, 6, 10 … one. */
export function trailingZeros(n: number): number {
  return 31 - Math.clz32(n & -n);
}

/**
 * `count` ascending keys of which every second ends its node at level 0, every fourth at level 1, and so on:
 * with all of them every node has two entries, and a few hundred make a tree as high as trees get.
 */
export function steepKeys(count: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const stem = String(i).padStart(5, '0');
    return searchKey(stem, (key) => i === 0 || endsNode(trailingZeros(i), key));
  });
}

/** True for a DvsError with `code`, for `toSatisfy`. */
export function hasCode(code: ErrorCode): (error: unknown) => boolean {
  return (error) => error instanceof DvsError && error.code === code;
}
