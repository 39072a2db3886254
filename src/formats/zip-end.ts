import { asBuffer } from '../base/bytes.js';
import type { FileBytes } from './file-bytes.js';
import { Unreadable } from './unreadable.js';

const END = 0x06054b50;
const END_LENGTH = 22;
const MAX_COMMENT = 0xffff;
const LOCATOR = 0x07064b50;
const LOCATOR_LENGTH = 20;
const LONG_END = 0x06064b50;
const LONG_END_LENGTH = 56;

/** Where a zip lists its members. */
export interface ZipDirectory {
  readonly at: number;
  readonly length: number;
  readonly count: number;
}

/** Finds the list of members by the record at the end of a zip, and its longer form for Zip64. Throws `Unreadable`. */
export async function findDirectory(file: FileBytes): Promise<ZipDirectory> {
  const tailAt = Math.max(0, file.size - END_LENGTH - MAX_COMMENT);
  const tail = asBuffer(await file.range(tailAt, file.size - tailAt));
  const end = endIn(tail);
  const endAt = tailAt + end;
  const short = {
    at: tail.readUInt32LE(end + 16),
    length: tail.readUInt32LE(end + 12),
    count: tail.readUInt16LE(end + 10),
  };
  const disks = [tail.readUInt16LE(end + 4), tail.readUInt16LE(end + 6)];
  const isLong = short.at === 0xffffffff || short.length === 0xffffffff || short.count === 0xffff;
  if (disks.some((disk) => disk !== 0 && !(isLong && disk === 0xffff))) {
    throw new Unreadable('it is a zip in several parts');
  }
  const { limit, ...directory } = isLong ? await longDirectory(file, endAt) : { ...short, limit: endAt };
  if (directory.at + directory.length !== limit) throw broken();
  return directory;
}

/** Where in the tail the record lies that, with its comment, reaches to the end. */
function endIn(tail: Buffer): number {
  for (let at = tail.length - END_LENGTH; at >= 0; at--) {
    if (tail.readUInt32LE(at) === END && at + END_LENGTH + tail.readUInt16LE(at + 20) === tail.length)
      return at;
  }
  throw new Unreadable('it is no zip, or breaks off');
}

async function longDirectory(file: FileBytes, endAt: number): Promise<ZipDirectory & { limit: number }> {
  const locator = asBuffer(await file.range(Math.max(0, endAt - LOCATOR_LENGTH), LOCATOR_LENGTH));
  if (locator.length < LOCATOR_LENGTH || locator.readUInt32LE(0) !== LOCATOR) throw broken();
  const limit = safe(locator.readBigUInt64LE(8));
  const record = asBuffer(await file.range(limit, LONG_END_LENGTH));
  if (record.length < LONG_END_LENGTH || record.readUInt32LE(0) !== LONG_END) throw broken();
  if (record.readUInt32LE(16) !== 0 || record.readUInt32LE(20) !== 0)
    throw new Unreadable('it is a zip in several parts');
  return {
    count: safe(record.readBigUInt64LE(32)),
    length: safe(record.readBigUInt64LE(40)),
    at: safe(record.readBigUInt64LE(48)),
    limit,
  };
}

function safe(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw broken();
  return number;
}

function broken(): Unreadable {
  return new Unreadable('its list of members is broken');
}
