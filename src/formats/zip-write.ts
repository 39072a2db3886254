import { crc32 } from 'node:zlib';
import { utf8 } from '../base/bytes.js';

/** A file to be put into a zip, of a size that is known before its bytes. */
export interface StoredMember {
  readonly name: string;
  readonly size: number;
  bytes(): AsyncIterable<Uint8Array>;
}

/** From here on a number takes 64 bits, elsewhere. */
const LONG = 0xffffffff;
/** 1980-01-01, the first day that a zip can say. */
const FIRST_DAY = 0x21;
const WITH_DESCRIPTOR_AND_UTF8 = 0x0808;

/** A zip of stored members, the same for the same bytes: no times. Their checksums follow their bytes. */
export async function* storedZip(
  members: readonly StoredMember[],
): AsyncGenerator<Uint8Array, void, undefined> {
  const list: Buffer[] = [];
  let at = 0;
  for (const member of members) {
    const name = utf8(member.name);
    const isLong = member.size >= LONG;
    const head = localHead(name, isLong);
    yield head;
    let length = 0;
    let crc = 0;
    for await (const piece of member.bytes()) {
      length += piece.length;
      crc = crc32(piece, crc);
      yield piece;
    }
    if (length !== member.size)
      throw new RangeError(`${member.name} has another size than it was said to have`);
    const descriptor = descriptorOf(crc, length, isLong);
    yield descriptor;
    list.push(entryOf(name, crc, length, at));
    at += head.length + length + descriptor.length;
  }
  const directory = Buffer.concat(list);
  yield directory;
  yield endOf(list.length, directory.length, at);
}

function localHead(name: Uint8Array, isLong: boolean): Buffer {
  const head = Buffer.alloc(30);
  head.writeUInt32LE(0x04034b50, 0);
  head.writeUInt16LE(isLong ? 45 : 20, 4);
  head.writeUInt16LE(WITH_DESCRIPTOR_AND_UTF8, 6);
  head.writeUInt16LE(FIRST_DAY, 12);
  head.writeUInt16LE(name.length, 26);
  if (!isLong) return Buffer.concat([head, name]);
  // Zeros in the long form: they say that the descriptor has it, too.
  const extra = longField([0, 0]);
  head.writeUInt32LE(LONG, 18);
  head.writeUInt32LE(LONG, 22);
  head.writeUInt16LE(extra.length, 28);
  return Buffer.concat([head, name, extra]);
}

function descriptorOf(crc: number, length: number, isLong: boolean): Buffer {
  const descriptor = Buffer.alloc(isLong ? 24 : 16);
  descriptor.writeUInt32LE(0x08074b50, 0);
  descriptor.writeUInt32LE(crc, 4);
  if (isLong) {
    descriptor.writeBigUInt64LE(BigInt(length), 8);
    descriptor.writeBigUInt64LE(BigInt(length), 16);
  } else {
    descriptor.writeUInt32LE(length, 8);
    descriptor.writeUInt32LE(length, 12);
  }
  return descriptor;
}

function entryOf(name: Uint8Array, crc: number, length: number, at: number): Buffer {
  const entry = Buffer.alloc(46);
  const extra = longField([length, length, at].filter((value) => value >= LONG));
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt16LE(45, 4);
  entry.writeUInt16LE(extra.length > 0 ? 45 : 20, 6);
  entry.writeUInt16LE(WITH_DESCRIPTOR_AND_UTF8, 8);
  entry.writeUInt16LE(FIRST_DAY, 14);
  entry.writeUInt32LE(crc, 16);
  entry.writeUInt32LE(Math.min(length, LONG), 20);
  entry.writeUInt32LE(Math.min(length, LONG), 24);
  entry.writeUInt16LE(name.length, 28);
  entry.writeUInt16LE(extra.length, 30);
  entry.writeUInt32LE(Math.min(at, LONG), 42);
  return Buffer.concat([entry, name, extra]);
}

function longField(values: readonly number[]): Buffer {
  if (values.length === 0) return Buffer.alloc(0);
  const field = Buffer.alloc(4 + 8 * values.length);
  field.writeUInt16LE(1, 0);
  field.writeUInt16LE(8 * values.length, 2);
  for (const [i, value] of values.entries()) field.writeBigUInt64LE(BigInt(value), 4 + 8 * i);
  return field;
}

function endOf(count: number, length: number, at: number): Buffer {
  const isLong = at >= LONG || length >= LONG || count >= 0xffff;
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Math.min(count, 0xffff), 8);
  end.writeUInt16LE(Math.min(count, 0xffff), 10);
  end.writeUInt32LE(Math.min(length, LONG), 12);
  end.writeUInt32LE(isLong ? LONG : at, 16);
  return isLong ? Buffer.concat([longEnd(count, length, at), end]) : end;
}

/** The long record of the end, and the one that says where it is. */
function longEnd(count: number, length: number, at: number): Buffer {
  const record = Buffer.alloc(56 + 20);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeUInt16LE(45, 12);
  record.writeUInt16LE(45, 14);
  record.writeBigUInt64LE(BigInt(count), 24);
  record.writeBigUInt64LE(BigInt(count), 32);
  record.writeBigUInt64LE(BigInt(length), 40);
  record.writeBigUInt64LE(BigInt(at), 48);
  record.writeUInt32LE(0x07064b50, 56);
  record.writeBigUInt64LE(BigInt(at + length), 64);
  record.writeUInt32LE(1, 72);
  return record;
}
