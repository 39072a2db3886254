import { homedir, hostname, userInfo } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import type { Clock } from '../src/base/clock.js';
import { DvsError } from '../src/base/errors.js';
import { GiB } from '../src/base/limits.js';
import type { CacheOptions } from '../src/workspace/cache/folder.js';
import { parseSize } from './sizes.js';

/** Who is named in the log: the variable DVS_USER, else user and host, as git guesses them. */
export function whoAmI(): string {
  const { DVS_USER: chosen } = process.env;
  return chosen || `${userName()}@${hostname()}`;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown'); // a container may run under a number without a name
  }
}

/** The time; stands still at the variable DVS_NOW, so that tests and documents can be repeated. */
export function makeClock(): Clock {
  const { DVS_NOW: fixed } = process.env;
  if (!fixed) return Date.now;
  const now = Date.parse(fixed);
  if (Number.isNaN(now)) {
    throw new DvsError('E_USAGE', `DVS_NOW is no time: ${fixed}`, {
      hint: 'Write it as 2026-01-02T03:04:05Z, or unset it.',
    });
  }
  return () => now;
}

const CACHE_SIZE = 10 * GiB;

/**
 * The machine-wide cache: the variables DVS_CACHE_DIR and DVS_CACHE_SIZE, else 10 GiB where the system keeps caches.
 * Undefined for a user without a home.
 */
export function findCacheOptions(): CacheOptions | undefined {
  const { DVS_CACHE_DIR: chosen, DVS_CACHE_SIZE: size } = process.env;
  const dir = chosen ? resolve(chosen) : defaultCacheDir();
  if (dir === undefined) return undefined;
  const limit = size ? parseSize(size) : CACHE_SIZE;
  if (limit !== undefined) return { dir, size: limit };
  throw new DvsError('E_USAGE', `DVS_CACHE_SIZE is no size: ${size}`, {
    hint: 'Write it as 50GiB, 500MiB or 0, or unset it.',
  });
}

function defaultCacheDir(): string | undefined {
  const { XDG_CACHE_HOME: caches } = process.env;
  if (caches && isAbsolute(caches)) return join(caches, 'dvs');
  const home = homeOf();
  if (home === undefined || !isAbsolute(home)) return undefined;
  return process.platform === 'darwin' ? join(home, 'Library', 'Caches', 'dvs') : join(home, '.cache', 'dvs');
}

function homeOf(): string | undefined {
  try {
    return homedir();
  } catch {
    return undefined; // a container may run under a number without a home
  }
}
