import { isDvsError, systemCode } from '../base/errors.js';
import { Pool } from '../workers/pool.js';
import { crawlFile } from './crawl.js';
import type { Links } from './followed.js';
import type { IgnoredCount } from './ignore/count.js';
import { NO_RULES_ABOVE, type RulesAbove } from './ignore/rules-above.js';
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
  readonly links?: Links | undefined;
  /** What the folders above say is ignored. */
  readonly above?: RulesAbove;
  /** Told how much is ignored. */
  readonly ignored?: IgnoredCount;
}

/**
 * The dataset that the files of a tracked path were when they were last hashed, if certainly none of them
 * changed since: no more and no fewer, each with the size, times and inode it had. Reads no file.
 */
export async function unchangedDataset(
  cache: StatCache,
  tracked: Tracked,
  workers: number,
  worthThreads = WORTH_THREADS,
): Promise<KnownDataset | undefined> {
  const { dataset } = cache;
  if (dataset === undefined) return undefined;
  const threads = dataset.count >= worthThreads ? workers : 1;
  const isSame =
    tracked.type === 'file' ? isSameFile(cache, tracked) : await isSameFolder(cache, tracked, threads);
  return isSame ? dataset : undefined;
}

function isSameFile(cache: StatCache, { absolute, links }: Tracked): boolean {
  return cache.match(crawlFile(absolute, links)) !== undefined && cache.isUnchanged();
}

/** Has threads, of which this is one, look at the files; goes through the names if the folders do not tell. */
async function isSameFolder(cache: StatCache, tracked: Tracked, threads: number): Promise<boolean> {
  const { absolute: root, links, above = NO_RULES_ABOVE } = tracked;
  const follow = links === 'followed';
  const foldersTell = cache.hasFolders && cache.hadRules(above.digest);
  // Names alone do not tell where links lead in circles; the crawl does.
  if (follow && !foldersTell) return false;
  const stretches = cache.stretches();
  if (stretches === undefined) return false;
  const comparison: Comparison = {
    ...stretches,
    root,
    follow,
    next: new Int32Array(new SharedArrayBuffer(4)),
  };
  const pool = threads === 1 ? undefined : startPool(threads - 1);
  try {
    const others = pool?.onEach('areSame', comparison);
    others?.catch(() => {}); // awaited in its turn; until then it must not count as unhandled
    if (foldersTell) tracked.ignored?.reset(cache.ignored);
    else if (!areNamesSame(cache, tracked, above)) return false;
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

function areNamesSame(cache: StatCache, { absolute, ignored }: Tracked, above: RulesAbove): boolean {
  ignored?.reset();
  const onIgnored = ignored?.add ?? ((): void => {});
  for (const name of namesBelow(absolute, { above, onIgnored })) if (!cache.matchPath(name)) return false;
  return cache.isUnchanged();
}
