import { SLOT_DATA } from './slots.js';

/**
 * Cuts a sequence into groups that fit one slot: neighbours of together at most `SLOT_DATA` bytes and
 * `maxItems` items, or one item that is larger, alone.
 */
export class Slotfuls<T> {
  readonly #maxItems: number;
  #group: T[] = [];
  #bytes = 0;
  #items = 0;

  constructor(maxItems: number) {
    this.#maxItems = maxItems;
  }

  /** Takes the next item, which may stand for several; gives back the groups that are complete by it. */
  *add(item: T, bytes: number, items = 1): Generator<T[]> {
    if (this.#bytes + bytes > SLOT_DATA || this.#items >= this.#maxItems) yield* this.end();
    this.#group.push(item);
    this.#bytes += bytes;
    this.#items += items;
    if (bytes > SLOT_DATA) yield* this.end();
  }

  /** The last group, unless it is empty. */
  *end(): Generator<T[]> {
    const group = this.#group;
    this.#group = [];
    this.#bytes = 0;
    this.#items = 0;
    if (group.length > 0) yield group;
  }
}
