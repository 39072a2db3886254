/** What was paired with what. */
export interface Pairing {
  /** How many items of the first list have a partner. */
  readonly count: number;
  /** For each item of the first list in order: where in the second its partner is, or NONE. */
  readonly from: Float64Array;
  /** For each item of the second list in order: 1 when it has a partner. */
  readonly gone: Uint8Array;
}

export const NONE = -1;

/** Keys of the second list that are in memory at once. */
const AT_ONCE = 1 << 17;

/** An item that can be paired: its number and its place in its list. */
export interface KeyedItem {
  readonly key: string;
  readonly index: number;
  readonly position: number;
}

/** A list that can be gone through by key. */
export interface KeyedList {
  readonly length: number;
  /** The items with a key whose mark, 16 evenly spread bits of the key, is wanted. */
  items(isWanted: (mark: number) => boolean): Iterable<KeyedItem>;
}

/**
 * Pairs items of two lists that have the same key: of several alike, the first with the first. Keys are gone through in
 * shares, so that memory does not grow with them.
 */
export function pairByKey(list: KeyedList, partners: KeyedList, atOnce = AT_ONCE): Pairing {
  const from = new Float64Array(list.length).fill(NONE);
  const gone = new Uint8Array(partners.length);
  let count = 0;
  const shares = list.length === 0 ? 0 : Math.ceil(partners.length / atOnce);
  for (let share = 0; share < shares; share++) {
    const isWanted = (mark: number): boolean => (mark * shares) >>> 16 === share;
    const sources = new Sources();
    for (const { key, index, position } of partners.items(isWanted)) sources.add(key, { index, position });
    for (const { key, index } of list.items(isWanted)) {
      const source = sources.takeFirst(key);
      if (source === undefined) continue;
      count++;
      from[index] = source.position;
      gone[source.index] = 1;
    }
  }
  return { count, from, gone };
}

interface Source {
  readonly index: number;
  readonly position: number;
}

/** Items by key. Those of one key are a ring: each leads to the next, the last to the first. */
class Sources {
  readonly #last = new Map<string, number>();
  readonly #next: number[] = [];
  readonly #sources: Source[] = [];

  add(key: string, source: Source): void {
    const at = this.#sources.push(source) - 1;
    const last = this.#last.get(key);
    this.#next[at] = last === undefined ? at : (this.#next[last] ?? at);
    if (last !== undefined) this.#next[last] = at;
    this.#last.set(key, at);
  }

  takeFirst(key: string): Source | undefined {
    const last = this.#last.get(key);
    const first = last === undefined ? undefined : this.#next[last];
    if (last === undefined || first === undefined) return undefined;
    if (first === last) this.#last.delete(key);
    else this.#next[last] = this.#next[first] ?? last;
    return this.#sources[first];
  }
}
