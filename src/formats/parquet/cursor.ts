import { Unreadable } from '../unreadable.js';
import type { ChunkReader } from './chunk.js';
import type { ChunkPlace } from './layout.js';
import type { Page } from './page.js';
import type { Physical } from './scalar.js';

/**
 * Goes through the values of a column chunk. `load` reads pages until a whole row is there; what is there can then be gone
 * through without waiting.
 */
export class LeafCursor {
  readonly #reader: ChunkReader;
  readonly #place: ChunkPlace;
  #pages: Page[] = [];
  #at = 0;
  /** Which of the page's values that are there is the next. */
  #value = 0;
  #begun = 0;
  #taken = 0;
  #ended = false;

  constructor(reader: ChunkReader, place: ChunkPlace) {
    this.#reader = reader;
    this.#place = place;
  }

  /** How many whole rows are there. A row of lists may go on in the next page. */
  get rows(): number {
    const open = this.#ended || this.#place.leaf.rep === 0 ? 0 : 1;
    return Math.max(0, this.#begun - open - this.#taken);
  }

  /** About how much memory is taken by what was read. */
  get bytes(): number {
    return this.#pages.reduce((sum, page) => sum + page.bytes, this.#reader.dictionaryBytes);
  }

  /** Reads pages until there is a row; `room` throws when they take too much memory together. */
  async load(room: () => void): Promise<void> {
    while (this.rows === 0) {
      const page = await this.#reader.next();
      if (page === undefined) this.#ended = true;
      else if (page.count > 0) {
        if (this.#begun === this.#taken && page.reps !== undefined && page.reps[0] !== 0)
          throw new Unreadable(`${this.#place.name} continues a row that was not begun`);
        this.#pages.push(page);
        this.#begun += startsOf(page);
        if (this.#begun > this.#place.rows)
          throw new Unreadable(`${this.#place.name} has more rows than its row group`);
        room();
      }
      if (this.#ended && this.rows === 0)
        throw new Unreadable(`${this.#place.name} has fewer rows than its row group`);
    }
  }

  /** Passes over rows, where possible without reading their pages. */
  async skip(count: number, room: () => void): Promise<void> {
    for (let left = count; left > 0; ) {
      if (this.#pages.length === 0 || (this.#pages.length === 1 && this.#at === this.#pages[0]?.count)) {
        const passed = await this.#reader.skip(left);
        this.#begun += passed;
        this.#taken += passed;
        left -= passed;
        if (left === 0) return;
      }
      await this.load(room);
      for (let rows = Math.min(left, this.rows); rows > 0; rows--, left--) this.#skipRow();
    }
  }

  /** The definition level of the next value, -1 at the end. */
  get def(): number {
    const page = this.#page();
    return page === undefined ? -1 : (page.defs?.[this.#at] ?? this.#place.leaf.def);
  }

  /** The repetition level of the next value: 0 begins a row. 0 at the end. */
  get rep(): number {
    return this.#page()?.reps?.[this.#at] ?? 0;
  }

  /** Takes the next value: undefined where it is absent. */
  take(): Physical | undefined {
    const page = this.#page();
    if (page === undefined) throw new Unreadable(`${this.#place.name} has fewer values than its row group`);
    const isThere = page.defs === undefined || page.defs[this.#at] === this.#place.leaf.def;
    const value = isThere ? page.values.at(this.#value++) : undefined;
    this.#at++;
    return value;
  }

  /** To be called at the end of each row. */
  endRow(): void {
    if (this.rep !== 0)
      throw new Unreadable(`${this.#place.name} repeats otherwise than the columns beside it`);
    this.#taken++;
  }

  #skipRow(): void {
    do {
      const page = this.#page();
      if (page === undefined) throw new Unreadable(`${this.#place.name} has fewer values than its row group`);
      if (page.defs === undefined || page.defs[this.#at] === this.#place.leaf.def) this.#value++;
      this.#at++;
    } while (this.rep !== 0);
    this.#taken++;
  }

  #page(): Page | undefined {
    for (;;) {
      const page = this.#pages[0];
      if (page === undefined || this.#at < page.count) return page;
      this.#pages.shift();
      this.#at = 0;
      this.#value = 0;
    }
  }
}

function startsOf({ reps, count }: Page): number {
  if (reps === undefined) return count;
  let starts = 0;
  for (const level of reps) if (level === 0) starts++;
  return starts;
}
