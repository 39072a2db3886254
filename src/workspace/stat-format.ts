import { compareBytes, concatBytes, fromUtf8, utf8 } from '../base/bytes.js';
import { DIGEST_LENGTH, type Digest } from '../id/hash.js';
import type { FileStat } from './file-stat.js';
import type { Ignored } from './ignore/count.js';

/**
 * The stat cache of one tracked path:
 *
 *     header   "dvsstat4", u16 length and bytes of the tracked path
 *     entries  u8 type, u16 length of path, path; for a file or link the digest; for a file or folder u64 size,
 *              i64 mtime, i64 ctime, u64 inode
 *     trailer  u8 0, u8 with 1 if every folder has an entry and 2 if every file and link has one, u64 files and
 *              links in the dataset, u64 bytes of them, u32 packs that had been lost when it was put together and
 *              stored or 2³²−1, digest of the dataset's ID, digest of the rules from above by which it was gone through,
 *              u64 ignored files and u64 folders, SHA-256 of all before
 *
 * Entries come in byte order of their paths, a folder before what is in it and the tracked one, with an empty path,
 * before all. Numbers are little-endian, times in nanoseconds. The digest of a link is that of its target.
 */
const MAGIC = utf8('dvsstat4');
const END = 0;
export const FILE = 1;
const LINK = 2;
export const FOLDER = 3;
export const HEAD_LENGTH = 3;
export const STAT_LENGTH = 32;
const MAX_PATH_LENGTH = 4096;

export const MAX_ENTRY_LENGTH = HEAD_LENGTH + MAX_PATH_LENGTH + DIGEST_LENGTH + STAT_LENGTH;
/** Without the checksum. */
const TRAILER_LENGTH = 2 + 8 + 8 + 4 + 2 * DIGEST_LENGTH + 8 + 8;
const RULES_AT = 2 + 8 + 8 + 4 + DIGEST_LENGTH;
const IGNORED_AT = RULES_AT + DIGEST_LENGTH;

export interface StatEntry {
  readonly path: string;
  readonly digest: Digest;
  /** Undefined for a link. */
  readonly stat: FileStat | undefined;
}

/** An entry and where it stands. */
export interface PlacedEntry extends StatEntry {
  readonly at: number;
  readonly length: number;
}

export interface FolderEntry {
  readonly path: string;
  readonly digest: undefined;
  readonly stat: FileStat;
}

