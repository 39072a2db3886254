import { isDvsError, systemCode } from '../base/errors.js';
import { Pool } from '../workers/pool.js';
import { crawlFile } from './crawl.js';
import { namesBelow } from './names.js';
import { areSame, type Comparison } from './same-files.js';
import type { StatCache } from './stat-cache.js';
import type { KnownDataset } from './stat-format.js';
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
): Promise<KnownDataset | undefined> {
  const { dataset } = cache;
  if (dataset === undefined) return undefined;
  const threads = dataset.count >= worthThreads ? workers : 1;
  const isSame = type === 'file' ? isSameFile(cache, absolute) : await isSameFolder(cache, absolute, threads);
  return isSame ? dataset : undefined;
}

function isSameFile(cache: StatCache, absolute: string): boolean {
  return cache.match(crawlFile(absolute)) !== undefined && cache.isUnchanged();
}

/** Has threads, of which this is one, look at the files; goes through the names if the folders do not tell. */
async function isSameFolder(cache: StatCache, root: string, threads: number): Promise<boolean> {
  const stretches = cache.stretches();
  if (stretches === undefined) return false;
  const comparison: Comparison = { ...stretches, root, next: new Int32Array(new SharedArrayBuffer(4)) };
  const pool = threads === 1 ? undefined : startPool(threads - 1);
  try {
    const others = pool?.onEach('areSame', comparison);
    others?.catch(() => {}); // awaited in its turn; until then it must not count as unhandled
    if (!cache.hasFolders && !areNamesSame(cache, root)) return false;
    return (await areSame(comparison)) && ((await others) ?? []).every((same) => same);
  } catch (error) {
    // Whatever cannot be looked at has changed; the crawl that follows says what is wrong with it.
    if (isDvsError(error, 'E_PATH') || systemCode(error) !== undefined) return false;
    throw error;
  } finally {
    await pool?.close();
  }
}

function startPool(workers: number): Pool<StatTasks> {
  return new Pool({ entry: new URL('./stat-worker.js', import.meta.url), workers, data: {} });
}

function areNamesSame(cache: StatCache, root: string): boolean {
  for (const name of namesBelow(root)) if (!cache.matchPath(name)) return false;
  return cache.isUnchanged();
}
