import type { BigIntStats } from 'node:fs';
import { compareBytes, concatBytes, fromUtf8, utf8 } from '../base/bytes.js';
import { DIGEST_LENGTH, type Digest } from '../id/hash.js';
import type { FileStat } from './file-stat.js';

/**
 * The stat cache of one tracked path:
 *
 *     header   "dvsstat1", u16 length and bytes of the tracked path
 *     entries  u8 type, u16 length of path, path, digest; for a file u64 size, i64 mtime, i64 ctime, u64 inode
 *     trailer  u8 0, u64 files and links in the dataset, digest of the dataset's ID, SHA-256 of all before
 *
 * Entries come in byte order of their paths, numbers are little-endian, times in nanoseconds. The digest of a
 * link is that of its target.
 */
const MAGIC = utf8('dvsstat1');
const END = 0;
const FILE = 1;
const LINK = 2;
const HEAD_LENGTH = 3;
const STAT_LENGTH = 32;
const MAX_PATH_LENGTH = 4096;

export const MAX_ENTRY_LENGTH = HEAD_LENGTH + MAX_PATH_LENGTH + DIGEST_LENGTH + STAT_LENGTH;
/** Without the checksum. */
const TRAILER_LENGTH = 1 + 8 + DIGEST_LENGTH;

export interface StatEntry {
  readonly path: string;
  readonly digest: Digest;
  /** Undefined for a link. */
  readonly stat: FileStat | undefined;
}

/** Where bytes come from, one stretch after the other; undefined at their end. A stretch is valid until the next. */
export interface ByteSource {
  take(length: number): Buffer | undefined;
}

export function encodeHeader(tracked: string): Uint8Array {
  const path = utf8(tracked);
  const length = Buffer.alloc(2);
  length.writeUInt16LE(path.length);
  return concatBytes([MAGIC, length, path]);
}

/** Takes the header; false unless it is that of `tracked`. */
export function takeHeader(source: ByteSource, tracked: string): boolean {
  const wanted = encodeHeader(tracked);
  const found = source.take(wanted.length);
  return found !== undefined && compareBytes(found, wanted) === 0;
}

/** Writes an entry at `at`, where `MAX_ENTRY_LENGTH` bytes must be free; returns where it ends. */
export function putEntry(target: Buffer, at: number, { path, digest, stat }: StatEntry): number {
  const length = target.write(path, at + HEAD_LENGTH, MAX_PATH_LENGTH, 'utf8');
  target.writeUInt8(stat === undefined ? LINK : FILE, at);
  target.writeUInt16LE(length, at + 1);
  let end = at + HEAD_LENGTH + length;
  target.set(digest, end);
  end += DIGEST_LENGTH;
  if (stat === undefined) return end;
  target.writeBigUInt64LE(BigInt(stat.size), end);
  // Times beyond the years 1678 to 2262 come out as others, and so match nothing.
  target.writeBigInt64LE(BigInt.asIntN(64, stat.mtimeNs), end + 8);
  target.writeBigInt64LE(BigInt.asIntN(64, stat.ctimeNs), end + 16);
  target.writeBigUInt64LE(stat.ino, end + 24);
  return end + STAT_LENGTH;
}

/** Takes the next entry; undefined after the last. */
export function takeEntry(source: ByteSource): StatEntry | undefined {
  const head = source.take(HEAD_LENGTH);
  if (head === undefined) return undefined;
  const type = head.readUInt8(0);
  if (type !== FILE && type !== LINK) return undefined;
  const length = head.readUInt16LE(1);
  const body = source.take(length + DIGEST_LENGTH + (type === FILE ? STAT_LENGTH : 0));
  const path = body && fromUtf8(body.subarray(0, length));
  if (body === undefined || path === undefined) return undefined;
  const digest = new Uint8Array(body.subarray(length, length + DIGEST_LENGTH));
  return { path, digest, stat: type === FILE ? statAt(body, length + DIGEST_LENGTH) : undefined };
}

/**
 * Copies the next entry to `at`, where `MAX_ENTRY_LENGTH` bytes must be free, if it is that of `path` (whose
 * bytes are one a character); returns where it ends.
 */
export function copyEntry(source: ByteSource, path: string, target: Buffer, at: number): number | undefined {
  const head = source.take(HEAD_LENGTH);
  if (head === undefined) return undefined;
  const type = head[0];
  const length = head.readUInt16LE(1);
  if (type === END || length !== path.length || length > MAX_PATH_LENGTH) return undefined;
  head.copy(target, at);
  const body = source.take(length + DIGEST_LENGTH + (type === FILE ? STAT_LENGTH : 0));
  if (body === undefined || body.toString('latin1', 0, length) !== path) return undefined;
  return at + HEAD_LENGTH + body.copy(target, at + HEAD_LENGTH);
}

/** One of the entries that `copyEntry` put side by side, taken apart only as far as needed. */
export class EntryView {
  readonly #bytes: Buffer;
  readonly #at: number;
  readonly #digestAt: number;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.#at = at;
    this.#digestAt = at + HEAD_LENGTH + bytes.readUInt16LE(at + 1);
  }

  get isFile(): boolean {
    return this.#bytes[this.#at] === FILE;
  }

  get path(): string {
    return this.#bytes.toString('utf8', this.#at + HEAD_LENGTH, this.#digestAt);
  }

  get digest(): Digest {
    return this.#bytes.subarray(this.#digestAt, this.#digestAt + DIGEST_LENGTH);
  }

  /** Where the next entry begins. */
  get end(): number {
    return this.#digestAt + DIGEST_LENGTH + (this.isFile ? STAT_LENGTH : 0);
  }

  /** Whether a file is what its entry says. */
  hasStat({ size, mtimeNs, ctimeNs, ino }: Pick<BigIntStats, keyof FileStat>): boolean {
    const at = this.#digestAt + DIGEST_LENGTH;
    return (
      this.#bytes.readBigUInt64LE(at) === size &&
      this.#bytes.readBigInt64LE(at + 8) === mtimeNs &&
      this.#bytes.readBigInt64LE(at + 16) === ctimeNs &&
      this.#bytes.readBigUInt64LE(at + 24) === ino
    );
  }
}

function statAt(bytes: Buffer, at: number): FileStat {
  return {
    size: Number(bytes.readBigUInt64LE(at)),
    mtimeNs: bytes.readBigInt64LE(at + 8),
    ctimeNs: bytes.readBigInt64LE(at + 16),
    ino: bytes.readBigUInt64LE(at + 24),
  };
}

export interface StatTrailer {
  /** Files and links in the dataset, of which not all need to have an entry. */
  readonly total: number;
  /** Of the dataset's ID. */
  readonly dataset: Digest;
}

export const CHECKED_TRAILER_LENGTH = TRAILER_LENGTH + DIGEST_LENGTH;

/** The trailer without the checksum that follows it. */
export function encodeTrailer({ total, dataset }: StatTrailer): Uint8Array {
  const bytes = Buffer.alloc(TRAILER_LENGTH);
  bytes.writeUInt8(END, 0);
  bytes.writeBigUInt64LE(BigInt(total), 1);
  bytes.set(dataset, 9);
  return bytes;
}

export function decodeTrailer(bytes: Buffer): StatTrailer {
  return {
    total: Number(bytes.readBigUInt64LE(1)),
    dataset: new Uint8Array(bytes.subarray(9, 9 + DIGEST_LENGTH)),
  };
}
