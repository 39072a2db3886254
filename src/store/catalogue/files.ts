import { asBuffer } from '../../base/bytes.js';
import { crc32c, masked } from './crc32c.js';

/**
 * The bytes of LevelDB's files, as far as it takes to tell whether they are intact: LevelDB itself ends the
 * process (an assertion, an allocation) over some that are not. Its own documentation has the formats, in
 * doc/table_format.txt and doc/log_format.txt of version 1.20. Tables must have been written without compression.
 */

const FOOTER_LENGTH = 48;
const MAGIC = Buffer.from('57fb808b247547db', 'hex');
/** After each block of a table: a byte for its compression, then the checksum. */
const BLOCK_TRAILER = 5;

interface Block {
  readonly offset: number;
  readonly length: number;
}

/**
 * True when a table's blocks lie side by side from its beginning to its footer, with the right checksums: those that
 * its index lists, then those (the filter) that its meta index lists, then these two themselves.
 */
export function isIntactTable(file: Uint8Array): boolean {
  const bytes = asBuffer(file);
  const footerAt = bytes.length - FOOTER_LENGTH;
  if (footerAt < 0 || !bytes.subarray(-MAGIC.length).equals(MAGIC)) return false;
  const footer = new Varints(bytes, footerAt, bytes.length);
  const metaIndex = footer.block();
  const index = footer.block();
  if (metaIndex === undefined || index === undefined) return false;
  const [data, meta] = [listedBlocks(bytes, index), listedBlocks(bytes, metaIndex)];
  if (data === undefined || meta === undefined) return false;
  let next = 0;
  for (const block of [...data, ...meta, metaIndex, index]) {
    if (block.offset !== next || !isIntactBlock(bytes, block)) return false;
    next = block.offset + block.length + BLOCK_TRAILER;
  }
  return next === footerAt;
}

function isIntactBlock(bytes: Buffer, { offset, length }: Block): boolean {
  const end = offset + length;
  if (end + BLOCK_TRAILER > bytes.length - FOOTER_LENGTH || bytes[end] !== 0) return false;
  return bytes.readUInt32LE(end + 1) === masked(crc32c(bytes, offset, end + 1));
}

/** The blocks that an intact one lists: its values, each after a key that shares a beginning with the last. */
function listedBlocks(bytes: Buffer, list: Block): Block[] | undefined {
  if (!isIntactBlock(bytes, list)) return undefined;
  const { offset, length } = list;
  const end = offset + length;
  const restarts = length < 4 ? Number.NaN : bytes.readUInt32LE(end - 4);
  const fields = new Varints(bytes, offset, end - 4 * (restarts + 1));
  const blocks: Block[] = [];
  while (fields.at < fields.end) {
    fields.next();
    const rest = fields.next();
    fields.next();
    fields.at += rest;
    const block = fields.block();
    if (block === undefined) return undefined;
    blocks.push(block);
  }
  return fields.at === fields.end ? blocks : undefined;
}

/** Reads numbers of seven bits a byte, the lowest first. Beyond its end it reads NaN. */
class Varints {
  at: number;
  readonly end: number;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer, at: number, end: number) {
    this.#bytes = bytes;
    this.at = at;
    this.end = end;
  }

  next(): number {
    let value = 0;
    for (let factor = 1; this.at < this.end; factor *= 128) {
      const byte = this.#bytes[this.at++] ?? 0;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
    return Number.NaN;
  }

  block(): Block | undefined {
    const [offset, length] = [this.next(), this.next()];
    return Number.isSafeInteger(offset + length) ? { offset, length } : undefined;
  }
}

const LOG_BLOCK = 32_768;
/** Checksum, length, type. */
const RECORD_HEADER = 7;

/** The types of records that begin something: a whole one, and the first part of one. */
const BEGINNING: readonly (number | undefined)[] = [1, 2];
/** What a log has in it begins with a number of eight bytes, the lowest first, of which LevelDB uses seven. */
const HIGHEST_BYTE = 7;

/**
 * True when every record of a manifest is intact, but for an end that was never written. LevelDB passes over those
 * that are not, and goes on after them as if they had never been.
 */
export function isIntactManifest(file: Uint8Array): boolean {
  return areIntactRecords(asBuffer(file), () => true);
}

/** The same for a log, whose records must also look like what is written there. */
export function isIntactLog(file: Uint8Array): boolean {
  const bytes = asBuffer(file);
  return areIntactRecords(bytes, (from, to) => {
    const isLong = to - from > RECORD_HEADER + HIGHEST_BYTE;
    const begins = BEGINNING.includes(bytes[from + RECORD_HEADER - 1]);
    return !isLong || !begins || bytes[from + RECORD_HEADER + HIGHEST_BYTE] === 0;
  });
}

function areIntactRecords(bytes: Buffer, fits: (from: number, to: number) => boolean): boolean {
  let at = 0;
  while (at < bytes.length) {
    const blockEnd = Math.min(bytes.length, at - (at % LOG_BLOCK) + LOG_BLOCK);
    if (at + RECORD_HEADER > blockEnd) {
      at = blockEnd;
      continue;
    }
    const end = at + RECORD_HEADER + bytes.readUInt16LE(at + 4);
    if (end > blockEnd) return blockEnd === bytes.length;
    if (bytes.readUInt32LE(at) !== masked(crc32c(bytes, at + 6, end))) return isZero(bytes, at);
    if (!fits(at, end)) return false;
    at = end;
  }
  return true;
}

function isZero(bytes: Buffer, from: number): boolean {
  return bytes.subarray(from).every((byte) => byte === 0);
}
