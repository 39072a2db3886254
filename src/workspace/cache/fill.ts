import { lstatSync } from 'node:fs';
import { systemCode } from '../../base/errors.js';
import { type FileStat, fileStat, sameStat } from '../file-stat.js';
import { admit, type CachedContent, cloneFile, hasEntry } from './entry.js';
import type { CacheFolder } from './folder.js';

/** A file that was read, and what it looked like then. */
export interface ReadFile extends CachedContent {
  /** Absolute. */
  readonly path: string;
  readonly stat: FileStat;
}

/**
 * Puts files that were just read into the cache, as clones that share their blocks; returns how many bytes came in.
 * A file that does not look as it did when it was read is left out; it must have looked settled then, so that no
 * change can hide. Where the system refuses, nothing is lost but a copy that would have saved work.
 */
export function fillCache(cache: CacheFolder, files: readonly ReadFile[], now: number): number {
  let bytes = 0;
  for (const file of files) {
    try {
      if (hasEntry(cache, file)) continue;
      admit(cache, file.digest, now, (staged) => {
        cloneFile(file.path, staged);
        if (!isStill(file)) throw new Changed();
      });
      bytes += file.size;
    } catch (error) {
      if (!(error instanceof Changed) && systemCode(error) === undefined) throw error;
    }
  }
  return bytes;
}

/** Says that a clone may be of something else than what was read. */
class Changed extends Error {}

function isStill({ path, stat }: ReadFile): boolean {
  const found = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  return found?.isFile() === true && sameStat(fileStat(found), stat);
}
