import { join } from 'node:path';
import { compareUtf8, equalBytes, hex, utf8 } from '../base/bytes.js';
import { KiB } from '../base/limits.js';
import { DIGEST_LENGTH, type Digest, Sha256, sha256 } from '../id/hash.js';
import { ByteFile } from './byte-file.js';
import type { CrawledFile } from './crawl.js';
import { sameStat } from './file-stat.js';
import type { RawName } from './list-folder.js';
import {
  CHECKED_TRAILER_LENGTH,
  decodeTrailer,
  type StatEntry,
  type StatTrailer,
  takeEntry,
  takeHeader,
  takePath,
} from './stat-format.js';
import { wholeEntries } from './stat-view.js';
import type { Workspace } from './workspace.js';

/** Where the stat cache of a tracked path lies. */
export function statCachePath({ statDir }: Workspace, tracked: string): string {
  return join(statDir, hex(sha256(utf8(tracked))));
}

const STRETCH = 128 * KiB;

/** Where in an open stat cache there are entries. */
export interface Stretches {
  readonly descriptor: number;
  /** Where the first stretch begins, and where each ends. */
  readonly bounds: readonly number[];
}

/**
 * What the files of a tracked path were when they were last hashed. It is merged with a crawl, which has the
 * same order, so that neither is ever held in memory: call `match` with each file the crawl yields, then ask
 * `isUnchanged`. Whoever opens it closes it.
 *
 * A damaged file, or one of another path, is as good as none.
 */
export class StatCache {
  readonly #file: ByteFile | undefined;
  readonly #trailer: StatTrailer | undefined;
  #entry: StatEntry | undefined;
  #crawled = 0;
  #matched = 0;

  private constructor(file: ByteFile | undefined, trailer: StatTrailer | undefined) {
    this.#file = file;
    this.#trailer = trailer;
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

  /** The digest of the ID of the dataset that all files made together; undefined when nothing is known. */
  get dataset(): Digest | undefined {
    return this.#trailer?.dataset;
  }

  /** Whether the entries of folders tell that there are no names but those of the entries. */
  get hasFolders(): boolean {
    return this.#trailer?.hasFolders ?? false;
  }

  /** Files and links in that dataset. */
  get total(): number {
    return this.#trailer?.total ?? 0;
  }

  /**
   * The digest of the file's content (of the target, for a link) when it is certain that it did not change.
   * Files must come in byte order of their paths, each once.
   */
  match(file: CrawledFile): Digest | undefined {
    if (this.#crawled++ === 0) this.#entry = this.#next();
    while (this.#entry !== undefined && compareUtf8(this.#entry.path, file.path) < 0)
      this.#entry = this.#next();
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
   * one. To be asked before anything is matched.
   */
  stretches(): Stretches | undefined {
    if (this.#file === undefined || this.#trailer === undefined) return undefined;
    const { descriptor, position, size } = this.#file;
    const bounds = [position];
    let files = 0;
    for (let at = position; at < size - CHECKED_TRAILER_LENGTH; ) {
      const bytes = this.#file.read(at, Math.min(STRETCH, size - CHECKED_TRAILER_LENGTH - at));
      const whole = wholeEntries(bytes);
      if (whole.end === 0) return undefined;
      at += whole.end;
      files += whole.files;
      bounds.push(at);
    }
    return files === this.#trailer.total ? { descriptor, bounds } : undefined;
  }

  /** After the last file: true when they are exactly those of `dataset`, each unchanged. */
  isUnchanged(): boolean {
    return this.#matched === this.#crawled && this.#crawled === this.#trailer?.total;
  }

  close(): void {
    this.#file?.close();
  }

  #next(): StatEntry | undefined {
    return this.#file && takeEntry(this.#file);
  }
}

function isSame({ stat, digest }: StatEntry, file: CrawledFile): boolean {
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
