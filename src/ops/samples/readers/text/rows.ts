import { isUtf8 } from 'node:buffer';
import { MiB } from '../../../../base/limits.js';

/** The longest row, in bytes. */
export const MAX_ROW = 16 * MiB;

export const CR = 0x0d;

/** Some rows, in order. Their bytes are valid until the next rows are asked for. */
export class Rows {
  readonly #bytes: Buffer;
  readonly #starts: Uint32Array;
  readonly #lengths: Uint32Array;
  readonly #at: number;
  readonly firstNumber: number;

  /** `at` is where in the file the bytes begin. */
  constructor(
    bytes: Buffer,
    starts: Uint32Array,
    lengths: Uint32Array,
    { at, firstNumber }: { readonly at: number; readonly firstNumber: number },
  ) {
    this.#bytes = bytes;
    this.#starts = starts;
    this.#lengths = lengths;
    this.#at = at;
    this.firstNumber = firstNumber;
  }

  get length(): number {
    return this.#starts.length;
  }

  /** Where the `i`th of them is in the file: its first byte. */
  at(i: number): number {
    return this.#at + this.#start(i);
  }

  size(i: number): number {
    return this.#lengths[i] ?? 0;
  }

  bytes(i: number): Buffer {
    const start = this.#start(i);
    return this.#bytes.subarray(start, start + this.size(i));
  }

  /** Whether a carriage return stands before the line feed of the `i`th of them, which has one. */
  endsInReturn(i: number): boolean {
    return this.#bytes[this.#start(i) + this.size(i)] === CR;
  }

  withoutFirst(): Rows {
    return new Rows(this.#bytes, this.#starts.subarray(1), this.#lengths.subarray(1), {
      at: this.#at,
      firstNumber: this.firstNumber + 1,
    });
  }

  /** The first of them that is no UTF-8, if any: asked of all at once, which takes next to no time. */
  firstInvalid(): number | undefined {
    const last = this.length - 1;
    if (isUtf8(this.#bytes.subarray(this.#start(0), this.#start(last) + this.size(last)))) return undefined;
    for (let i = 0; i < last; i++) if (!isUtf8(this.bytes(i))) return i;
    return last;
  }

  #start(i: number): number {
    return this.#starts[i] ?? 0;
  }
}
