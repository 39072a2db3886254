import { KiB, MiB } from '../base/limits.js';

/** Bytes of a file that one slot holds at a time. */
export const SLOT_DATA = 4 * MiB;
/** Room before the data for what the previous stretch of the file left uncut: less than one largest chunk. */
export const SLOT_HEAD = 128 * KiB;

const WASM_PAGE = 64 * KiB;

/** A piece of shared memory: `SLOT_HEAD` bytes of room, then `SLOT_DATA` bytes of data. */
export interface Slot {
  readonly index: number;
  /** Where the data begins, in bytes from the start of the shared memory. */
  readonly dataAt: number;
}

/**
 * Slots in one WebAssembly memory that all threads share, so that a file is read once, straight to where it
 * is scanned, hashed and stored from. `reserve` bytes before the first slot are left to the caller.
 */
export class Slots {
  readonly memory: WebAssembly.Memory;
  readonly #free: Slot[];
  readonly #waiting: ((slot: Slot) => void)[] = [];

  constructor(count: number, reserve: number) {
    const stride = SLOT_HEAD + SLOT_DATA;
    const pages = Math.ceil((reserve + count * stride) / WASM_PAGE);
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    this.#free = Array.from({ length: count }, (_, index) => ({
      index,
      dataAt: reserve + index * stride + SLOT_HEAD,
    }));
  }

  /** A free slot; waits, first come first served, until there is one. */
  acquire(): Promise<Slot> {
    const slot = this.#free.pop();
    if (slot !== undefined) return Promise.resolve(slot);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  release(slot: Slot): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.push(slot);
    else next(slot);
  }
}
