import { Unreadable } from '../unreadable.js';
import { repeat } from './snappy.js';

/**
 * Decompresses a block of LZ4 to exactly `length` bytes (format: github.com/lz4/lz4, lz4_Block_format.md).
 * `Unreadable` when it holds more or less.
 */
export function unpackLz4(bytes: Uint8Array, length: number): Uint8Array {
  let at = 0;
  const byte = (): number => {
    const value = bytes[at++];
    if (value === undefined) throw new Unreadable('it breaks off');
    return value;
  };
  /** Four bits, and what is added when they are all set. */
  const size = (nibble: number): number => {
    let total = nibble;
    if (nibble === 15) for (let more = 255; more === 255; total += more) more = byte();
    if (total > length) throw new Unreadable('it does not unpack to the size that it says');
    return total;
  };
  const out = new Uint8Array(length);
  let end = 0;
  while (at < bytes.length) {
    const token = byte();
    const literals = size(token >> 4);
    if (literals > bytes.length - at) throw new Unreadable('it breaks off');
    if (literals > length - end) throw new Unreadable('it does not unpack to the size that it says');
    out.set(bytes.subarray(at, at + literals), end);
    at += literals;
    end += literals;
    if (at === bytes.length) break; // the last sequence has literals only
    const offset = byte() + byte() * 256;
    const count = size(token & 15) + 4;
    if (count > length - end) throw new Unreadable('it does not unpack to the size that it says');
    repeat(out, end, offset, count);
    end += count;
  }
  if (end !== length) throw new Unreadable('it does not unpack to the size that it says');
  return out;
}
