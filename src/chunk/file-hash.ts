import { keyedBlake3 } from './hash.js';

/** A chunk, or what a group of them was merged into: its hash and how many bytes it covers. */
interface Node {
  readonly hash: Uint8Array;
  readonly length: number;
}

interface Level {
  /** The nodes of the group in hand. */
  group: Node[];
  /** Nodes seen on this level, those of closed groups included. */
  count: number;
}

/** Xet's published key for the hashes of inner nodes (INTERNAL_NODE_HASH in xet-core). */
const NODE_KEY = Buffer.from('017ec5c7a5472996fd946666b48a02e65ddd536f37c76dd2f86352e64a53713f', 'hex');
const FILE_KEY = Buffer.alloc(32);

const SMALLEST_GROUP = 3;
const LARGEST_GROUP = 9;

/**
 * The Xet hash of a file from its chunks in order: a Merkle tree whose groups end where a hash says so, then
 * a keyed hash of its root. Holds no more than one group a level, however many chunks there are.
 * Source: https://huggingface.co/docs/xet/hashing, `aggregated_hashes.rs` in xet-core.
 */
export class FileHasher {
  readonly #levels: Level[] = [];

  /** Takes the next chunk: its hash (`chunkHash`) and its length in bytes. */
  add(hash: Uint8Array, length: number): this {
    this.#push(0, { hash, length });
    return this;
  }

  /** The hash of the file, 32 bytes; all zero for a file without chunks. To be called once, at the end. */
  digest(): Uint8Array {
    for (let index = 0; ; index++) {
      const level = this.#levels[index];
      if (level === undefined) return Buffer.alloc(32);
      const [first] = level.group;
      if (first !== undefined && level.count === 1) return keyedBlake3(FILE_KEY, first.hash);
      if (first !== undefined) this.#close(index, level);
    }
  }

  #push(index: number, node: Node): void {
    let level = this.#levels[index];
    if (level === undefined) {
      level = { group: [], count: 0 };
      this.#levels.push(level);
    }
    const size = level.group.push(node);
    level.count++;
    if (size === LARGEST_GROUP || (size >= SMALLEST_GROUP && endsGroup(node.hash))) this.#close(index, level);
  }

  #close(index: number, level: Level): void {
    const node = merged(level.group);
    level.group = [];
    this.#push(index + 1, node);
  }
}

/** The Xet hash of a file, 32 bytes, from all its chunks in order. */
export function fileHash(chunks: Iterable<Node>): Uint8Array {
  const hasher = new FileHasher();
  for (const { hash, length } of chunks) hasher.add(hash, length);
  return hasher.digest();
}

/** A hash as Xet writes it: four little-endian numbers of 64 bits, each in 16 hexadecimal digits. */
export function xetHex(hash: Uint8Array): string {
  return Buffer.from(hash).swap64().toString('hex');
}

/** One hash in four ends a group: its last 64-bit number is divisible by four. */
function endsGroup(hash: Uint8Array): boolean {
  return (hash[24] ?? 0) % 4 === 0;
}

function merged(group: readonly Node[]): Node {
  const lines = group.map(({ hash, length }) => `${xetHex(hash)} : ${length}\n`);
  return {
    hash: keyedBlake3(NODE_KEY, Buffer.from(lines.join(''))),
    length: group.reduce((sum, { length }) => sum + length, 0),
  };
}
