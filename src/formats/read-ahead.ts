import { KiB } from '../base/limits.js';
import type { Bytes } from './byte-reader.js';

const LEAST = 4 * KiB;
const MOST = 256 * KiB;

/**
 * Reads stretches of a file in ascending order, with a little of what follows: more and more while one stretch follows another,
 * little again after a hop.
 */
export class ReadAhead {
  readonly #bytes: Bytes;
  #at = 0;
  #window: Uint8Array = new Uint8Array();
  #ahead = LEAST;

  constructor(bytes: Bytes) {
    this.#bytes = bytes;
  }

  /** A stretch, shorter where the file ends before; valid for as long as wanted. */
  async read(at: number, length: number): Promise<Uint8Array> {
    const end = this.#at + this.#window.length;
    if (at < this.#at || at + length > end) {
      this.#ahead = at > end || at < this.#at ? LEAST : Math.min(MOST, 2 * this.#ahead);
      this.#window = await this.#bytes.range(at, Math.max(length, this.#ahead));
      this.#at = at;
    }
    const start = at - this.#at;
    return this.#window.subarray(start, start + length);
  }
}
