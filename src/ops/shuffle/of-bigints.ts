import type { Permutation } from './interface.js';
import { type Halves, halvesFor, Network, ROUNDS } from './network.js';
import { checkType, checkWhole } from './usage.js';

/** Permutes 0 … n−1 for an n of at most 2⁶⁴: the same network, for indices that no double holds. */
export class BigintPermutation implements Permutation<bigint> {
  readonly n: bigint;
  readonly #network: Network;
  readonly #halves: Halves;

  /** `keys` as of `roundKeys`. E_USAGE unless n is from 1 to 2⁶⁴. */
  constructor(n: bigint, keys: Int32Array, rounds: number = ROUNDS) {
    checkWhole('n', n, 1, 2n ** 64n);
    this.n = n;
    this.#halves = halvesFor(n - 1n);
    this.#network = new Network(keys, this.#halves, this.#high(n - 1n), this.#low(n - 1n), rounds);
  }

  at(i: bigint): bigint {
    checkType('a position', i, this.n);
    checkWhole('a position', i, 0, this.n - 1n);
    this.#network.forth(this.#high(i), this.#low(i));
    return this.#joined();
  }

  indexOf(value: bigint): bigint {
    checkType('a value', value, this.n);
    checkWhole('a value', value, 0, this.n - 1n);
    this.#network.back(this.#high(value), this.#low(value));
    return this.#joined();
  }

  slice(start = 0n, count = this.n): Iterable<bigint> {
    checkType('start', start, this.n);
    checkType('count', count, this.n);
    checkWhole('start', start, 0, this.n);
    checkWhole('count', count, 0, 2n ** 64n);
    const end = start + count < this.n ? start + count : this.n;
    return { [Symbol.iterator]: () => this.#from(start, end) };
  }

  *#from(start: bigint, end: bigint): Generator<bigint> {
    for (let i = start; i < end; i++) yield this.at(i);
  }

  #high(index: bigint): number {
    return Number(BigInt.asIntN(32, index >> BigInt(this.#halves.low)));
  }

  #low(index: bigint): number {
    return Number(BigInt.asIntN(32, BigInt.asUintN(this.#halves.low, index)));
  }

  #joined(): bigint {
    const high = BigInt(this.#network.high >>> 0);
    return (high << BigInt(this.#halves.low)) | BigInt(this.#network.low >>> 0);
  }
}
