import { Unreadable } from '../unreadable.js';

/**
 * Decompresses a block of Snappy to exactly `length` bytes (format: github.com/google/snappy, format_description.txt).
 * `Unreadable` when it holds more or less, before anything is allocated where it says so itself.
 */
export function unpackSnappy(bytes: Uint8Array, length: number): Uint8Array {
  let at = 0;
  const little = (count: number): number => {
    if (count > bytes.length - at) throw new Unreadable('it breaks off');
    let value = 0;
    for (let i = count - 1; i >= 0; i--) value = value * 256 + (bytes[at + i] ?? 0);
    at += count;
    return value;
  };
  let declared = 0;
  for (let scale = 1; scale < 2 ** 35; scale *= 128) {
    const part = little(1);
    declared += (part & 127) * scale;
    if (part < 128) break;
  }
  if (declared !== length) throw new Unreadable('it does not unpack to the size that it says');
  const out = new Uint8Array(length);
  let end = 0;
  while (at < bytes.length) {
    const tag = little(1);
    const kind = tag & 3;
    const short = tag >> 2;
    const offset =
      kind === 1 ? ((tag >> 5) << 8) | little(1) : kind === 2 ? little(2) : kind === 3 ? little(4) : 0;
    const count =
      kind === 1 ? (short & 7) + 4 : kind !== 0 || short < 60 ? short + 1 : little(short - 59) + 1;
    if (count > length - end) throw new Unreadable('it does not unpack to the size that it says');
    if (kind === 0) {
      if (count > bytes.length - at) throw new Unreadable('it breaks off');
      out.set(bytes.subarray(at, at + count), end);
      at += count;
    } else repeat(out, end, offset, count);
    end += count;
  }
  if (end !== length) throw new Unreadable('it does not unpack to the size that it says');
  return out;
}

/** Copies what lies `offset` bytes back to the end, over itself when that is longer. */
export function repeat(out: Uint8Array, end: number, offset: number, count: number): void {
  if (offset < 1 || offset > end) throw new Unreadable('it repeats what is not there');
  for (let done = 0; done < count; ) {
    const step = Math.min(count - done, offset + done);
    out.copyWithin(end + done, end - offset, end - offset + step);
    done += step;
  }
}
