import { compareUtf8 } from '../base/bytes.js';
import type { Look } from './look.js';
import type { StatCache } from './stat-cache.js';
import { entriesIn } from './stat-view.js';

/** Which keys a stat cache has entries for. Asked in byte order, each stretch of it is read once. */
export class KnownKeys {
  readonly #cache: StatCache;
  readonly #different: NonNullable<Look['different']>;
  #index = -1;
  #keys: ReadonlySet<string> = new Set();

  constructor(cache: StatCache, different: NonNullable<Look['different']>) {
    this.#cache = cache;
    this.#different = different;
  }

  has(key: string): boolean {
    const index = this.#stretchOf(key);
    if (index !== this.#index) {
      this.#index = index;
      this.#keys = new Set([...entriesIn(this.#cache.stretch(this.#different, index))].map((e) => e.key));
    }
    return this.#keys.has(key);
  }

  /** The last stretch that begins with this key or one before it. */
  #stretchOf(key: string): number {
    const { looks } = this.#different;
    let [low, high] = [0, looks.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (compareUtf8(looks[middle]?.first ?? '', key) <= 0) low = middle;
      else high = middle;
    }
    return low;
  }
}
