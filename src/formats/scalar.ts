import { asBuffer, fromUtf8 } from '../base/bytes.js';
import { timeText } from './numpy-time.js';
import { Unreadable } from './unreadable.js';

/** What the bytes of one value are. `text` is UTF-32; `bytes` is text of whatever encoding; `raw` has no text. */
export type ScalarKind = 'bool' | 'int' | 'uint' | 'float' | 'bytes' | 'text' | 'time' | 'span' | 'raw';

/** How one value is stored. */
export interface Scalar {
  readonly kind: ScalarKind;
  /** In bytes. */
  readonly size: number;
  readonly isLittle: boolean;
  /** Of `time` and `span`: what is counted, such as `ns` or `25s`. */
  readonly unit?: string;
  /** How it calls itself, for messages. */
  readonly name: string;
}

const NEVER = -(2n ** 63n);

/**
 * A value as text: whole numbers in decimal, `true` or `false`, floats in JavaScript's shortest form (those of 16 and 32 bits
 * widened exactly before), strings without the NULs at their end, times as RFC 3339 in UTC, spans of time as the number of
 * their units; undefined for a time or span that is none (NaT). Throws `Unreadable` for what has no text.
 */
export function scalarText(scalar: Scalar, bytes: Uint8Array): string | undefined {
  switch (scalar.kind) {
    case 'bool':
      return bytes[0] === 0 ? 'false' : 'true';
    case 'int':
      return whole(bytes, scalar.isLittle, true).toString();
    case 'uint':
      return whole(bytes, scalar.isLittle, false).toString();
    case 'float':
      return String(float(bytes, scalar.isLittle));
    case 'bytes':
      return wellFormed(fromUtf8(withoutNuls(bytes)));
    case 'text':
      return wellFormed(fromUtf32(bytes, scalar.isLittle));
    case 'time':
    case 'span': {
      const count = BigInt(whole(bytes, scalar.isLittle, true));
      if (count === NEVER) return undefined;
      return scalar.kind === 'span' ? count.toString() : timeText(count, scalar.unit ?? '');
    }
    case 'raw':
      throw new Unreadable(`a value of type ${scalar.name} has no text`);
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function whole(bytes: Uint8Array, isLittle: boolean, isSigned: boolean): number | bigint {
  const view = viewOf(bytes);
  switch (bytes.length) {
    case 1:
      return isSigned ? view.getInt8(0) : view.getUint8(0);
    case 2:
      return isSigned ? view.getInt16(0, isLittle) : view.getUint16(0, isLittle);
    case 4:
      return isSigned ? view.getInt32(0, isLittle) : view.getUint32(0, isLittle);
    default:
      return isSigned ? view.getBigInt64(0, isLittle) : view.getBigUint64(0, isLittle);
  }
}

function float(bytes: Uint8Array, isLittle: boolean): number {
  const view = viewOf(bytes);
  if (bytes.length === 2) return half(view.getUint16(0, isLittle));
  return bytes.length === 4 ? view.getFloat32(0, isLittle) : view.getFloat64(0, isLittle);
}

/** IEEE 754 binary16: a sign, 5 bits of exponent, 10 of fraction. */
function half(bits: number): number {
  const sign = bits >> 15 === 0 ? 1 : -1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

function withoutNuls(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return bytes.subarray(0, end);
}

function fromUtf32(bytes: Uint8Array, isLittle: boolean): string | undefined {
  const buffer = asBuffer(bytes);
  let text = '';
  for (let at = 0; at < bytes.length; at += 4) {
    const point = isLittle ? buffer.readUInt32LE(at) : buffer.readUInt32BE(at);
    if (point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) return undefined;
    text += String.fromCodePoint(point);
  }
  return text.replace(/\0+$/, '');
}

function wellFormed(text: string | undefined): string {
  if (text?.isWellFormed()) return text;
  throw new Unreadable('the text is not Unicode');
}
