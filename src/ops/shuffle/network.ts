/** Rounds of dvs-perm-1. Fewer are there for tests alone, which show that they notice. */
export const ROUNDS = 12;

/** The bits of the two halves of an index: step 2 of dvs-perm-1. */
export interface Halves {
  readonly high: number;
  readonly low: number;
}

/** The halves in which the indices from 0 to `last` are cut. */
export function halvesFor(last: number | bigint): Halves {
  const bits = Math.max(8, last.toString(2).length);
  const low = bits >> 1;
  return { high: bits - low, low };
}

/**
 * Steps 3 to 5 of dvs-perm-1, on halves of at most 32 bits each: a Feistel network, of which as many turns are
 * taken as it needs to come out below n. A turn is a bijection of all that the halves can say, so the walk ends,
 * and ends at another place for each start. What comes out is in `high` and `low`, as int32, so that nothing is
 * allocated.
 */
export class Network {
  high = 0;
  low = 0;
  readonly #keys: Int32Array;
  readonly #words: number;
  readonly #highMask: number;
  readonly #lowMask: number;
  readonly #lastHigh: number;
  readonly #lastLow: number;

  /** `keys` are two a round, `rounds` is even; `lastHigh` and `lastLow` are the halves of n−1. */
  constructor(keys: Int32Array, halves: Halves, lastHigh: number, lastLow: number, rounds: number) {
    this.#keys = keys;
    this.#words = 2 * rounds;
    this.#highMask = mask(halves.high);
    this.#lowMask = mask(halves.low);
    this.#lastHigh = lastHigh;
    this.#lastLow = lastLow;
  }

  forth(high: number, low: number): void {
    const keys = this.#keys;
    const words = this.#words;
    let left = high;
    let right = low;
    do {
      for (let word = 0; word < words; word += 4) {
        left ^= mixed(right, keys[word] ?? 0, keys[word + 1] ?? 0) & this.#highMask;
        right ^= mixed(left, keys[word + 2] ?? 0, keys[word + 3] ?? 0) & this.#lowMask;
      }
    } while (this.#beyond(left, right));
    this.high = left;
    this.low = right;
  }

  back(high: number, low: number): void {
    const keys = this.#keys;
    let left = high;
    let right = low;
    do {
      for (let word = this.#words - 4; word >= 0; word -= 4) {
        right ^= mixed(left, keys[word + 2] ?? 0, keys[word + 3] ?? 0) & this.#lowMask;
        left ^= mixed(right, keys[word] ?? 0, keys[word + 1] ?? 0) & this.#highMask;
      }
    } while (this.#beyond(left, right));
    this.high = left;
    this.low = right;
  }

  #beyond(left: number, right: number): boolean {
    const high = left >>> 0;
    const last = this.#lastHigh >>> 0;
    return high > last || (high === last && right >>> 0 > this.#lastLow >>> 0);
  }
}

/** As int32, as everything here: one field with a greater number would make the machine code of all slower. */
function mask(bits: number): number {
  return (-1 >>> (32 - bits)) | 0;
}

/** F of the specification; the constants are those of a published 32-bit hash without known flaws. */
function mixed(half: number, a: number, b: number): number {
  let x = half ^ a;
  x ^= x >>> 16;
  x = (Math.imul(x, 0x7feb352d) + b) | 0;
  x ^= x >>> 15;
  x = Math.imul(x, 0x846ca68b);
  return x ^ (x >>> 16);
}
