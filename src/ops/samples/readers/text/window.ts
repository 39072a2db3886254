import { asBuffer } from '../../../../base/bytes.js';
import { KiB } from '../../../../base/limits.js';

/** Larger pieces are taken in parts, so that memory does not depend on how a file comes. */
const MOST_AT_ONCE = 256 * KiB;

/** Pieces none of which is large. */
export async function* inParts(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    if (piece.length <= MOST_AT_ONCE) yield piece;
    else for (let at = 0; at < piece.length; at += MOST_AT_ONCE) yield piece.subarray(at, at + MOST_AT_ONCE);
  }
}

/**
 * What is read of a file and not yet done with, in one stretch of memory, which is twice as large as it must be at most.
 * Copying every piece costs little beside anything that is done with it, and no row is ever in two places.
 */
export class Window {
  #memory = Buffer.alloc(0);
  /** Where in the file the memory begins. */
  #base = 0;
  #start = 0;
  #end = 0;

  /** All that is there; a view of its own after each `push`. */
  bytes: Buffer = this.#memory;

  /** Where in the file `bytes` begins. */
  get at(): number {
    return this.#base + this.#start;
  }

  /** Puts a piece behind the rest. Whatever was a view before is not valid any more. */
  push(piece: Uint8Array): void {
    const rest = this.#end - this.#start;
    if (this.#end + piece.length > this.#memory.length) {
      const old = this.#memory;
      // Half of it has to be free, or rests would be moved again and again.
      if (2 * (rest + piece.length) > old.length) {
        this.#memory = Buffer.allocUnsafe(2 * (rest + piece.length));
      }
      this.#memory.set(old.subarray(this.#start, this.#end), 0);
      this.#base += this.#start;
      this.#start = 0;
      this.#end = rest;
    }
    this.#memory.set(asBuffer(piece), this.#end);
    this.#end += piece.length;
    this.bytes = this.#memory.subarray(this.#start, this.#end);
  }

  /** Is done with the first of the bytes, which stay where they are until the next `push`. */
  drop(length: number): void {
    this.#start += length;
    this.bytes = this.#memory.subarray(this.#start, this.#end);
  }
}
