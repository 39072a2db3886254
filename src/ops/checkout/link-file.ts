import { chmodSync, lstatSync, rmSync, utimesSync } from 'node:fs';
import { systemCode } from '../../base/errors.js';
import { admit, admitFile, cloneEntry, linkEntry } from '../../workspace/cache/entry.js';
import { type FileStat, fileStat } from '../../workspace/file-stat.js';
import type { Linking } from './linking.js';
import type { FileTarget } from './tasks.js';

type Target = Pick<FileTarget, 'staged' | 'digest' | 'size'>;

/**
 * Makes `staged` a link of the cache's file, and says what it looks like; undefined when the cache has it not, or
 * it cannot be linked just now. `mtime`, in seconds since the epoch, is for files that are their own.
 */
export function linkFile(linking: Linking, target: Target, mtime: number): FileStat | undefined {
  const { cache, how, mode, now, least } = linking;
  const { staged, size } = target;
  if (size < least) return undefined;
  return unlessSystem(staged, () => {
    if (how === 'hardlink') return linkEntry(cache, target, now, staged);
    if (!cloneEntry(cache, target, now, staged)) return undefined;
    chmodSync(staged, mode);
    utimesSync(staged, mtime, mtime);
    return fileStat(lstatSync(staged, { bigint: true }));
  });
}

/**
 * Has `write` make the file for the cache, at the path it is given, and then a link of it. Undefined when the system
 * refuses any of that: the cache may be full or gone, and then files are written as if there were none.
 */
export function cacheAndLink(
  linking: Linking,
  target: Target,
  mtime: number,
  write: (path: string) => void,
): FileStat | undefined {
  if (target.size < linking.least) return undefined;
  const isCached = unlessSystem(target.staged, () => {
    admit(linking.cache, target.digest, linking.now, write);
    return true;
  });
  return isCached ? linkFile(linking, target, mtime) : undefined;
}

/** The same of a file that was completed beside the cache. */
export function admitAndLink(
  linking: Linking,
  target: Target,
  mtime: number,
  completed: string,
): FileStat | undefined {
  const isCached = unlessSystem(target.staged, () => {
    admitFile(linking.cache, target.digest, linking.now, completed);
    return true;
  });
  return isCached ? linkFile(linking, target, mtime) : undefined;
}

function unlessSystem<T>(staged: string, act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    rmSync(staged, { force: true });
    return undefined;
  }
}
