import { linkSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ioError, isDvsError, systemCode } from '../../base/errors.js';
import { KiB } from '../../base/limits.js';
import { ownedName } from '../../base/owner.js';
import { cloneFile } from '../../workspace/cache/entry.js';
import {
  type CacheFolder,
  type CacheOptions,
  cacheStaging,
  openCache,
} from '../../workspace/cache/folder.js';
import { newFileMode } from './own-copy.js';

/**
 * How files get where they belong. `reflink`: as copies that share the blocks of the cache's file until somebody
 * writes to them. `hardlink`: as further names of it, read-only. `copy`: written from the store. `auto`: as reflinks
 * where that can be done, else as copies.
 */
export const LINK_MODES = ['auto', 'reflink', 'hardlink', 'copy'] as const;
/** How files may come from the cache. */
export type LinkMode = (typeof LINK_MODES)[number];

/** What it takes to bring files from the cache. */
export interface Linking {
  readonly how: 'reflink' | 'hardlink';
  readonly cache: CacheFolder;
  /** The permissions that a file which is written gets here. */
  readonly mode: number;
  /** Smaller files are written: in bytes. */
  readonly least: number;
  /** Bytes that the cache may hold, and so that one checkout puts into it at most unless it makes hard links. */
  readonly limit: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** How it will be done, or why it will not. */
export interface Chosen {
  readonly linking?: Linking;
  /** Told to those who asked for links. */
  readonly why?: string;
}

/** A smaller file is written sooner than it is cloned: with `auto` it is not worth one in the cache. */
const WORTH_SHARING = 64 * KiB;

/** Tries what can be done between the cache and `staging`, a folder where files are checked out. */
export function chooseLinking(
  wanted: LinkMode,
  options: CacheOptions | undefined,
  staging: string,
  now: number,
): Chosen {
  if (wanted === 'copy') return {};
  const how = wanted === 'auto' ? 'reflink' : wanted;
  const found = cacheFor(how, options, staging);
  if (typeof found === 'string') return wanted === 'auto' ? {} : { why: found };
  const least = wanted === 'auto' ? WORTH_SHARING : 1;
  return {
    linking: { how, cache: found, mode: newFileMode(staging), least, limit: options?.size ?? 0, now },
  };
}

/** The cache, or why files of it cannot be had in `staging`. */
function cacheFor(
  how: Linking['how'],
  options: CacheOptions | undefined,
  staging: string,
): CacheFolder | string {
  if (options === undefined || options.size === 0) {
    return 'there is no cache (DVS_CACHE_DIR is its folder, DVS_CACHE_SIZE its size)';
  }
  try {
    // First where nothing is left behind: on most file systems the cache is not even looked for.
    const why = whyNot(how, staging, staging);
    if (why !== undefined) return why;
    const cache = openCache(options);
    return whyNot(how, cacheStaging(cache), staging) ?? cache;
  } catch (error) {
    if (!isDvsError(error, 'E_UNSAFE', 'E_ACCESS', 'E_NOSPC', 'E_IO')) throw error;
    return error.message;
  }
}

/** Why a file of one folder cannot be had in another that way; undefined where it can. */
function whyNot(how: Linking['how'], from: string, to: string): string | undefined {
  const [source, target] = [join(from, ownedName()), join(to, ownedName())];
  try {
    writeProbe(source);
    if (how === 'hardlink') linkSync(source, target);
    else cloneFile(source, target);
    return undefined;
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    return code === 'EXDEV'
      ? `the cache is on another file system, in ${dirname(from)}`
      : `this file system has no ${how}s (${code})`;
  } finally {
    rmSync(source, { force: true });
    rmSync(target, { force: true });
  }
}

function writeProbe(path: string): void {
  try {
    writeFileSync(path, 'dvs', { flag: 'wx' });
  } catch (error) {
    throw ioError(error, 'writing', dirname(path));
  }
}