/** Where bytes come from, one stretch after the other; undefined at their end. A stretch is valid until the next. */
export interface ByteSource {
  /** Where the next stretch begins. */
  readonly position: number;
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
export function putEntry(
  target: Buffer,
  at: number,
  { path, digest, stat }: StatEntry | FolderEntry,
): number {
  const length = target.write(path, at + HEAD_LENGTH, MAX_PATH_LENGTH, 'utf8');
  target.writeUInt8(digest === undefined ? FOLDER : stat === undefined ? LINK : FILE, at);
  target.writeUInt16LE(length, at + 1);
  let end = at + HEAD_LENGTH + length;
  if (digest !== undefined) {
    target.set(digest, end);
    end += DIGEST_LENGTH;
  }
  if (stat === undefined) return end;
  target.writeBigUInt64LE(BigInt(stat.size), end);
  // Times beyond the years 1678 to 2262 come out as others, and so match nothing.
  target.writeBigInt64LE(BigInt.asIntN(64, stat.mtimeNs), end + 8);
  target.writeBigInt64LE(BigInt.asIntN(64, stat.ctimeNs), end + 16);
  target.writeBigUInt64LE(stat.ino, end + 24);
  return end + STAT_LENGTH;
}

/** What follows the path in an entry of this type. */
export function restLength(type: number | undefined): number {
  if (type === FILE) return DIGEST_LENGTH + STAT_LENGTH;
  return type === LINK ? DIGEST_LENGTH : STAT_LENGTH;
}

/** Takes the next entry of a file or link; undefined after the last. */
export function takeEntry(source: ByteSource): PlacedEntry | undefined {
  for (;;) {
    const head = source.take(HEAD_LENGTH);
    if (head === undefined) return undefined;
    const type = head.readUInt8(0);
    if (type !== FILE && type !== LINK && type !== FOLDER) return undefined;
    const pathLength = head.readUInt16LE(1);
    const body = source.take(pathLength + restLength(type));
    if (type === FOLDER) continue;
    const path = body && fromUtf8(body.subarray(0, pathLength));
    if (body === undefined || path === undefined) return undefined;
    const digest = new Uint8Array(body.subarray(pathLength, pathLength + DIGEST_LENGTH));
    const stat = type === FILE ? statAt(body, pathLength + DIGEST_LENGTH) : undefined;
    const length = HEAD_LENGTH + body.length;
    return { path, digest, stat, at: source.position - length, length };
  }
}

/** Takes the next entry of a file or link; whether it is that of `path`, whose bytes are one a character. */
export function takePath(source: ByteSource, path: string): boolean {
  for (;;) {
    const head = source.take(HEAD_LENGTH);
    if (head === undefined || head[0] === END) return false;
    const type = head[0];
    const length = head.readUInt16LE(1);
    const body = source.take(length + restLength(type));
    if (type !== FOLDER) return length === path.length && body?.toString('latin1', 0, length) === path;
  }
}

/** The stat at `at`, where `STAT_LENGTH` bytes of an entry have it. */
export function statAt(bytes: Buffer, at: number): FileStat {
  return {
    size: Number(bytes.readBigUInt64LE(at)),
    mtimeNs: bytes.readBigInt64LE(at + 8),
    ctimeNs: bytes.readBigInt64LE(at + 16),
    ino: bytes.readBigUInt64LE(at + 24),
  };
}

/** The dataset that the files of a tracked path were. */
export interface KnownDataset {
  /** Of the dataset's ID. */
  readonly digest: Digest;
  /** Files and links in it, of which not all need to have an entry. */
  readonly count: number;
  /** Of all its files. */
  readonly bytes: number;
  /**
   * Undefined unless an `add` put the dataset together of its files and saw to it that the store had them all: how
   * many packs the store had lost by then.
   */
  readonly lostPacks: number | undefined;
}

const NOT_ADDED = 2 ** 32 - 1;

const HAS_FOLDERS = 1;
const HAS_FILES = 2;

export interface StatTrailer {
  /** Every folder, also an empty one, has an entry: as long as none changed, there are no other names. */
  readonly hasFolders: boolean;
  /** Every file and link in the dataset has an entry. */
  readonly hasFiles: boolean;
  readonly dataset: KnownDataset;
  /** Of the rules that came from the folders above: see `RulesAbove`. */
  readonly rules: Digest;
  readonly ignored: Ignored;
}

export const CHECKED_TRAILER_LENGTH = TRAILER_LENGTH + DIGEST_LENGTH;

/** The trailer without the checksum that follows it. */
export function encodeTrailer({ hasFolders, hasFiles, dataset, rules, ignored }: StatTrailer): Uint8Array {
  const bytes = Buffer.alloc(TRAILER_LENGTH);
  bytes.writeUInt8(END, 0);
  bytes.writeUInt8((hasFolders ? HAS_FOLDERS : 0) | (hasFiles ? HAS_FILES : 0), 1);
  bytes.writeBigUInt64LE(BigInt(dataset.count), 2);
  bytes.writeBigUInt64LE(BigInt(dataset.bytes), 10);
  bytes.writeUInt32LE(dataset.lostPacks ?? NOT_ADDED, 18);
  bytes.set(dataset.digest, 22);
  bytes.set(rules, RULES_AT);
  bytes.writeBigUInt64LE(BigInt(ignored.files), IGNORED_AT);
  bytes.writeBigUInt64LE(BigInt(ignored.folders), IGNORED_AT + 8);
  return bytes;
}

export function decodeTrailer(bytes: Buffer): StatTrailer {
  const flags = bytes.readUInt8(1);
  const lostPacks = bytes.readUInt32LE(18);
  return {
    hasFolders: (flags & HAS_FOLDERS) !== 0,
    hasFiles: (flags & HAS_FILES) !== 0,
    dataset: {
      count: Number(bytes.readBigUInt64LE(2)),
      bytes: Number(bytes.readBigUInt64LE(10)),
      lostPacks: lostPacks === NOT_ADDED ? undefined : lostPacks,
      digest: new Uint8Array(bytes.subarray(22, 22 + DIGEST_LENGTH)),
    },
    rules: new Uint8Array(bytes.subarray(RULES_AT, RULES_AT + DIGEST_LENGTH)),
    ignored: {
      files: Number(bytes.readBigUInt64LE(IGNORED_AT)),
      folders: Number(bytes.readBigUInt64LE(IGNORED_AT + 8)),
    },
  };
}
