import { DvsError } from '../../base/errors.js';
import type { CID } from '../../id/cid.js';

/** Bytes between two known ranks. */
const BLOCK = 64;
const POPULATION = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length);

/** The bits of one segment, with how many ones come before each block of 512. */
export class Segment {
  readonly #bytes: Uint8Array;
  /** Ones before each block; at the end, all. */
  readonly #before: Uint32Array;

  private constructor(bytes: Uint8Array, before: Uint32Array) {
    this.#bytes = bytes;
    this.#before = before;
  }

  /** E_ENCODING unless `bytes` are exactly `bits` bits, spare ones zero, of which `count` are ones. */
  static open(id: CID, bytes: Uint8Array, bits: number, count: number): Segment {
    const refuse = (why: string): DvsError =>
      new DvsError('E_ENCODING', `malformed members: the segment ${id.toString()} ${why}`, {
        about: [id.toString()],
      });
    if (bytes.length !== Math.ceil(bits / 8)) throw refuse(`has ${bytes.length} bytes for ${bits} bits`);
    if (bits % 8 !== 0 && (bytes.at(-1) ?? 0) >> (bits % 8) !== 0)
      throw refuse('has spare bits that are not zero');
    const before = new Uint32Array(Math.ceil(bytes.length / BLOCK) + 1);
    let ones = 0;
    for (let i = 0; i < bytes.length; i++) {
      if (i % BLOCK === 0) before[i / BLOCK] = ones;
      ones += POPULATION[bytes[i] ?? 0] ?? 0;
    }
    before[before.length - 1] = ones;
    if (ones !== count) throw refuse(`has ${ones} ones instead of ${count}`);
    return new Segment(bytes, before);
  }

  has(bit: number): boolean {
    return (((this.#bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1) === 1;
  }

  /** How many ones come before `bit`. */
  rank(bit: number): number {
    const last = bit >> 3;
    const block = Math.floor(last / BLOCK);
    let ones = this.#before[block] ?? 0;
    for (let i = block * BLOCK; i < last; i++) ones += POPULATION[this.#bytes[i] ?? 0] ?? 0;
    return ones + (POPULATION[(this.#bytes[last] ?? 0) & ((1 << (bit & 7)) - 1)] ?? 0);
  }

  /** Where the `k`th one is, counted from 0; there are more than `k`. */
  select(k: number): number {
    let low = 0;
    let high = this.#before.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#before[middle] ?? 0) <= k) low = middle;
      else high = middle;
    }
    let left = k - (this.#before[low] ?? 0);
    let at = low * BLOCK;
    for (
      let ones = POPULATION[this.#bytes[at] ?? 0] ?? 0;
      ones <= left;
      ones = POPULATION[this.#bytes[at] ?? 0] ?? 0
    ) {
      left -= ones;
      at++;
    }
    const byte = this.#bytes[at] ?? 0;
    let bit = 0;
    for (let seen = 0; ; bit++) {
      if (((byte >> bit) & 1) === 0) continue;
      if (seen === left) return at * 8 + bit;
      seen++;
    }
  }

  /** `offset` plus each one from `from` to before `to`. */
  numbers(from: number, to: number, offset: number): number[] {
    const found: number[] = [];
    const last = Math.min(this.#bytes.length, Math.ceil(to / 8));
    for (let i = from >> 3; i < last; i++) {
      const byte = this.#bytes[i] ?? 0;
      if (byte === 0) continue;
      for (let bit = 0; bit < 8; bit++) {
        if (((byte >> bit) & 1) === 1 && i * 8 + bit >= from && i * 8 + bit < to)
          found.push(offset + i * 8 + bit);
      }
    }
    return found;
  }
}
