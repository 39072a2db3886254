import { compareUtf8 } from '../base/bytes.js';
import type { LookedEntries } from './look.js';
import type { StatCache } from './stat-cache.js';
import { type EntryView, entriesIn } from './stat-view.js';

/** The entries of a stat cache by their keys. Asked for in byte order, each stretch of it is read once. */
export class KnownEntries {
  readonly #cache: StatCache;
  readonly #entries: LookedEntries;
  #index = -1;
  #stretch: ReadonlyMap<string, EntryView> = new Map();

  constructor(cache: StatCache, entries: LookedEntries) {
    this.#cache = cache;
    this.#entries = entries;
  }

  at(key: string): EntryView | undefined {
    const index = this.#indexOf(key);
    if (index !== this.#index) {
      this.#index = index;
      const stretch = this.#cache.stretch(this.#entries, index);
      this.#stretch = new Map([...entriesIn(stretch)].map((entry) => [entry.key, entry]));
    }
    return this.#stretch.get(key);
  }

  /** The last stretch that begins with this key or one before it. */
  #indexOf(key: string): number {
    const { looks } = this.#entries;
    let [low, high] = [0, looks.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (compareUtf8(looks[middle]?.first ?? '', key) <= 0) low = middle;
      else high = middle;
    }
    return low;
  }
}
