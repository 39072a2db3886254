import { Unreadable } from '../unreadable.js';
import { numbers, stretches, type Values } from './values.js';

/** Honest blocks have 128 values, or a few times that. */
const MAX_BLOCK = 2 ** 20;

/**
 * Decodes integers, each stored by its distance from the one before, into the whole of `out`, and returns where they end. Algorithm: Parquet format, "Delta Encoding (DELTA_BINARY_PACKED = 5)". `Unreadable` when the bytes end before.
 */
export function decodeDelta(bytes: Uint8Array, start: number, out: Int32Array | BigInt64Array): number {
  let at = start;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const part = bytes[at++];
      if (part === undefined) throw new Unreadable('it breaks off');
      value |= BigInt(part & 127) << shift;
      if (part < 128) return value;
    }
    throw new Unreadable('it holds an endless number');
  };
  const signed = (): bigint => {
    const value = varint();
    return (value >> 1n) ^ -(value & 1n);
  };
  const block = Number(varint());
  const miniblocks = Number(varint());
  const each = block / miniblocks;
  if (!(block <= MAX_BLOCK && miniblocks > 0 && each > 0 && each % 8 === 0))
    throw new Unreadable('its blocks have no honest size');
  if (Number(varint()) !== out.length) throw new Unreadable('it holds another number of values than it says');
  const put = (i: number, value: bigint): void => {
    if (out instanceof BigInt64Array) out[i] = value;
    else out[i] = Number(BigInt.asIntN(32, value));
  };
  let value = signed();
  if (out.length > 0) put(0, value);
  for (let filled = 1; filled < out.length; ) {
    const least = signed();
    const widths = bytes.subarray(at, at + miniblocks);
    at += miniblocks;
    for (let m = 0; m < miniblocks && filled < out.length; m++) {
      const width = widths[m] ?? 255;
      const end = at + (each * width) / 8;
      if (width > 64 || end > bytes.length) throw new Unreadable('it breaks off');
      for (let i = 0; i < each && filled < out.length; i++) {
        value = BigInt.asIntN(64, value + least + packed(bytes, at * 8 + i * width, width));
        put(filled++, value);
      }
      at = end;
    }
  }
  return at;
}

function packed(bytes: Uint8Array, bit: number, width: number): bigint {
  if (width === 0) return 0n;
  if (width <= 32) return BigInt(bits32(bytes, bit, width));
  return (BigInt(bits32(bytes, bit + 32, width - 32)) << 32n) | BigInt(bits32(bytes, bit, 32));
}

/** Up to 32 bits from bit number `bit` on, the lowest first: they lie in five bytes at most, which a double holds exactly. */
function bits32(bytes: Uint8Array, bit: number, width: number): number {
  const first = Math.floor(bit / 8);
  let value = 0;
  for (let i = 4; i >= 0; i--) value = value * 256 + (bytes[first + i] ?? 0);
  return Math.floor(value / 2 ** (bit % 8)) % 2 ** width;
}

/** Integers by their distances. */
export function deltaNumbers(bytes: Uint8Array, type: 'INT32' | 'INT64', count: number): Values {
  const out = type === 'INT32' ? new Int32Array(count) : new BigInt64Array(count);
  decodeDelta(bytes, 0, out);
  return numbers(out);
}

/** Byte arrays: first all lengths, then all bytes (DELTA_LENGTH_BYTE_ARRAY). */
export function deltaLengths(bytes: Uint8Array, start: number, count: number): Values {
  const lengths = new Int32Array(count);
  let at = decodeDelta(bytes, start, lengths);
  const starts = new Uint32Array(count);
  lengths.forEach((length, i) => {
    if (length < 0 || length > bytes.length - at) throw new Unreadable('it breaks off');
    starts[i] = at;
    at += length;
  });
  return stretches(bytes, starts, new Uint32Array(lengths));
}

/** Byte arrays that begin as the one before does (DELTA_BYTE_ARRAY); together at most `limit` bytes. */
export function deltaStrings(bytes: Uint8Array, count: number, limit: number): Values {
  const prefixes = new Int32Array(count);
  const suffixes = deltaLengths(bytes, decodeDelta(bytes, 0, prefixes), count);
  const lengths = new Uint32Array(count);
  const starts = new Uint32Array(count);
  let total = 0;
  for (let i = 0; i < count; i++) {
    const suffix = suffixes.at(i);
    const prefix = prefixes[i] ?? 0;
    if (prefix < 0 || prefix > (i === 0 ? 0 : (lengths[i - 1] ?? 0)) || !(suffix instanceof Uint8Array))
      throw new Unreadable('it begins as a value that is not there');
    starts[i] = total;
    lengths[i] = prefix + suffix.length;
    total += prefix + suffix.length;
    if (total > limit) throw new Unreadable('its values are too large');
  }
  const all = new Uint8Array(total);
  for (let i = 0; i < count; i++) {
    const start = starts[i] ?? 0;
    const prefix = prefixes[i] ?? 0;
    const before = starts[i - 1] ?? 0;
    all.copyWithin(start, before, before + prefix);
    const suffix = suffixes.at(i);
    if (suffix instanceof Uint8Array) all.set(suffix, start + prefix);
  }
  return stretches(all, starts, lengths);
}
