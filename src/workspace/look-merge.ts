import { compareUtf8 } from '../base/bytes.js';
import { type LookChanges, pathOf } from './look-changes.js';
import type { StatCache } from './stat-cache.js';
import type { Same, SameEntries, StatChange } from './stat-changes.js';
import { type EntryView, entriesIn } from './stat-view.js';

/** Puts the changes that a look found among the entries that are right, as `statChanges` has them. */
export function* lookChanges(cache: StatCache, found: LookChanges): Generator<StatChange> {
  const { looks } = found.different;
  const changes = found.changes[Symbol.iterator]();
  let change = changes.next();
  for (const { index, different } of looks) {
    const stretch = cache.stretch(found.different, index);
    const end = looks[index + 1]?.first;
    const isWhole = different.length === 0 && (change.done === true || !isBefore(pathOf(change.value), end));
    const run = new Run(stretch);
    const dropped = new Set(different);
    for (const entry of entriesIn(stretch)) {
      if (!isWhole) {
        for (; change.done !== true && !isBefore(entry.key, pathOf(change.value)); change = changes.next()) {
          yield* run.end();
          yield change.value;
        }
        if (dropped.has(entry.at)) {
          yield* run.end();
          continue;
        }
      }
      run.add(entry);
    }
    yield* run.end();
  }
  for (; change.done !== true; change = changes.next()) yield change.value;
}

/** Whether one key comes before another; all come before the end. */
function isBefore(key: string, other: string | undefined): boolean {
  return other === undefined || compareUtf8(key, other) < 0;
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
    const same: SameEntries = { path, folder, count: this.#count, bytes: this.#bytes, entries };
    yield { type: 'same', same };
    this.#first = undefined;
    this.#count = 0;
    this.#bytes = 0;
  }
}
