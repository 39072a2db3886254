import { asBuffer, fromUtf8 } from '../base/bytes.js';
import { Unreadable } from './unreadable.js';

/** Everything in a tar takes a multiple of this. */
export const TAR_BLOCK = 512;

/** The header block of a tar entry. */
export interface TarHead {
  /** As bytes: what follows it may say another name. */
  readonly name: Uint8Array;
  readonly size: number;
  readonly type: string;
}

const SIZE_AT = 124;
const SUM_AT = 148;
const SUM_LENGTH = 8;
const TYPE_AT = 156;
const PREFIX_AT = 345;
/** Only POSIX has a prefix there; GNU's `ustar  ` keeps times at that place. */
const USTAR = Buffer.from('ustar\0');
const OCTAL = /^ *([0-7]{1,12})[ \0]*$/;

/** Reads a header block; undefined for one of zeros, which ends a tar. Throws `Unreadable`. */
export function parseTarHead(bytes: Uint8Array): TarHead | undefined {
  const block = asBuffer(bytes);
  if (block.length < TAR_BLOCK) throw new Unreadable('it breaks off');
  if (block.every((byte) => byte === 0)) return undefined;
  let sum = SUM_LENGTH * 0x20;
  for (const [i, byte] of block.entries()) if (i < SUM_AT || i >= SUM_AT + SUM_LENGTH) sum += byte;
  if (number(block.subarray(SUM_AT, SUM_AT + SUM_LENGTH)) !== sum)
    throw new Unreadable('the checksum of a header is wrong');
  const name = upToNul(block.subarray(0, 100));
  const prefix = block.subarray(257, 263).equals(USTAR) ? upToNul(block.subarray(PREFIX_AT, 500)) : undefined;
  return {
    name:
      prefix === undefined || prefix.length === 0 ? name : Buffer.concat([prefix, Buffer.from('/'), name]),
    size: number(block.subarray(SIZE_AT, SIZE_AT + 12)),
    type: block.toString('latin1', TYPE_AT, TYPE_AT + 1),
  };
}

export function upToNul(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}

/** In octal digits; or, after a byte 128, as a big-endian number (GNU). */
function number(bytes: Buffer): number {
  if (bytes[0] === 0x80) {
    const value = bytes.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0);
    if (Number.isSafeInteger(value)) return value;
  } else {
    const digits = OCTAL.exec(bytes.toString('latin1'))?.[1];
    if (digits !== undefined) return Number.parseInt(digits, 8);
  }
  throw new Unreadable('a number in a header is none');
}

/**
 * The records of a pax header, `length key=value` lines (POSIX.1-2017, pax), with values as bytes. Throws `Unreadable`.
 */
export function parsePax(bytes: Uint8Array): Map<string, Uint8Array> {
  const buffer = asBuffer(bytes);
  const records = new Map<string, Uint8Array>();
  for (let at = 0; at < buffer.length; ) {
    const space = buffer.indexOf(0x20, at);
    const digits = buffer.toString('latin1', at, Math.min(space, at + 10));
    const end = space < 0 || !/^[1-9]\d*$/.test(digits) ? 0 : at + Number(digits);
    const equals = buffer.indexOf(0x3d, space);
    if (end > buffer.length || equals < 0 || equals >= end - 1 || buffer[end - 1] !== 0x0a) {
      throw new Unreadable('a pax header is broken');
    }
    const key = fromUtf8(buffer.subarray(space + 1, equals));
    if (key === undefined) throw new Unreadable('a pax header is broken');
    records.set(key, buffer.subarray(equals + 1, end - 1));
    at = end;
  }
  return records;
}

/** The number in a pax record. Throws `Unreadable`. */
export function paxNumber(bytes: Uint8Array): number {
  const text = asBuffer(bytes).toString('latin1');
  const value = Number(text);
  if (!/^\d{1,16}$/.test(text) || !Number.isSafeInteger(value))
    throw new Unreadable('a number in a pax header is none');
  return value;
}
