import { lstatSync, statSync } from 'node:fs';
import { systemCode } from '../base/errors.js';
import { type FileStat, fileStat } from './file-stat.js';
import { hasFolderTimes, isSettled } from './fresh.js';
import type { FolderEntry } from './stat-format.js';

const NONE: readonly FolderEntry[] = [];

/** No folder looks like this: one that is said to will be listed by whoever looks again. */
const UNKNOWN: FileStat = { size: 0, mtimeNs: 0n, ctimeNs: 0n, ino: 0n };

export interface FolderStatsOptions {
  /** Links are what they lead to. */
  readonly follow?: boolean;
  /** False where folders are not listed, so that of each no more is known than that it is there. */
  readonly isListed?: boolean;
}

/** What the folders above files look like, as the files are told in byte order of their paths. */
export class FolderStats {
  readonly #root: string;
  readonly #lookAt: typeof lstatSync | typeof statSync;
  readonly #readAtNs: bigint;
  readonly #isListed: boolean;
  /** Of the root: what is mounted in it is another's. */
  readonly #device: bigint | undefined;
  /** The folder of the last file, with a `/`; undefined before the first file. */
  #way: string | undefined;
  #isComplete: boolean;
  /** How many folders were listed. */
  #all = 0;
  /** Those of them, as they then looked, of whose files none was told yet. */
  readonly #listed = new Map<string, FolderEntry>();
  #count = 0;

  /** `readAtNs`: what `fileSystemNow` said before the first folder was listed. */
  constructor(root: string, readAtNs: bigint, { follow = false, isListed = true }: FolderStatsOptions = {}) {
    this.#root = root;
    this.#isListed = isListed;
    this.#lookAt = follow ? statSync : lstatSync;
    this.#readAtNs = readAtNs;
    const device = deviceOf(root);
    this.#device = device;
    this.#isComplete = device !== undefined;
  }

  /**
   * True when each folder that was listed had files, and will look different after any later change of a name in it, or
   * be listed again. Where none was listed, the tracked folder has an entry, from which all others are found.
   */
  get isComplete(): boolean {
    return this.#isComplete && (this.#isListed ? this.#count === this.#all : this.#way !== undefined);
  }

  /** To be called right before that folder is listed: it may be another by the time its files are told. */
  listing(path: string): void {
    this.#all++;
    const entry = this.#isComplete ? this.#look(path) : undefined;
    if (entry !== undefined) this.#listed.set(path, entry);
  }

  /** The folders on the way to this file that were on none before. */
  before(path: string): readonly FolderEntry[] {
    const way = path.slice(0, path.lastIndexOf('/') + 1);
    const last = this.#way;
    if (!this.#isComplete || way === last) return NONE;
    this.#way = way;
    const entries = last === undefined ? [this.#take('')] : [];
    for (let end = way.indexOf('/'); end >= 0; end = way.indexOf('/', end + 1)) {
      if (last?.startsWith(way.slice(0, end + 1)) !== true) entries.push(this.#take(way.slice(0, end)));
    }
    const found = entries.filter((entry) => entry !== undefined);
    this.#isComplete = found.length === entries.length;
    this.#count += found.length;
    return found;
  }

  /** Entries were copied, with those of the folders on the way, up to one in this folder. */
  passed(folder: string): void {
    this.#way = folder;
  }

  #take(path: string): FolderEntry | undefined {
    if (!this.#isListed) return { path, digest: undefined, stat: UNKNOWN };
    const entry = this.#listed.get(path);
    this.#listed.delete(path);
    return entry;
  }

  /** How a folder looks now; it is known to look so when it is listed only if its times lie before that. */
  #look(path: string): FolderEntry | undefined {
    const stats = tryTo(() =>
      this.#lookAt(path === '' ? this.#root : `${this.#root}/${path}`, { bigint: true }),
    );
    if (stats?.isDirectory() !== true || stats.dev !== this.#device) return undefined;
    const stat = fileStat(stats);
    return { path, digest: undefined, stat: isSettled(stat, this.#readAtNs) ? stat : UNKNOWN };
  }
}

/** The device of a folder whose times can be relied on; undefined for another. */
function deviceOf(root: string): bigint | undefined {
  return tryTo(() => (hasFolderTimes(root) ? lstatSync(root, { bigint: true }).dev : undefined));
}

/** What cannot be looked at is not known; whoever wants to read it is told why. */
function tryTo<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return undefined;
  }
}
