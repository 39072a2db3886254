import { isDvsError, systemCode } from '../base/errors.js';
import { KiB } from '../base/limits.js';
import type { Digest } from '../id/hash.js';
import { Pool } from '../workers/pool.js';
import { crawl, crawlFile } from './crawl.js';
import { namesBelow } from './names.js';
import type { StatCache } from './stat-cache.js';
import { MAX_ENTRY_LENGTH } from './stat-format.js';
import type { StatTasks } from './stat-tasks.js';

/** Fewer files than this are looked at sooner than threads start. */
const WORTH_THREADS = 30_000;
const BATCH = 256 * KiB;
/** Batches on their way to each worker. */
const AHEAD = 3;

export interface Tracked {
  readonly type: 'folder' | 'file';
  readonly absolute: string;
}

/**
 * The dataset that the files of a tracked path were when they were last hashed, if certainly none of them
 * changed since: no more and no fewer, each with the size, times and inode it had. Reads no file.
 */
export async function unchangedDataset(
  cache: StatCache,
  { type, absolute }: Tracked,
  workers: number,
  worthThreads = WORTH_THREADS,
): Promise<Digest | undefined> {
  if (cache.dataset === undefined) return undefined;
  if (type === 'folder' && workers > 1 && cache.total >= worthThreads) {
    return (await inThreads(cache, absolute, workers)) ? cache.dataset : undefined;
  }
  for (const file of type === 'folder' ? crawl(absolute) : [crawlFile(absolute)]) {
    if (cache.match(file) === undefined) return undefined;
  }
  return cache.isUnchanged() ? cache.dataset : undefined;
}

/** Compares the names here, and has the files looked at elsewhere. */
async function inThreads(cache: StatCache, root: string, workers: number): Promise<boolean> {
  const pool = new Pool<StatTasks>({
    entry: new URL('./stat-worker.js', import.meta.url),
    workers,
    data: {},
  });
  const under: Promise<boolean>[] = [];
  try {
    for (const entries of batches(cache, root)) {
      if (entries === undefined) return false;
      const same = pool.run('areSame', { root, entries });
      same.catch(() => {}); // awaited in its turn; until then it must not count as unhandled
      under.push(same);
      if (under.length >= AHEAD * workers && (await under.shift()) === false) return false;
    }
    return (await Promise.all(under)).every((same) => same);
  } catch (error) {
    // Whatever cannot be looked at has changed; the crawl that follows says what is wrong with it.
    if (isDvsError(error, 'E_PATH') || systemCode(error) !== undefined) return false;
    throw error;
  } finally {
    await pool.close();
  }
}

/** All entries of the cache, as long as the names in the folder are theirs; undefined as soon as they are not. */
function* batches(cache: StatCache, root: string): Generator<Uint8Array | undefined, void, undefined> {
  let batch = Buffer.allocUnsafe(BATCH);
  let at = 0;
  for (const name of namesBelow(root)) {
    if (at + MAX_ENTRY_LENGTH > BATCH) {
      yield batch.subarray(0, at);
      batch = Buffer.allocUnsafe(BATCH);
      at = 0;
    }
    const end = cache.copyEntry(name, batch, at);
    if (end === undefined) {
      yield undefined;
      return;
    }
    at = end;
  }
  yield cache.isUnchanged() ? batch.subarray(0, at) : undefined;
}
