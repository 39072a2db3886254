import { closeSync, fstatSync, lstatSync, mkdirSync, openSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { ioError, isDvsError } from '../base/errors.js';
import { ownedName } from '../base/owner.js';
import type { FileStat } from './file-stat.js';

const MS = 1_000_000n;
/** A kernel stamps files with the time of its last tick, of which there are at least 100 a second. */
const TICK_NS = 20n * MS;
/** Some file systems keep whole or even seconds. */
const COARSE_NS = 2_000n * MS;

/**
 * What the file system of `folder` takes for the present, in nanoseconds: on a network the clock of the server,
 * which stamps the files, counts, and not ours. Makes a file there and removes it.
 */
export function fileSystemNow(folder: string): bigint {
  const path = join(folder, ownedName());
  try {
    const file = openSync(path, 'wx');
    try {
      return fstatSync(file, { bigint: true }).mtimeNs;
    } finally {
      closeSync(file);
      rmSync(path, { force: true });
    }
  } catch (error) {
    throw ioError(error, 'writing', path);
  }
}

/** The same, making the folder first; undefined where nothing can be written. */
export function timeWhereWritable(folder: string): bigint | undefined {
  try {
    if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) mkdirSync(folder);
    return fileSystemNow(folder);
  } catch (error) {
    const trouble = ioError(error, 'writing', folder);
    if (isDvsError(trouble, 'E_NOSPC', 'E_ACCESS')) return undefined;
    throw trouble;
  }
}

/** By their number in statfs(2): ext2 to ext4, XFS, Btrfs, tmpfs, F2FS, ZFS. */
const LOCAL_FILE_SYSTEMS: ReadonlySet<number> = new Set([
  0xef53, 0x58465342, 0x9123683e, 0x01021994, 0xf2f52010, 0x2fc12fc1,
]);

/**
 * Whether a folder there certainly gets other times when a name in it comes, goes or changes: those that are on
 * a network, or made up by a program, may have any times.
 */
export function hasFolderTimes(folder: string): boolean {
  return LOCAL_FILE_SYSTEMS.has(statfsSync(folder).type);
}

/**
 * True when a file that looked like this, and was read after `readAtNs`, must look different after any later
 * change: its times are too long past for a change to fall into the same tick of the file system's clock. Except for
 * stores through a memory map: to a page that was written to already they change no time.
 */
export function isSettled({ mtimeNs, ctimeNs }: FileStat, readAtNs: bigint): boolean {
  const granularity = ctimeNs % (1_000n * MS) === 0n ? COARSE_NS : TICK_NS;
  const newest = mtimeNs > ctimeNs ? mtimeNs : ctimeNs;
  return newest + granularity < readAtNs;
}
