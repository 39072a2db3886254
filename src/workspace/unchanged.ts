import { isDvsError, systemCode } from '../base/errors.js';
import type { Digest } from '../id/hash.js';
import { Pool } from '../workers/pool.js';
import { crawl, crawlFile } from './crawl.js';
import { namesBelow } from './names.js';
import { areSame, type Comparison } from './same-files.js';
import type { StatCache } from './stat-cache.js';
import type { StatTasks } from './stat-tasks.js';

/** Fewer files than this are looked at sooner than threads start. */
const WORTH_THREADS = 30_000;

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

/** Has threads, of which this is one, look at the files; goes through the names if the folders do not tell. */
async function inThreads(cache: StatCache, root: string, workers: number): Promise<boolean> {
  const stretches = cache.stretches();
  if (stretches === undefined) return false;
  const comparison: Comparison = { ...stretches, root, next: new Int32Array(new SharedArrayBuffer(4)) };
  const pool = new Pool<StatTasks>({
    entry: new URL('./stat-worker.js', import.meta.url),
    workers: workers - 1,
    data: {},
  });
  try {
    const others = pool.onEach('areSame', comparison);
    others.catch(() => {}); // awaited in its turn; until then it must not count as unhandled
    if (!cache.hasFolders && !areNamesSame(cache, root)) return false;
    return (await areSame(comparison)) && (await others).every((same) => same);
  } catch (error) {
    // Whatever cannot be looked at has changed; the crawl that follows says what is wrong with it.
    if (isDvsError(error, 'E_PATH') || systemCode(error) !== undefined) return false;
    throw error;
  } finally {
    await pool.close();
  }
}

function areNamesSame(cache: StatCache, root: string): boolean {
  for (const name of namesBelow(root)) if (!cache.matchPath(name)) return false;
  return cache.isUnchanged();
}
