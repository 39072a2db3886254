import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ioError, isDvsError, systemCode } from '../../base/errors.js';
import { ownedName, sweepTemp } from '../../base/owner.js';
import { exclusive } from '../exclusive.js';
import { dropEntry } from './entry.js';
import { type CacheFolder, cacheStaging } from './folder.js';
import { type CacheEntry, listEntries } from './list.js';

/** Files and how many bytes they are. */
export interface Amount {
  readonly files: number;
  readonly bytes: number;
}

/** How much may stay. */
export interface PruneOptions {
  /** Bytes that may stay, hard-linked files not counted. */
  readonly to: number;
  /** Remove everything, also hard-linked files, which frees no room as long as the links are there. */
  readonly all?: boolean;
  /** Look and count, and remove nothing. */
  readonly dryRun?: boolean;
}

/** What a prune removed, and what stays. */
export interface Pruned {
  readonly removed: Amount;
  /** What stays and takes room of its own. */
  readonly kept: Amount;
  /** What stays because it is hard-linked into some workspace. */
  readonly linked: Amount;
}

/** As precise as the order of removal is. */
const STEP_MS = 60_000;
/** Of the limit: what stays when the cache has outgrown it, so that it does not do so again at once. */
const KEPT = 0.9;
const AT_ONCE = 1024;
/** For the note of how much was put in, which is a matter of a moment. */
const PATIENCE_MS = 1_000;

/** Removes the least recently used files until no more than so much stays, and what is not intact. E_BUSY. */
export function prune(cache: CacheFolder, options: PruneOptions): Promise<Pruned> {
  return exclusive(lockPath(cache), async () => {
    await sweepTemp(cacheStaging(cache));
    const pruned = await pruneNow(cache, options);
    if (options.dryRun !== true) noteGrowth(cache, pruned.kept.bytes);
    return pruned;
  });
}

/**
 * To be called when `bytes` were put into the cache: prunes it when it has outgrown `limit` by what is known. That is
 * a sum kept in a file, as nobody can go through a million files each time; each count of them puts it right. Where
 * another process is at it, or the cache is gone, nothing happens.
 */
export async function settleGrowth(cache: CacheFolder, bytes: number, limit: number): Promise<void> {
  if (!existsSync(cache.root)) return; // taking the lock would make a folder that others can read
  try {
    await exclusive(
      lockPath(cache),
      async () => {
        const grown = grownBytes(cache) + bytes;
        const isPast = grown > limit;
        noteGrowth(cache, isPast ? (await pruneNow(cache, { to: limit * KEPT })).kept.bytes : grown);
      },
      { patienceMs: PATIENCE_MS },
    );
  } catch (error) {
    if (!isDvsError(error, 'E_BUSY', 'E_NOSPC', 'E_ACCESS', 'E_IO')) throw error;
  }
}

async function pruneNow(
  cache: CacheFolder,
  { to, all = false, dryRun = false }: PruneOptions,
): Promise<Pruned> {
  const isAged = all ? () => true : await oldest(cache, to);
  const sums = { removed: empty(), kept: empty(), linked: empty() };
  for await (const entry of unhurried(listEntries(cache))) {
    const goes = all || !entry.isIntact || (!entry.isLinked && isAged(entry));
    if (goes && !dryRun) dropEntry(entry.path);
    const sum = goes ? sums.removed : entry.isLinked ? sums.linked : sums.kept;
    sum.files++;
    sum.bytes += entry.size;
  }
  return sums;
}

/**
 * Tells, file by file, which have to go so that `to` bytes stay: however many there are, all that were last used
 * before some minute, and some of that.
 */
async function oldest(cache: CacheFolder, to: number): Promise<(entry: CacheEntry) => boolean> {
  const byMinute = new Map<number, number>();
  let excess = -to;
  for await (const entry of unhurried(listEntries(cache))) {
    if (entry.isLinked || !entry.isIntact) continue;
    byMinute.set(minuteOf(entry), (byMinute.get(minuteOf(entry)) ?? 0) + entry.size);
    excess += entry.size;
  }
  let last = Number.NEGATIVE_INFINITY;
  for (const [minute, bytes] of [...byMinute].sort(([a], [b]) => a - b)) {
    if (excess <= 0) break;
    last = minute;
    if (bytes >= excess) break;
    excess -= bytes;
  }
  return (entry) => {
    const minute = minuteOf(entry);
    if (minute !== last) return minute < last;
    const goes = excess > 0;
    excess -= entry.size;
    return goes;
  };
}

function minuteOf({ usedMs }: CacheEntry): number {
  return Math.floor(usedMs / STEP_MS);
}

/** With a turn for others now and then: a signal must not have to wait for the last. */
async function* unhurried<T>(items: Iterable<T>): AsyncGenerator<T> {
  let count = 0;
  for (const item of items) {
    yield item;
    if (++count % AT_ONCE === 0) await nextTurn();
  }
}

function empty(): { files: number; bytes: number } {
  return { files: 0, bytes: 0 };
}

function lockPath({ root }: CacheFolder): string {
  return join(root, 'lock');
}

function growthPath({ root }: CacheFolder): string {
  return join(root, 'grown');
}

/** Bytes put in since all was counted, and those counted then. */
function grownBytes(cache: CacheFolder): number {
  try {
    const bytes = Number(readFileSync(growthPath(cache), 'latin1'));
    return Number.isSafeInteger(bytes) && bytes >= 0 ? bytes : 0;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return 0;
    throw ioError(error, 'reading', growthPath(cache));
  }
}

function noteGrowth(cache: CacheFolder, bytes: number): void {
  const staged = join(cacheStaging(cache), ownedName());
  try {
    writeFileSync(staged, String(Math.round(bytes)), { flag: 'wx' });
    renameSync(staged, growthPath(cache));
  } catch (error) {
    rmSync(staged, { force: true });
    throw ioError(error, 'writing', growthPath(cache));
  }
}
