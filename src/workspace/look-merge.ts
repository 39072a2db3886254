import { compareUtf8 } from '../base/bytes.js';
import type { LookedEntries } from './look.js';
import type { StatCache } from './stat-cache.js';
import type { Same } from './stat-changes.js';
import { type EntryView, entriesIn } from './stat-view.js';

/**
 * Puts changes, which come in byte order of their paths, among the entries of a stat cache that are right, and leaves
 * those out that are not: of what differs, and of what has a change. With `touched`, paths in byte order, the entries of
 * folders on the way to those and to a change are left out, too: they look different by now, or no longer lead there.
 */
export function* amongEntries<T extends { readonly path: string }>(
  cache: StatCache,
  entries: LookedEntries,
  changes: Iterable<T>,
  touched?: readonly string[],
): Generator<Same | T> {
  const { looks } = entries;
  const coming = changes[Symbol.iterator]();
  let change = coming.next();
  let at = 0;
  const isTouched = (folder: string): boolean => {
    if (touched === undefined) return false;
    while (compareUtf8(touched[at] ?? folder, folder) < 0) at++;
    return (
      touched[at]?.startsWith(folder) === true ||
      (change.done !== true && change.value.path.startsWith(folder))
    );
  };
  for (const { index, different } of looks) {
    const stretch = cache.stretch(entries, index);
    const run = new Run(stretch);
    const dropped = new Set(different);
    const next = looks[index + 1]?.first;
    const isLater = change.done === true || (next !== undefined && compareUtf8(change.value.path, next) >= 0);
    const isWhole = dropped.size === 0 && isLater && touched === undefined;
    for (const entry of entriesIn(stretch)) {
      if (isWhole) {
        run.add(entry);
        continue;
      }
      const { key } = entry;
      let isRight = !dropped.has(entry.at);
      for (; change.done !== true && compareUtf8(change.value.path, key) <= 0; change = coming.next()) {
        yield* run.end();
        yield change.value;
        if (change.value.path === key) isRight = false;
      }
      if (entry.type === 'folder' && isTouched(key)) isRight = false;
      if (isRight) run.add(entry);
      else yield* run.end();
    }
    yield* run.end();
  }
  for (; change.done !== true; change = coming.next()) yield change.value;
}

/** Entries of one stretch that follow each other. */
class Run {
  readonly #stretch: Buffer;
  #first: EntryView | undefined;
  #last: EntryView | undefined;
  #count = 0;
  #bytes = 0;

  constructor(stretch: Buffer) {
    this.#stretch = stretch;
  }

  add(entry: EntryView): void {
    this.#first ??= entry;
    this.#last = entry;
    this.#bytes += entry.bytes;
    if (entry.type !== 'folder') this.#count++;
  }

  *end(): Generator<Same> {
    if (this.#first === undefined || this.#last === undefined) return;
    const { path, at } = this.#first;
    const { key, end } = this.#last;
    const entries = this.#stretch.subarray(at, end);
    const folder = key.slice(0, key.lastIndexOf('/') + 1);
    yield { type: 'same', same: { path, folder, count: this.#count, bytes: this.#bytes, entries } };
    this.#first = undefined;
    this.#count = 0;
    this.#bytes = 0;
  }
}
