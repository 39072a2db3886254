import {
  type BigIntStats,
  chmodSync,
  constants,
  copyFileSync,
  linkSync,
  lstatSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { hex } from '../../base/bytes.js';
import { systemCode } from '../../base/errors.js';
import { makePath } from '../../base/make-path.js';
import { ownedName } from '../../base/owner.js';
import type { Digest } from '../../id/hash.js';
import { type FileStat, fileStat } from '../file-stat.js';
import { isDatedBy, isProtected, protectedTime } from '../protected.js';
import { type CacheFolder, cacheStaging } from './folder.js';

/** A content and its length in bytes. */
export interface CachedContent {
  readonly digest: Digest;
  readonly size: number;
}

const READ_ONLY = 0o444;
/** Ends the name of the marker whose date tells when the file beside it was last used. */
export const USED = '.used';
/** How precisely that is kept. */
const USE_MS = 3_600_000;

/** Where a content lies, if the cache has it. */
export function entryPath({ root }: Pick<CacheFolder, 'root'>, digest: Digest): string {
  const name = hex(digest);
  return join(root, name.slice(0, 2), name);
}

/**
 * Whether a file is what dvs put into the cache as this content: regular, of this user, read-only, with the size and
 * the date of the content. Whatever wrote to it since gave it another date, see `protected.ts`.
 */
export function isIntact(
  { user }: CacheFolder,
  stats: BigIntStats,
  { digest, size }: CachedContent,
): boolean {
  const isOwn = user === undefined || stats.uid === BigInt(user);
  return isOwn && isDatedBy(stats, digest) && isProtected(stats) && stats.size === BigInt(size);
}

/** Whether the cache has a content. What is not intact is thrown away. */
export function hasEntry(cache: CacheFolder, content: CachedContent): boolean {
  const path = entryPath(cache, content.digest);
  const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  if (stats === undefined) return false;
  if (isIntact(cache, stats, content)) return true;
  dropEntry(path);
  return false;
}

/**
 * Puts a content into the cache: `write` makes a file of it at the path it is given, its hash checked. Others see it
 * whole or not at all. `now` in milliseconds since the epoch. Throws what the system says.
 */
export function admit(
  cache: CacheFolder,
  digest: Digest,
  now: number,
  write: (staged: string) => void,
): void {
  const staged = join(cacheStaging(cache), ownedName());
  try {
    write(staged);
    admitFile(cache, digest, now, staged);
  } finally {
    rmSync(staged, { force: true });
  }
}

/** The second half of `admit`: a finished file beside the cache becomes part of it. */
export function admitFile(cache: CacheFolder, digest: Digest, now: number, staged: string): void {
  const path = entryPath(cache, digest);
  utimesSync(staged, now / 1000, protectedTime(digest));
  chmodSync(staged, READ_ONLY);
  try {
    renameSync(staged, path);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
    makePath(dirname(path), 0o700);
    renameSync(staged, path);
  }
}

/** Gives a content of the cache a second name at `to`, and says what it looks like; undefined when it has none. */
export function linkEntry(
  cache: CacheFolder,
  content: CachedContent,
  now: number,
  to: string,
): FileStat | undefined {
  const path = entryPath(cache, content.digest);
  try {
    linkSync(path, to);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'EMLINK') dropEntry(path); // as many names as a file can have; the next one begins anew
    if (code === 'EMLINK' || code === 'ENOENT') return undefined;
    throw error;
  }
  // Looked at under its new name, which nobody else knows: what stands in the cache may be replaced at any time.
  const stats = lstatSync(to, { bigint: true });
  if (isIntact(cache, stats, content)) {
    markUsed(path, stats, now);
    return fileStat(stats);
  }
  rmSync(to, { force: true });
  dropEntry(path);
  return undefined;
}

/** Makes a copy of a content of the cache at `to` that shares its blocks; false when the cache has it not. */
export function cloneEntry(cache: CacheFolder, content: CachedContent, now: number, to: string): boolean {
  const path = entryPath(cache, content.digest);
  const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  if (stats === undefined) return false;
  if (!isIntact(cache, stats, content)) {
    dropEntry(path);
    return false;
  }
  try {
    cloneFile(path, to);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
  markUsed(path, stats, now);
  return true;
}

/** Makes `to`, which must not exist, a copy of a file that shares its blocks; throws where that cannot be. */
export function cloneFile(from: string, to: string): void {
  copyFileSync(from, to, constants.COPYFILE_FICLONE_FORCE | constants.COPYFILE_EXCL);
}

/** Removes whatever lies at the place of a content. */
export function dropEntry(path: string): void {
  rmSync(path, { recursive: true, force: true });
  rmSync(path + USED, { recursive: true, force: true });
}

/**
 * Notes that a content was used. Beside the file, because to set its own time of access means to set its date, too,
 * and so to hide a write that came between.
 */
function markUsed(path: string, { atimeMs }: BigIntStats, now: number): void {
  if (now - Number(atimeMs) < USE_MS) return;
  const marker = path + USED;
  try {
    const marked = lstatSync(marker, { throwIfNoEntry: false });
    if (marked !== undefined && now - marked.mtimeMs < USE_MS) return;
    if (marked === undefined) writeFileSync(marker, '', { flag: 'wx' });
    utimesSync(marker, now / 1000, now / 1000);
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    // Its use is known less well then, which makes it go sooner.
  }
}
