import type { Permutation } from './interface.js';
import { halvesFor, Network, ROUNDS } from './network.js';
import { checkType, checkWhole } from './usage.js';

/** Permutes 0 … n−1 for an n of at most 2⁵³: halves of 27 bits are exact as int32, and together as a double. */
export class NumberPermutation implements Permutation<number> {
  readonly n: number;
  readonly #network: Network;
  /** 2 to the bits of the lower half: halves are cut and joined by it, as shifts end at 32 bits. */
  readonly #unit: number;

  /** `keys` as of `roundKeys`. E_USAGE unless n is a whole number from 1 to 2⁵³. */
  constructor(n: number, keys: Int32Array, rounds: number = ROUNDS) {
    checkWhole('n', n, 1, 2 ** 53);
    const halves = halvesFor(n - 1);
    const unit = 2 ** halves.low;
    const lastHigh = Math.floor((n - 1) / unit);
    this.n = n;
    this.#unit = unit;
    this.#network = new Network(keys, halves, lastHigh, n - 1 - lastHigh * unit, rounds);
  }

  at(i: number): number {
    if (!Number.isInteger(i) || i < 0 || i >= this.n) this.#refuse('a position', i);
    const unit = this.#unit;
    const network = this.#network;
    const high = (i / unit) | 0;
    network.forth(high, (i - high * unit) | 0);
    return network.high * unit + network.low;
  }

  indexOf(value: number): number {
    if (!Number.isInteger(value) || value < 0 || value >= this.n) this.#refuse('a value', value);
    const unit = this.#unit;
    const network = this.#network;
    const high = (value / unit) | 0;
    network.back(high, (value - high * unit) | 0);
    return network.high * unit + network.low;
  }

  slice(start = 0, count = this.n): Iterable<number> {
    checkType('start', start, this.n);
    checkType('count', count, this.n);
    checkWhole('start', start, 0, this.n);
    checkWhole('count', count, 0, 2 ** 53);
    const end = start + Math.min(count, this.n - start);
    return { [Symbol.iterator]: () => this.#from(start, end) };
  }

  /** Out of the way of what is asked millions of times. */
  #refuse(what: string, value: number): void {
    checkType(what, value, this.n);
    checkWhole(what, value, 0, this.n - 1);
  }

  *#from(start: number, end: number): Generator<number> {
    for (let i = start; i < end; i++) yield this.at(i);
  }
}
