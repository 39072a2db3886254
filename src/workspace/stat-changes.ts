import { compareUtf8 } from '../base/bytes.js';
import { DvsError } from '../base/errors.js';
import { KiB } from '../base/limits.js';
import type { CrawledFile } from './crawl.js';
import { isSame, type StatCache } from './stat-cache.js';
import type { PlacedEntry } from './stat-format.js';

/** Neighbours whose entries are right; those of folders may be among them. */
export interface SameEntries {
  /** Of the first. */
  readonly path: string;
  /** The folder that the last is in, or is, with a `/`; empty for the tracked one. */
  readonly folder: string;
  /** Of files and links. */
  readonly count: number;
  /** Of all these files. */
  readonly bytes: number;
  /** As they stand in the stat cache; at most `STRETCH` bytes. */
  readonly entries: Buffer;
}

export interface Same {
  readonly type: 'same';
  readonly same: SameEntries;
}

/** A path where there is no file or link any more. */
export interface Gone {
  readonly type: 'gone';
  readonly path: string;
}

/** A file or link that was not there, or was another. */
export interface Other {
  readonly type: 'other';
  readonly path: string;
  readonly file: CrawledFile;
}

/** What became of files since a stat cache was written. */
export type StatChange = Same | Gone | Other;

const MAX_SAME = 64 * KiB;

/**
 * Goes through a crawl and the entries of a stat cache together, which have the same order. The stat cache must
 * be rewound, and know all files (`hasFiles`): E_DAMAGED when it turns out to have fewer or more.
 */
export function* statChanges(cache: StatCache, crawled: Iterable<CrawledFile>): Generator<StatChange> {
  const run = new Run(cache);
  let count = 0;
  const next = (): PlacedEntry | undefined => {
    const entry = cache.next();
    if (entry !== undefined) count++;
    else if (count !== cache.dataset?.count) throw damaged();
    return entry;
  };
  let known = next();
  for (const file of crawled) {
    for (; known !== undefined && compareUtf8(known.path, file.path) < 0; known = next()) {
      yield* run.end();
      yield { type: 'gone', path: known.path };
    }
    if (known?.path !== file.path) {
      yield* run.end();
      yield { type: 'other', path: file.path, file };
      continue;
    }
    if (isSame(known, file)) {
      if (!run.continuesWith(known)) yield* run.end();
      run.add(known);
    } else {
      yield* run.end();
      yield { type: 'other', path: file.path, file };
    }
    known = next();
  }
  yield* run.end();
  for (; known !== undefined; known = next()) yield { type: 'gone', path: known.path };
}

/** Entries that are the same, as long as one follows the other. */
class Run {
  readonly #cache: StatCache;
  #first: PlacedEntry | undefined;
  #folder = '';
  #count = 0;
  #bytes = 0;
  #end = 0;

  constructor(cache: StatCache) {
    this.#cache = cache;
  }

  continuesWith({ path, at, length }: PlacedEntry): boolean {
    const first = this.#first;
    if (first === undefined || at !== this.#end || at + length - first.at > MAX_SAME) return false;
    return path.startsWith(this.#folder) && path.indexOf('/', this.#folder.length) < 0;
  }

  add(entry: PlacedEntry): void {
    if (this.#first === undefined) {
      this.#first = entry;
      this.#folder = entry.path.slice(0, entry.path.lastIndexOf('/') + 1);
    }
    this.#count++;
    this.#bytes += entry.stat?.size ?? 0;
    this.#end = entry.at + entry.length;
  }

  *end(): Generator<StatChange> {
    const first = this.#first;
    if (first === undefined) return;
    const entries = this.#cache.read(first.at, this.#end);
    if (entries.length !== this.#end - first.at) throw damaged();
    yield {
      type: 'same',
      same: { path: first.path, folder: this.#folder, count: this.#count, bytes: this.#bytes, entries },
    };
    this.#first = undefined;
    this.#count = 0;
    this.#bytes = 0;
  }
}

function damaged(): DvsError {
  return new DvsError('E_DAMAGED', 'a stat cache has other entries than it says', {
    hint: 'Run the same command with --rehash.',
  });
}
