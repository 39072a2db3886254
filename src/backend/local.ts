import type { Stats } from 'node:fs';
import { type FileHandle, lstat, open, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DvsError, systemCode } from '../base/errors.js';
import { READ_NO_LINK } from '../base/open-flags.js';
import { ownedName } from '../base/owner.js';
import { copySynced, makeFolder, makeFolders, syncFolder, writeSynced } from './durable.js';
import { orAbsent, readFully, remove } from './files.js';
import type { AdoptedFile, Backend, ByteRange, ListedFile } from './interface.js';
import { checkKey, checkPrefix, clampRange, isKey, TEMP_FOLDER } from './key.js';
import { tryLink } from './link.js';

/** Files that are looked at at once: one after the other would take five times as long. */
const LOOKED_AT_ONCE = 64;

/**
 * Files in a folder. A file is written and fsynced under `tmp/`, then gets its real name by `link()`, the one
 * call that neither overwrites nor leaves a half-made file, whoever else tries the same and whenever the power
 * fails; then its folder is fsynced. What killed processes leave in `tmp/` is for `sweepTemp` to remove.
 *
 * The folder may lie on a disk that somebody unplugs. What is left then is no folder, or the empty one where it was
 * mounted: nothing is absent because of that (E_IO), and nothing is written there.
 */
export class LocalBackend implements Backend {
  readonly kind = 'local';
  readonly #root: string;
  readonly #temp: string;
  /** Number of the file system that the folder was first seen on. */
  #device: number | undefined;

  constructor(root: string) {
    this.#root = root;
    this.#temp = join(root, TEMP_FOLDER);
  }

  prepare(folders: readonly string[]): Promise<void> {
    for (const folder of folders) checkKey(folder);
    return makeFolders(this.#root, [TEMP_FOLDER, ...folders]);
  }

  async create(key: string, bytes: Uint8Array): Promise<boolean> {
    const path = this.localPath(key);
    await this.#assertHere();
    await makeFolder(dirname(path));
    const isCreated = await this.#throughTemp(
      (temp) => writeSynced(temp, bytes),
      (temp) => tryLink(temp, path),
    );
    // Also when someone else made it: they may have been killed before this.
    await syncFolder(dirname(path));
    await this.#assertHere();
    return isCreated;
  }

  async adopt(files: readonly AdoptedFile[]): Promise<void> {
    const moves = files.map(({ key, path }) => ({ key, from: path, to: this.localPath(key) }));
    const folders = new Set(moves.map(({ to }) => dirname(to)));
    await this.#assertHere();
    for (const folder of folders) await makeFolder(folder);
    for (const { key, from, to } of moves) {
      if (!(await this.#linkOrCopy(from, to))) {
        throw new DvsError('E_EXISTS', `the store has a file ${key} already`, { about: [key] });
      }
    }
    for (const folder of folders) await syncFolder(folder);
    await this.#assertHere();
    for (const { from } of moves) await remove(from);
  }

  async read(key: string, range?: ByteRange): Promise<Uint8Array | undefined> {
    const path = this.localPath(key);
    return this.#orAbsent('reading', path, async () => {
      const handle = await openOwn(path);
      if (handle === undefined) return undefined;
      try {
        const stats = await handle.stat();
        if (!stats.isFile()) return undefined;
        const { offset, length } = clampRange(range, stats.size);
        return await readFully(handle, Buffer.allocUnsafeSlow(length), offset);
      } finally {
        await handle.close();
      }
    });
  }

  #look(key: string): Promise<Stats | undefined> {
    const path = join(this.#root, key);
    return this.#orAbsent('reading', path, () => lstat(path));
  }

  async size(key: string): Promise<number | undefined> {
    checkKey(key);
    const stats = await this.#look(key);
    return stats?.isFile() === true ? stats.size : undefined;
  }

  async *list(prefix: string): AsyncGenerator<ListedFile> {
    checkPrefix(prefix);
    const pending = [prefix];
    for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
      const path = join(this.#root, folder);
      // Names alone: for types, on some file systems, Node looks at each, and fails when one has just gone.
      const names = (await this.#orAbsent('listing', path, () => readdir(path))) ?? [];
      // Passed by: tmp, and what others put there, like .nfs0123 or .DS_Store.
      const keys = names.map((name) => folder + name).filter(isKey);
      for (let first = 0; first < keys.length; first += LOOKED_AT_ONCE) {
        const some = keys.slice(first, first + LOOKED_AT_ONCE);
        const stats = await Promise.all(some.map((key) => this.#look(key)));
        for (const [i, key] of some.entries()) {
          if (stats[i]?.isDirectory() === true) pending.push(`${key}/`);
          if (stats[i]?.isFile() === true) yield { key, size: stats[i].size };
        }
      }
    }
  }

  async delete(key: string): Promise<void> {
    if ((await this.size(key)) !== undefined) await remove(this.localPath(key));
  }

  /** A file is created by a link to it, and the name that it had first is removed when all is durable. */
  async isUnsettled(key: string): Promise<boolean> {
    const stats = await this.#look(key);
    return stats?.isFile() === true && stats.nlink > 1;
  }

  async settle(key: string): Promise<void> {
    const folder = dirname(this.localPath(key));
    await makeFolder(folder);
    await syncFolder(folder);
  }

  localPath(key: string): string {
    checkKey(key);
    return join(this.#root, key);
  }

  /** As `orAbsent`, where the folder is. */
  async #orAbsent<T>(doing: string, path: string, act: () => Promise<T>): Promise<T | undefined> {
    if (this.#device === undefined) await this.#assertHere();
    const found = await orAbsent(doing, path, act);
    if (found === undefined) await this.#assertHere();
    return found;
  }

  /** E_IO when the folder was there before, and is not any more. */
  async #assertHere(): Promise<void> {
    const stats = await orAbsent('reading', this.#root, () => stat(this.#root));
    this.#device ??= stats?.dev;
    if (stats?.dev === this.#device) return;
    throw new DvsError('E_IO', `the folder of the store has gone: ${this.#root}`, {
      about: [this.#root],
      hint: 'Plug in or mount its disk, then run the same command again; whatever was acknowledged is on it.',
    });
  }

  async #linkOrCopy(from: string, to: string): Promise<boolean> {
    try {
      return await tryLink(from, to);
    } catch (error) {
      if (!(error instanceof DvsError) || systemCode(error.cause) !== 'EXDEV') throw error;
      return this.#throughTemp(
        (temp) => copySynced(from, temp),
        (temp) => tryLink(temp, to),
      );
    }
  }

  /** Makes a temporary file, uses it, and removes it whatever happens. */
  async #throughTemp<T>(
    make: (temp: string) => Promise<void>,
    use: (temp: string) => Promise<T>,
  ): Promise<T> {
    await makeFolder(this.#temp);
    const temp = join(this.#temp, ownedName());
    await make(temp);
    try {
      return await use(temp);
    } finally {
      await remove(temp);
    }
  }
}

/** Opens a file to read; undefined when a link lies there. */
async function openOwn(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, READ_NO_LINK);
  } catch (error) {
    if (systemCode(error) === 'ELOOP') return undefined;
    throw error;
  }
}
