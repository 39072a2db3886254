import { equalBytes, fromHex, hex } from '../base/bytes.js';
import { DvsError, isDvsError } from '../base/errors.js';
import { silent } from '../base/progress.js';
import { type Sequence, sequence } from '../base/sequence.js';
import { type CID, cidOf, digestOf, RAW } from '../id/cid.js';
import type { Digest } from '../id/hash.js';
import { Ingest } from '../ops/ingest/ingest.js';
import type { SourceFile } from '../ops/ingest/sources.js';
import { dropEntry, entryPath } from '../workspace/cache/entry.js';
import { type CacheFolder, type CacheOptions, cacheRoot, findCache } from '../workspace/cache/folder.js';
import { type CacheEntry, listEntries } from '../workspace/cache/list.js';
import { type Amount, type Pruned, type PruneOptions, prune } from '../workspace/cache/prune.js';
import type { Surroundings } from './repository.js';

/** What the cache holds. */
export interface CacheSummary {
  /** Where the files lie. */
  readonly root: string;
  /** Bytes that it may hold. */
  readonly limit: number;
  /** What takes room of its own. */
  readonly own: Amount;
  /** What is hard-linked into some workspace. */
  readonly linked: Amount;
  /** What is not as dvs left it: it is never used, and goes at the next occasion. */
  readonly damaged: Amount;
  /** Every file, by content. */
  readonly entries: Sequence<CachedFile>;
}

/** A content in the cache. */
export interface CachedFile {
  readonly id: CID;
  readonly size: number;
  /** Milliseconds since the epoch, to the hour. */
  readonly usedMs: number;
  readonly isLinked: boolean;
}

/** What a check of the cache found. */
export interface CacheVerified {
  /** What was read and is as it should be. */
  readonly intact: Amount;
  /** What was not, and was removed. */
  readonly removed: readonly CID[];
}

/** Where the cache is, and what lies in it. E_USAGE when there is none on this machine, E_UNSAFE. */
export function cacheSummary(surroundings: Pick<Surroundings, 'cache'>): CacheSummary {
  const options = optionsOf(surroundings);
  const cache = findCache(options);
  const [own, linked, damaged] = [amount(), amount(), amount()];
  for (const { isIntact, isLinked, size } of entriesOf(cache)) {
    const sum = !isIntact ? damaged : isLinked ? linked : own;
    sum.files++;
    sum.bytes += size;
  }
  const entries = sequence(own.files + linked.files, () => cachedFiles(cache));
  return { root: cacheRoot(options), limit: options.size, own, linked, damaged, entries };
}

/**
 * Removes the least recently used files until what takes room of its own is no more than `to` bytes, or with `all`
 * every file. Workspaces keep what they have: it is only brought from the store when it is next asked for.
 */
export async function cachePrune(
  surroundings: Pick<Surroundings, 'cache'>,
  { to, ...how }: Partial<PruneOptions>,
): Promise<Pruned> {
  const options = optionsOf(surroundings);
  const cache = findCache(options);
  if (cache === undefined) return { removed: amount(), kept: amount(), linked: amount() };
  return prune(cache, { ...how, to: to ?? options.size });
}

/** Reads and hashes every file in the cache with all cores, and removes those that are not what they should be. */
export async function cacheVerify(
  surroundings: Pick<Surroundings, 'cache' | 'workers' | 'progress'>,
): Promise<CacheVerified> {
  const { workers, progress = silent } = surroundings;
  const cache = findCache(optionsOf(surroundings));
  const intact = amount();
  const removed: CID[] = [];
  const ingest = new Ingest({ workers, progress });
  try {
    for await (const { path, entry } of ingest.run(sources(cache, removed))) {
      const digest = fromHex(path);
      if (cache === undefined || digest === undefined || entry.type !== 'file') continue;
      if (equalBytes(digestOf(entry.id), digest)) {
        intact.files++;
        intact.bytes += entry.size;
      } else remove(entryPath(cache, digest), digest, removed);
    }
  } catch (error) {
    if (!isDvsError(error, 'E_CHANGED')) throw error; // pruned or put anew this moment
  } finally {
    await ingest.close();
  }
  return { intact, removed };
}

function* sources(cache: CacheFolder | undefined, removed: CID[]): Generator<SourceFile> {
  for (const { digest, path, stat, isIntact } of entriesOf(cache)) {
    if (isIntact) yield { type: 'file', path: hex(digest), absolute: path, stat, known: undefined };
    else remove(path, digest, removed);
  }
}

function remove(path: string, digest: Digest, removed: CID[]): void {
  dropEntry(path);
  removed.push(cidOf(RAW, digest));
}

function* cachedFiles(cache: CacheFolder | undefined): Generator<CachedFile> {
  for (const { digest, size, usedMs, isLinked, isIntact } of entriesOf(cache)) {
    if (isIntact) yield { id: cidOf(RAW, digest), size, usedMs, isLinked };
  }
}

function entriesOf(cache: CacheFolder | undefined): Iterable<CacheEntry> {
  return cache === undefined ? [] : listEntries(cache);
}

function amount(): { files: number; bytes: number } {
  return { files: 0, bytes: 0 };
}

function optionsOf({ cache }: Pick<Surroundings, 'cache'>): CacheOptions {
  if (cache !== undefined) return cache;
  throw new DvsError('E_USAGE', 'there is no place for a cache: this user has no home folder', {
    hint: 'Name a folder in the variable DVS_CACHE_DIR.',
  });
}
