import { type BigIntStats, lstatSync } from 'node:fs';
import { isDvsError } from '../../base/errors.js';
import type { Digest } from '../../id/hash.js';
import { isDatedBy, isProtected } from '../protected.js';
import { entryPath } from './entry.js';
import { type CacheFolder, type CacheOptions, findCache } from './folder.js';
import { listEntries } from './list.js';

/** Tells which files are names of the cache's, also when somebody made them writable or wrote to them since. */
export class CacheNames {
  readonly #cache: CacheFolder | undefined;
  readonly #device: bigint | undefined;
  /** The inodes of those in the cache that are not as dvs left them; looked for when first asked about. */
  #spoilt: ReadonlySet<bigint> | undefined;

  constructor(options: CacheOptions | undefined) {
    this.#cache = options && usable(options);
    this.#device = this.#cache && lstatSync(this.#cache.root, { bigint: true }).dev;
  }

  /**
   * Whether a file with this content is a name of the cache's, or of one that the cache had: it forgets what it no
   * longer trusts, and then the date tells, which is that of the content exactly.
   */
  has(stats: BigIntStats, digest: Digest): boolean {
    if (!stats.isFile()) return false;
    if (isDatedBy(stats, digest) && (isProtected(stats) || stats.nlink > 1n)) return true;
    return stats.nlink > 1n && this.#isEntry(stats, digest);
  }

  #isEntry({ dev, ino }: BigIntStats, digest: Digest): boolean {
    if (this.#cache === undefined || this.#device !== dev) return false;
    const path = entryPath(this.#cache, digest);
    if (lstatSync(path, { bigint: true, throwIfNoEntry: false })?.ino === ino) return true;
    this.#spoilt ??= new Set(spoiltIn(this.#cache));
    return this.#spoilt.has(ino);
  }
}

function* spoiltIn(cache: CacheFolder): Generator<bigint> {
  for (const { stat, isIntact, isLinked } of listEntries(cache)) if (isLinked && !isIntact) yield stat.ino;
}

/** Of a cache that cannot be trusted nothing is asked. */
function usable(options: CacheOptions): CacheFolder | undefined {
  try {
    return findCache(options);
  } catch (error) {
    if (isDvsError(error)) return undefined;
    throw error;
  }
}
