import { crc32 } from 'node:zlib';
import { asBuffer, fromUtf8 } from '../base/bytes.js';
import { KiB, MiB } from '../base/limits.js';
import { type Bytes, stretch } from './byte-reader.js';
import { MAX_EXPANSION, unpackedBytes } from './deflate.js';
import type { FileBytes } from './file-bytes.js';
import { Unreadable } from './unreadable.js';
import { findDirectory, type ZipDirectory } from './zip-end.js';

const MAX_DIRECTORY = 4 * MiB;
const ENTRY = 0x02014b50;
const ENTRY_LENGTH = 46;
const HEAD = 0x04034b50;
const HEAD_LENGTH = 30;
const ENCRYPTED = 1;
const STORED = 0;
const DEFLATED = 8;
const ZIP64 = 1;
const IN_ZIP64 = 0xffffffff;
const PIECE = 64 * KiB;

/** A file in a zip. */
export interface ZipMember {
  readonly name: string;
  /** Of its bytes as they were before they were packed. */
  readonly size: number;
  readonly isPacked: boolean;
  /** Its bytes; all of them are checked when they are streamed. Throws `Unreadable`. */
  readonly bytes: Bytes;
}

interface Entry {
  readonly name: string;
  readonly isPacked: boolean;
  readonly crc: number;
  readonly size: number;
  readonly packedSize: number;
  readonly at: number;
}

/**
 * The files in a zip (APPNOTE 6.3.10; Zip64 too), stored or deflated, of which there may be `maxMembers`. Throws
 * `Unreadable` for what is broken, encrypted, packed otherwise, or where two of them share bytes or a name.
 */
export async function readZip(file: FileBytes, maxMembers: number): Promise<ZipMember[]> {
  const directory = await findDirectory(file);
  if (directory.count > maxMembers) {
    throw new Unreadable(`it holds ${directory.count} members; no more than ${maxMembers} can be read`);
  }
  if (directory.length > MAX_DIRECTORY) throw new Unreadable('its list of members is too long');
  const entries = entriesOf(asBuffer(await file.range(directory.at, directory.length)), directory);
  let free = 0;
  const members: ZipMember[] = [];
  for (const entry of entries.toSorted((a, b) => a.at - b.at)) {
    const start = await startOf(file, entry);
    if (entry.at < free) throw new Unreadable(`its member ${entry.name} begins within another one`);
    free = start + entry.packedSize;
    if (free > directory.at) throw new Unreadable(`its member ${entry.name} breaks off`);
    members.push(memberOf(file, entry, start));
  }
  if (new Set(members.map(({ name }) => name)).size < members.length) {
    throw new Unreadable('two of its members have one name');
  }
  return members;
}

function entriesOf(bytes: Buffer, { count }: ZipDirectory): Entry[] {
  const entries: Entry[] = [];
  let at = 0;
  while (entries.length < count) {
    if (at + ENTRY_LENGTH > bytes.length || bytes.readUInt32LE(at) !== ENTRY) throw brokenList();
    const nameEnd = at + ENTRY_LENGTH + bytes.readUInt16LE(at + 28);
    const extraEnd = nameEnd + bytes.readUInt16LE(at + 30);
    const end = extraEnd + bytes.readUInt16LE(at + 32);
    if (end > bytes.length) throw brokenList();
    const name = fromUtf8(bytes.subarray(at + ENTRY_LENGTH, nameEnd));
    if (name === undefined) throw new Unreadable('the name of a member is not UTF-8');
    if ((bytes.readUInt16LE(at + 8) & ENCRYPTED) !== 0)
      throw new Unreadable(`its member ${name} is encrypted`);
    const method = bytes.readUInt16LE(at + 10);
    if (method !== STORED && method !== DEFLATED) {
      throw new Unreadable(`its member ${name} is packed in a way (${method}) that is not read here`);
    }
    const sizes = longSizes(bytes.subarray(nameEnd, extraEnd), [
      bytes.readUInt32LE(at + 24),
      bytes.readUInt32LE(at + 20),
      bytes.readUInt32LE(at + 42),
    ]);
    const [size = 0, packedSize = 0, offset = 0] = sizes;
    const isPacked = method === DEFLATED;
    if (isPacked ? size > packedSize * MAX_EXPANSION : size !== packedSize) {
      throw new Unreadable(`its member ${name} claims ${size} bytes, which it cannot have`);
    }
    entries.push({ name, isPacked, crc: bytes.readUInt32LE(at + 16), size, packedSize, at: offset });
    at = end;
  }
  if (at !== bytes.length) throw brokenList();
  return entries;
}

/** The numbers that did not fit into 32 bits are in an extra field, one after another. */
function longSizes(extra: Buffer, sizes: readonly number[]): readonly number[] {
  if (!sizes.includes(IN_ZIP64)) return sizes;
  for (let at = 0; at + 4 <= extra.length; ) {
    const end = at + 4 + extra.readUInt16LE(at + 2);
    if (end > extra.length) break;
    if (extra.readUInt16LE(at) === ZIP64) {
      let next = at + 4;
      return sizes.map((size) => {
        if (size !== IN_ZIP64) return size;
        if (next + 8 > end) throw brokenList();
        const long = Number(extra.readBigUInt64LE(next));
        if (!Number.isSafeInteger(long)) throw brokenList();
        next += 8;
        return long;
      });
    }
    at = end;
  }
  throw brokenList();
}

/** Where the bytes of a member begin: after its own header, whose name and extra fields have lengths of their own. */
async function startOf(file: FileBytes, { at, name }: Entry): Promise<number> {
  const head = asBuffer(await file.range(at, HEAD_LENGTH));
  if (head.length < HEAD_LENGTH || head.readUInt32LE(0) !== HEAD) {
    throw new Unreadable(`its member ${name} is not where its list of members says`);
  }
  return at + HEAD_LENGTH + head.readUInt16LE(26) + head.readUInt16LE(28);
}

function memberOf(
  file: FileBytes,
  { name, isPacked, crc, size, packedSize }: Entry,
  start: number,
): ZipMember {
  const packed = () => stretch(file, start, packedSize, PIECE);
  const plain: Bytes = isPacked
    ? unpackedBytes(packed, 'deflate')
    : {
        stream: packed,
        range: (at, length) => file.range(start + at, Math.max(0, Math.min(length, size - at))),
      };
  return {
    name,
    size,
    isPacked,
    bytes: {
      stream: () => checked(plain.stream(), size, crc),
      range: (at, length) => plain.range(at, length),
    },
  };
}

async function* checked(
  pieces: AsyncIterable<Uint8Array>,
  size: number,
  crc: number,
): AsyncGenerator<Uint8Array> {
  let length = 0;
  let sum = 0;
  for await (const piece of pieces) {
    length += piece.length;
    if (length > size) throw new Unreadable('it holds more than it says');
    sum = crc32(piece, sum);
    yield piece;
  }
  if (length < size) throw new Unreadable('it breaks off');
  if (sum !== crc) throw new Unreadable('its checksum is wrong');
}

function brokenList(): Unreadable {
  return new Unreadable('its list of members is broken');
}
