import { DvsError } from '../../base/errors.js';
import { GiB } from '../../base/limits.js';
import type { Assigned, Division, PartName } from './division.js';

/** One or two bytes a sample. */
const MOST_SAMPLES = 4 * GiB;
const BATCH = 8192;

/** A small number for each sample, at first 0 for all. */
export class PartTable {
  readonly #values: Uint8Array | Uint16Array;

  /** For numbers below `total`, and values up to `largest` (below 2¹⁶). E_LIMIT for more samples than fit. */
  constructor(total: number, largest: number) {
    if (total > MOST_SAMPLES) {
      throw new DvsError('E_LIMIT', `${total} samples are more than ${MOST_SAMPLES}`, {
        hint: 'Split them with `stable`, `group` or `k-fold`, which hold nothing.',
      });
    }
    this.#values = largest < 256 ? new Uint8Array(total) : new Uint16Array(total);
  }

  get(number: number): number {
    return this.#values[number] ?? 0;
  }

  set(number: number, value: number): void {
    this.#values[number] = value;
  }

  /** The division in which a sample with the value `v` is in part `v − 1`; those with 0 are not in it. */
  division(parts: readonly PartName[]): Division {
    const values = this.#values;
    return {
      parts,
      async *assigned(): AsyncGenerator<Assigned, void, undefined> {
        const numbers = new Float64Array(BATCH);
        const found = new Uint16Array(BATCH);
        let filled = 0;
        for (let number = 0; number < values.length; number++) {
          const value = values[number] ?? 0;
          if (value === 0) continue;
          numbers[filled] = number;
          found[filled++] = value - 1;
          if (filled < BATCH) continue;
          yield { numbers, parts: found };
          filled = 0;
        }
        if (filled > 0) yield { numbers: numbers.subarray(0, filled), parts: found.subarray(0, filled) };
      },
    };
  }
}
