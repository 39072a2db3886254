import { isDvsError, systemCode } from '../base/errors.js';
import { Pool } from '../workers/pool.js';
import { crawlFile } from './crawl.js';
import type { Links } from './followed.js';
import type { IgnoredCount } from './ignore/count.js';
import { NO_RULES_ABOVE, type RulesAbove } from './ignore/rules-above.js';
import { namesBelow } from './names.js';
import type { StatCache, Stretches } from './stat-cache.js';
import { lookAt, type StretchLook, sharedBy, type Task } from './stat-look.js';
import type { StatTasks } from './stat-tasks.js';

/** Fewer files than this are looked at sooner than threads start. */
const WORTH_THREADS = 30_000;

/** When more than this differs, going through all of it is not much slower than telling what it is. */
export const MOST_DIFFERENT = 10_000;

export interface Tracked {
  readonly type: 'folder' | 'file';
  readonly absolute: string;
  readonly links?: Links | undefined;
  /** What the folders above say is ignored. */
  readonly above?: RulesAbove;
  /** Told how much is ignored. */
  readonly ignored?: IgnoredCount;
}

/** All entries of a stat cache, and what became of them stretch by stretch. */
export interface LookedEntries extends Stretches {
  readonly looks: readonly StretchLook[];
}

export interface Look {
  /** Nothing changed: no more files and no fewer, each with the size, times and inode it had. */
  readonly isSame: boolean;
  /** Undefined where they do not tell of what came, and where too many are not what they say. */
  readonly entries: LookedEntries | undefined;
}

const SAME: Look = { isSame: true, entries: undefined };
const OTHER: Look = { isSame: false, entries: undefined };

/**
 * Looks whether the files of a tracked path are those that they were when they were last hashed, and if not, which
 * changed. Reads no file.
 */
export async function lookAgain(
  cache: StatCache,
  tracked: Tracked,
  workers: number,
  worthThreads = WORTH_THREADS,
): Promise<Look> {
  const { dataset } = cache;
  if (dataset === undefined) return OTHER;
  const threads = dataset.count >= worthThreads ? workers : 1;
  if (tracked.type === 'folder') return lookAtFolder(cache, tracked, threads);
  return isSameFile(cache, tracked) ? SAME : OTHER;
}

function isSameFile(cache: StatCache, { absolute, links }: Tracked): boolean {
  return cache.match(crawlFile(absolute, links)) !== undefined && cache.isUnchanged();
}

/** Has threads, of which this is one, look at the files; goes through the names if the folders do not tell. */
async function lookAtFolder(cache: StatCache, tracked: Tracked, threads: number): Promise<Look> {
  const { absolute: root, links, above = NO_RULES_ABOVE } = tracked;
  const follow = links === 'followed';
  const foldersTell = cache.hasFolders && cache.hadRules(above.digest);
  // Names alone do not tell where links lead in circles; the crawl does.
  if (follow && !foldersTell) return OTHER;
  const stretches = cache.stretches();
  if (stretches === undefined) return OTHER;
  // Only where folders tell of names that came is it enough to know what differs.
  const most = foldersTell ? MOST_DIFFERENT : 0;
  const task: Task = { ...stretches, root, follow, most, shared: sharedBy() };
  const pool = threads === 1 ? undefined : startPool(threads - 1);
  try {
    const others = pool?.onEach('lookAt', task);
    others?.catch(() => {}); // awaited in its turn; until then it must not count as unhandled
    if (foldersTell) tracked.ignored?.reset(cache.ignored);
    else if (!areNamesSame(cache, tracked, above)) return OTHER;
    const own = await lookAt(task);
    const looks = [own, ...((await others) ?? [])].flat().sort((a, b) => a.index - b.index);
    const look = asLook(cache, { ...stretches, looks }, most);
    return foldersTell ? look : { ...look, entries: undefined };
  } catch (error) {
    // Whatever cannot be looked at has changed; the crawl that follows says what is wrong with it.
    if (isDvsError(error, 'E_PATH') || systemCode(error) !== undefined) return OTHER;
    throw error;
  } finally {
    await pool?.close();
  }
}

function asLook({ dataset }: StatCache, entries: LookedEntries, most: number): Look {
  const { looks } = entries;
  const different = looks.reduce((sum, look) => sum + look.different.length, 0);
  const count = looks.reduce((sum, look) => sum + look.count, 0);
  if (different > most || count !== dataset?.count) return OTHER;
  return { isSame: different === 0, entries };
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
