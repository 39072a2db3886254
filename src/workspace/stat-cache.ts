import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { compareUtf8, equalBytes, hex, utf8 } from '../base/bytes.js';
import { ioError } from '../base/errors.js';
import { KiB } from '../base/limits.js';
import { DIGEST_LENGTH, type Digest, Sha256, sha256 } from '../id/hash.js';
import { ByteFile } from './byte-file.js';
import type { CrawledFile } from './crawl.js';
import { sameStat } from './file-stat.js';
import { type Ignored, NOTHING_IGNORED } from './ignore/count.js';
import type { RawName } from './list-folder.js';
import {
  CHECKED_TRAILER_LENGTH,
  decodeTrailer,
  type KnownDataset,
  type PlacedEntry,
  type StatEntry,
  type StatTrailer,
  takeEntry,
  takeHeader,
  takePath,
} from './stat-format.js';
import { endOfEntries } from './stat-view.js';
import type { Workspace } from './workspace.js';

/** Where the stat cache of a tracked path lies. */
export function statCachePath({ statDir }: Workspace, tracked: string): string {
  return join(statDir, hex(sha256(utf8(tracked))));
}

/** Forgets what is known of a path that is no longer tracked. */
export function forgetStats(workspace: Workspace, tracked: string): void {
  const path = statCachePath(workspace, tracked);
  try {
    rmSync(path, { recursive: true, force: true });
  } catch (error) {
    throw ioError(error, 'removing', path);
  }
}

/** Fits the buffer of whoever writes a stat cache. */
export const STRETCH = 128 * KiB;

/** Where in an open stat cache there are entries. */
export interface Stretches {
  readonly descriptor: number;
  /** Where the first stretch begins, and where each ends. */
  readonly bounds: readonly number[];
}

/**
 * What the files of a tracked path were when they were last hashed. It is merged with a crawl, which has the
 * same order, so that neither is ever held in memory: call `match` with each file the crawl yields, then ask
 * `isUnchanged`; or see `statChanges`. Each begins with `rewind`. Whoever opens it closes it.
 *
 * A damaged file, or one of another path, is as good as none.
 */
export class StatCache {
  readonly #file: ByteFile | undefined;
  readonly #trailer: StatTrailer | undefined;
  /** Where the first entry begins. */
  readonly #start: number;
  #entry: StatEntry | undefined;
  #crawled = 0;
  #matched = 0;

  private constructor(file: ByteFile | undefined, trailer: StatTrailer | undefined) {
    this.#file = file;
    this.#trailer = trailer;
    this.#start = file?.position ?? 0;
  }

  static open(workspace: Workspace, tracked: string): StatCache {
    const file = ByteFile.open(statCachePath(workspace, tracked));
    const trailer = file && checkedTrailer(file);
    if (file !== undefined && trailer !== undefined && takeHeader(file, tracked)) {
      return new StatCache(file, trailer);
    }
    file?.close();
    return new StatCache(undefined, undefined);
  }

  /** The dataset that all files made together; undefined when nothing is known. */
  get dataset(): KnownDataset | undefined {
    return this.#trailer?.dataset;
  }

  /** Whether each of its files and links has an entry. */
  get hasFiles(): boolean {
    return this.#trailer?.hasFiles ?? false;
  }

  /** Whether the entries of folders tell that there are no names but those of the entries. */
  get hasFolders(): boolean {
    return this.#trailer?.hasFolders ?? false;
  }

  /** Whether the rules from above were these when it was gone through. */
  hadRules(digest: Digest): boolean {
    return this.#trailer !== undefined && equalBytes(this.#trailer.rules, digest);
  }

  /** What was ignored then. */
  get ignored(): Ignored {
    return this.#trailer?.ignored ?? NOTHING_IGNORED;
  }

  /** Begins with the first entry again. */
  rewind(): void {
    this.#file?.seek(this.#start);
    this.#entry = undefined;
    this.#crawled = 0;
    this.#matched = 0;
  }

  /**
   * The digest of the file's content (of the target, for a link) when it is certain that it did not change.
   * Files must come in byte order of their paths, each once.
   */
  match(file: CrawledFile): Digest | undefined {
    if (this.#crawled++ === 0) this.#entry = this.next();
    while (this.#entry !== undefined && compareUtf8(this.#entry.path, file.path) < 0)
      this.#entry = this.next();
    const entry = this.#entry;
    if (entry?.path !== file.path || !isSame(entry, file)) return undefined;
    this.#matched++;
    return entry.digest;
  }

  /** Instead of `match`: whether the next file has this path, of one byte a character. */
  matchPath(path: RawName): boolean {
    this.#crawled++;
    if (this.#file === undefined || !takePath(this.#file, path)) return false;
    this.#matched++;
    return true;
  }

  /**
   * The entries in stretches of whole ones, for others to compare; undefined unless every file of the dataset has
   * one.
   */
  stretches(): Stretches | undefined {
    if (this.#file === undefined || !this.hasFiles) return undefined;
    const { descriptor, size } = this.#file;
    const bounds = [this.#start];
    for (let at = this.#start; at < size - CHECKED_TRAILER_LENGTH; ) {
      const bytes = this.#file.read(at, Math.min(STRETCH, size - CHECKED_TRAILER_LENGTH - at));
      const end = endOfEntries(bytes);
      if (end === 0) return undefined;
      at += end;
      bounds.push(at);
    }
    return { descriptor, bounds };
  }

  /** One of its stretches. */
  stretch({ bounds }: Stretches, index: number): Buffer {
    return this.read(bounds[index] ?? 0, bounds[index + 1] ?? 0);
  }

  /** After the last file: true when they are exactly those of `dataset`, each unchanged. */
  isUnchanged(): boolean {
    return this.#matched === this.#crawled && this.#crawled === this.#trailer?.dataset.count;
  }

  close(): void {
    this.#file?.close();
  }

  /** The next entry of a file or link; undefined after the last. */
  next(): PlacedEntry | undefined {
    return this.#file && takeEntry(this.#file);
  }

  /** The bytes from one place to another, as they stand. */
  read(from: number, to: number): Buffer {
    return this.#file?.read(from, to - from) ?? Buffer.alloc(0);
  }
}

/** Whether a file or link is what its entry says. */
export function isSame({ stat, digest }: StatEntry, file: CrawledFile): boolean {
  if (file.type === 'file') return stat !== undefined && sameStat(stat, file.stat);
  return stat === undefined && equalBytes(digest, sha256(utf8(file.target)));
}

function checkedTrailer(file: ByteFile): StatTrailer | undefined {
  const end = file.size - DIGEST_LENGTH;
  const start = file.size - CHECKED_TRAILER_LENGTH;
  if (start < 0) return undefined;
  const hash = new Sha256();
  for (const piece of file.pieces(end)) hash.update(piece);
  if (!equalBytes(hash.digest(), file.read(end, DIGEST_LENGTH))) return undefined;
  return decodeTrailer(file.read(start, CHECKED_TRAILER_LENGTH));
}
