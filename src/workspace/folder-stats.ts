import { lstatSync, statSync } from 'node:fs';
import { systemCode } from '../base/errors.js';
import { fileStat } from './file-stat.js';
import { hasFolderTimes, isSettled } from './fresh.js';
import type { FolderEntry } from './stat-format.js';

const NONE: readonly FolderEntry[] = [];

/** What the folders above files look like, as the files are told in byte order of their paths. */
export class FolderStats {
  readonly #root: string;
  readonly #lookAt: typeof lstatSync | typeof statSync;
  readonly #readAtNs: bigint;
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

  /** `readAtNs`: what `fileSystemNow` said before the first folder was listed. `follow`: links are what they lead to. */
  constructor(root: string, readAtNs: bigint, follow = false) {
    this.#root = root;
    this.#lookAt = follow ? statSync : lstatSync;
    this.#readAtNs = readAtNs;
    const device = deviceOf(root);
    this.#device = device;
    this.#isComplete = device !== undefined;
  }

  /** True when each folder that was listed had files, and will look different after any later change of a name in it. */
  get isComplete(): boolean {
    return this.#isComplete && this.#count === this.#all;
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
    const entry = this.#listed.get(path);
    this.#listed.delete(path);
    return entry;
  }

  /**
   * How a folder looks now, which is how it looks when it is listed if its times lie before that; undefined
   * unless they do.
   */
  #look(path: string): FolderEntry | undefined {
    const stats = tryTo(() =>
      this.#lookAt(path === '' ? this.#root : `${this.#root}/${path}`, { bigint: true }),
    );
    if (stats?.isDirectory() !== true || stats.dev !== this.#device) return undefined;
    const stat = fileStat(stats);
    return isSettled(stat, this.#readAtNs) ? { path, digest: undefined, stat } : undefined;
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
