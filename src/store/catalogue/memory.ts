import { compareBytes } from '../../base/bytes.js';
import type { Db, Operation, Range } from './session.js';

/**
 * The database in memory, for a store in whose folder nothing can be written: on a full disk, or one that is
 * only to be read. Filled from packs and log, gone with the process.
 */
export class MemoryDatabase implements Db {
  /** Bytes as a text of one character each, because maps compare arrays by identity. */
  readonly #values = new Map<string, Uint8Array>();
  /** All keys in order; undefined when some were added since. */
  #sorted: Uint8Array[] | undefined;

  async get(key: Uint8Array): Promise<Uint8Array | undefined> {
    return this.#values.get(textOf(key));
  }

  async getMany(keys: Uint8Array[]): Promise<(Uint8Array | undefined)[]> {
    return keys.map((key) => this.#values.get(textOf(key)));
  }

  async *iterator({
    gte,
    lt,
    limit = Infinity,
    reverse = false,
  }: Range): AsyncGenerator<[Uint8Array, Uint8Array]> {
    this.#sorted ??= [...this.#values.keys()].map((text) => Buffer.from(text, 'latin1')).sort(compareBytes);
    const keys = this.#sorted;
    const from = firstNotBelow(keys, gte);
    const to = firstNotBelow(keys, lt);
    for (let n = 0; n < Math.min(limit, to - from); n++) {
      const key = keys[reverse ? to - 1 - n : from + n];
      const value = key && this.#values.get(textOf(key));
      if (key !== undefined && value !== undefined) yield [key, value];
    }
  }

  async batch(operations: readonly Operation[]): Promise<void> {
    this.#sorted = undefined;
    for (const operation of operations) {
      if (operation.type === 'del') this.#values.delete(textOf(operation.key));
      else this.#values.set(textOf(operation.key), operation.value);
    }
  }
}

function textOf(key: Uint8Array): string {
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('latin1');
}

function firstNotBelow(keys: readonly Uint8Array[], bound: Uint8Array): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (compareBytes(keys[middle] ?? bound, bound) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
