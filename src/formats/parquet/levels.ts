import { Unreadable } from '../unreadable.js';

/** Widths up to this are gathered in the 31 bits that JavaScript shifts without a sign. */
const MAX_WIDTH = 24;

/**
 * Decodes Parquet's hybrid of runs and packed bits into the whole of `out`: levels, places in a dictionary, truth values.
 * `width` is in bits. Algorithm: Parquet format, "Run Length Encoding / Bit-Packing Hybrid (RLE = 3)". `Unreadable` when
 * the bytes end before.
 */
export function decodeHybrid(bytes: Uint8Array, width: number, out: Uint8Array | Uint32Array): void {
  if (width === 0) return;
  if (width > MAX_WIDTH) throw new Unreadable(`numbers of ${width} bits`);
  let at = 0;
  const byte = (): number => {
    const value = bytes[at++];
    if (value === undefined) throw new Unreadable('it breaks off');
    return value;
  };
  const mask = 2 ** width - 1;
  for (let filled = 0; filled < out.length; ) {
    let head = 0;
    for (let scale = 1; ; scale *= 128) {
      const part = byte();
      head += (part & 127) * scale;
      if (part < 128) break;
      if (scale > 2 ** 35) throw new Unreadable('it holds an endless number');
    }
    const count = Math.floor(head / 2);
    if (head % 2 === 0) {
      let value = 0;
      for (let shift = 0; shift < width; shift += 8) value |= byte() << shift;
      const end = Math.min(out.length, filled + count);
      out.fill(value & mask, filled, end);
      filled = end;
    } else {
      const end = Math.min(out.length, filled + count * 8);
      const start = at;
      let bits = 0;
      let have = 0;
      for (; filled < end; filled++) {
        for (; have < width; have += 8) bits |= byte() << have;
        out[filled] = bits & mask;
        bits >>>= width;
        have -= width;
      }
      at = start + count * width;
    }
  }
}

/** How many bits a level takes that is at most `highest`. */
export function bitsFor(highest: number): number {
  return 32 - Math.clz32(highest);
}
