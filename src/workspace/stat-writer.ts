import { closeSync, lstatSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { asBuffer, utf8 } from '../base/bytes.js';
import { DvsError, ioError, isDvsError } from '../base/errors.js';
import { MiB } from '../base/limits.js';
import { makePath } from '../base/make-path.js';
import { ownedName } from '../base/owner.js';
import { type Digest, Sha256, sha256 } from '../id/hash.js';
import type { FileStat } from './file-stat.js';
import type { FolderStats } from './folder-stats.js';
import { isSettled } from './fresh.js';
import { type Ignored, IgnoredCount } from './ignore/count.js';
import { NO_RULES_ABOVE } from './ignore/rules-above.js';
import type { RawName } from './list-folder.js';
import { statCachePath } from './stat-cache.js';
import type { SameEntries } from './stat-changes.js';
import {
  encodeHeader,
  encodeTrailer,
  type FolderEntry,
  MAX_ENTRY_LENGTH,
  putEntry,
  type StatEntry,
} from './stat-format.js';
import type { Workspace } from './workspace.js';

/**
 * Writes the stat cache of a tracked path anew: `file` or `link` for each entry of the dataset in byte order,
 * then `finish`, or `discard`. Nothing is fsynced: what a crash leaves of it has a wrong checksum. Where there is
 * no room for it, or no right to write it, the last one stays: it only saves reading files again.
 */
export class StatCacheWriter {
  readonly #readAtNs: bigint;
  readonly #staged: string;
  readonly #path: string;
  /** Undefined once it was closed. */
  #file: number | undefined;
  readonly #hash = new Sha256();
  readonly #buffer = Buffer.alloc(MiB);
  #filled = 0;
  #files = 0;
  #bytes = 0;
  /** Every file has an entry so far. */
  #hasFiles = true;
  #isGivenUp = false;
  readonly #folders: FolderStats | undefined;
  /** Of the rules from above, once all was told. */
  #rules: Digest | undefined;
  readonly #ignored = new IgnoredCount();

  /**
   * `readAtNs` is what `fileSystemNow` said before the first of the files was read and the first folder listed. With
   * `folders` those of the tracked folder are kept too.
   */
  constructor(workspace: Workspace, tracked: string, readAtNs: bigint, folders?: FolderStats) {
    this.#folders = folders;
    this.#readAtNs = readAtNs;
    this.#path = statCachePath(workspace, tracked);
    this.#staged = join(workspace.tmpDir, ownedName());
    this.#try(() => {
      makePath(workspace.tmpDir);
      makePath(workspace.statDir);
      this.#file = openSync(this.#staged, 'wx');
    });
    this.#write(asBuffer(encodeHeader(tracked)));
  }

  /**
   * A file that looked like `stat` when `digest` was found. One that could be changed without looking different
   * is left out, and so read again next time.
   */
  file(path: string, stat: FileStat, digest: Digest): void {
    this.#count(path, stat.size);
    if (isSettled(stat, this.#readAtNs)) this.#put({ path, digest, stat });
    else this.leftOut();
  }

  /** A file of which nothing can be said. */
  leftOut(): void {
    this.#hasFiles = false;
  }

  /** Neighbours that are what an earlier stat cache says. */
  same({ path, folder, count, bytes, entries }: SameEntries): void {
    this.#count(path, bytes, count);
    this.#folders?.passed(folder);
    if (this.#buffer.length - this.#filled < entries.length) this.#flush();
    this.#filled += entries.copy(this.#buffer, this.#filled);
  }

  /** A file that dvs wrote and dated back before it got its name: any later write gives it another time. */
  written(path: string, stat: FileStat, digest: Digest): void {
    this.#count(path, stat.size);
    this.#put({ path, digest, stat });
  }

  link(path: string, target: string): void {
    this.#count(path, 0);
    this.#put({ path, digest: sha256(utf8(target)), stat: undefined });
  }

  /** A folder that is about to be listed, by its path in the tracked one. */
  listing(path: string): void {
    this.#folders?.listing(path);
  }

  /** What was ignored when an earlier stat cache was written, and still is. */
  stillIgnored(ignored: Ignored): void {
    this.#ignored.reset(ignored);
  }

  /** What is passed by because rules say so. */
  ignored(path: RawName, isFolder: boolean): void {
    this.#ignored.add(path, isFolder);
  }

  /**
   * What was told is all that there is, by rules of which those from above have this digest. If each folder had a file,
   * so that it was kept, they will tell when a name comes or goes.
   */
  sawAll(rules = NO_RULES_ABOVE.digest): void {
    this.#rules = rules;
  }

  /** Puts the file in place of the last. `digest` is that of the dataset's ID; see `KnownDataset` for `lostPacks`. */
  finish(digest: Digest, lostPacks?: number): void {
    this.#flush();
    const { digest: none } = NO_RULES_ABOVE;
    const { hasRules, ...ignored } = this.#ignored;
    // A .dvsignore that is itself ignored could change unseen: then names are listed, and rules read, each time.
    const hasFolders = this.#rules !== undefined && this.#folders?.isComplete === true && !hasRules;
    const dataset = { digest, count: this.#files, bytes: this.#bytes, lostPacks };
    const trailer = { hasFolders, hasFiles: this.#hasFiles, dataset, rules: this.#rules ?? none, ignored };
    this.#write(asBuffer(encodeTrailer(trailer)));
    this.#try(() => {
      this.#append(asBuffer(this.#hash.digest()));
      this.#close();
      const isFolder = lstatSync(this.#path, { throwIfNoEntry: false })?.isDirectory() === true;
      if (isFolder) rmSync(this.#path, { recursive: true }); // a file does not take its place
      renameSync(this.#staged, this.#path);
    });
  }

  /** Gives up; the last file stays. */
  discard(): void {
    this.#try(() => {
      this.#close();
      rmSync(this.#staged, { force: true });
    });
  }

  #count(path: string, bytes: number, files = 1): void {
    this.#files += files;
    this.#bytes += bytes;
    if (path === '') return; // the entry of the tracked folder itself, which has none before it
    for (const folder of this.#folders?.before(path) ?? []) this.#put(folder);
  }

  #put(entry: StatEntry | FolderEntry): void {
    if (this.#buffer.length - this.#filled < MAX_ENTRY_LENGTH) this.#flush();
    this.#filled = putEntry(this.#buffer, this.#filled, entry);
  }

  #flush(): void {
    this.#write(this.#buffer.subarray(0, this.#filled));
    this.#filled = 0;
  }

  #write(bytes: Buffer): void {
    this.#hash.update(bytes);
    this.#try(() => this.#append(bytes));
  }

  #append(bytes: Buffer): void {
    if (this.#file === undefined)
      throw new DvsError('E_INTERNAL', 'a stat cache was written to after its end');
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at);
  }

  #close(): void {
    const file = this.#file;
    this.#file = undefined;
    if (file !== undefined) closeSync(file);
  }

  #try(act: () => void): void {
    if (this.#isGivenUp) return;
    try {
      act();
    } catch (error) {
      const trouble = ioError(error, 'writing', this.#staged);
      if (!isDvsError(trouble, 'E_NOSPC', 'E_ACCESS')) throw trouble;
      this.#isGivenUp = true;
      this.#close();
      rmSync(this.#staged, { force: true });
    }
  }
}
