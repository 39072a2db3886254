import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { DvsError, ioError } from '../../base/errors.js';
import { makePath } from '../../base/make-path.js';

/** Where the machine-wide cache of whole files lies, and how large it may become. */
export interface CacheOptions {
  /** Absolute path of a folder that may be this user's alone or not; what dvs makes in it is. */
  readonly dir: string;
  /** In bytes. What is hard-linked into some workspace does not count: it takes no room of its own. */
  readonly size: number;
}

/** The files in the cache, by content: `<root>/ab/<64 digits>`, as threads get hold of it. */
export interface CacheFolder {
  readonly root: string;
  /** Whose files they are; undefined on a system without such numbers. */
  readonly user: number | undefined;
}

const OTHERS = 0o077;

/** Where the files lie. */
export function cacheRoot({ dir }: CacheOptions): string {
  return join(dir, 'files', 'v1');
}

/** Where files are put together before they become part of the cache. */
export function cacheStaging({ root }: Pick<CacheFolder, 'root'>): string {
  return join(root, 'tmp');
}

/**
 * The cache, made if it is not there. E_UNSAFE when it belongs to another user, others may write to it, or it is
 * a link: what lies in it might then be anything. E_ACCESS, E_NOSPC, E_IO.
 */
export function openCache(options: CacheOptions): CacheFolder {
  const root = cacheRoot(options);
  const folder: CacheFolder = { root, user: process.geteuid?.() };
  try {
    makePath(cacheStaging(folder), 0o700);
    assertOwn(folder);
  } catch (error) {
    throw ioError(error, 'making the folder', root);
  }
  return folder;
}

/** The cache when there is one; undefined when nothing was ever put there. E_UNSAFE as `openCache`. */
export function findCache(options: CacheOptions): CacheFolder | undefined {
  const folder: CacheFolder = { root: cacheRoot(options), user: process.geteuid?.() };
  try {
    if (lstatSync(folder.root, { throwIfNoEntry: false }) === undefined) return undefined;
    assertOwn(folder);
    return folder;
  } catch (error) {
    throw ioError(error, 'reading', folder.root);
  }
}

function assertOwn({ root, user }: CacheFolder): void {
  const found = lstatSync(root);
  const isOwn = user === undefined || found.uid === user;
  if (found.isDirectory() && isOwn && (found.mode & OTHERS) === 0) return;
  throw new DvsError('E_UNSAFE', `the cache at ${root} could be written by others than you`, {
    about: [root],
    hint: `Make it yours alone (\`chmod 700 ${root}\`), or name another folder in DVS_CACHE_DIR.`,
  });
}
