import { homedir, hostname, userInfo } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import type { Clock } from '../src/base/clock.js';
import { DvsError } from '../src/base/errors.js';
import type { CacheOptions } from '../src/workspace/cache/folder.js';
import { type Config, setting } from '../src/workspace/settings/config.js';

/** Who is named in the log unless `core.user` says: user and host, as git guesses them. */
export function whoAmI(): string {
  return `${userName()}@${hostname()}`;
}

/** This user's own file of settings: that in DVS_CONFIG, else where the XDG rules want it; undefined without a home. */
export function userConfigFile(): string | undefined {
  const { DVS_CONFIG: chosen, XDG_CONFIG_HOME: base } = process.env;
  if (chosen) return resolve(chosen);
  // The XDG rules: a relative path there counts as none.
  if (base && isAbsolute(base)) return join(base, 'dvs', 'config.toml');
  const home = homeOf();
  return home === undefined ? undefined : join(home, '.config', 'dvs', 'config.toml');
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

/** The cache of this machine: where the settings say, else where the system keeps caches. Undefined without a home. */
export function findCacheOptions(config: Config): CacheOptions | undefined {
  const dir = setting(config, 'cache.dir') ?? defaultCacheDir();
  return dir === undefined ? undefined : { dir, size: setting(config, 'cache.size') };
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
