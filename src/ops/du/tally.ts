import type { Span } from './events.js';

/** How much of the packs belongs to a row. */
export interface Share {
  /** Bytes of all that the row has. */
  readonly stored: number;
  /** Of those, bytes of what no other row has. */
  readonly unique: number;
}

/** Adds up what rows take, of which each has positions that follow each other. */
export class Tally {
  readonly #rowOf: Uint32Array;
  readonly #isShown: readonly boolean[];
  /** What is added from each row on. */
  readonly #steps: Float64Array;
  readonly #unique: Float64Array;
  #total = 0;

  /** `rowOf`: for each position its row, ascending. `isShown`: which rows `total` is about. */
  constructor(rowOf: Uint32Array, isShown: readonly boolean[]) {
    this.#rowOf = rowOf;
    this.#isShown = isShown;
    this.#steps = new Float64Array(isShown.length + 1);
    this.#unique = new Float64Array(isShown.length);
  }

  /** Adds an object of so many bytes. */
  add(bytes: number, spans: readonly Span[]): void {
    let next = 0;
    let rows = 0;
    let first = 0;
    let isShown = false;
    for (const { from, to } of spans) {
      const start = Math.max(next, this.#rowOf[from] ?? 0);
      const end = (this.#rowOf[to - 1] ?? 0) + 1;
      if (start >= end) continue; // one row with two spans
      if (rows === 0) first = start;
      rows += end - start;
      this.#steps[start] = (this.#steps[start] ?? 0) + bytes;
      this.#steps[end] = (this.#steps[end] ?? 0) - bytes;
      for (let row = start; row < end && !isShown; row++) isShown = this.#isShown[row] === true;
      next = end;
    }
    if (rows === 1) this.#unique[first] = (this.#unique[first] ?? 0) + bytes;
    if (isShown) this.#total += bytes;
  }

  /** Of every row. */
  shares(): Share[] {
    let stored = 0;
    return this.#isShown.map((_, row) => {
      stored += this.#steps[row] ?? 0;
      return { stored: Math.round(stored), unique: Math.round(this.#unique[row] ?? 0) };
    });
  }

  /** Bytes of what any row has that is shown, each object once. */
  get total(): number {
    return Math.round(this.#total);
  }
}
