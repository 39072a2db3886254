import { basename, dirname } from 'node:path';
import type { Resolved } from '../../ops/resolve/resolve.js';
import type { LockEntry } from '../../workspace/lock.js';
import type { Repository } from '../repository.js';
import { rootOf } from '../root-link.js';
import { makeView, moreOf, viewOf, withRuleFiles } from '../view.js';
import { isAnyThere } from './any-there.js';
import type { Job } from './job.js';

/** What is wanted of a tracked path that may be checked out in part. */
export interface PartOptions {
  /** Check out all of what was checked out in part. */
  readonly all?: boolean;
  /** Bring only what is checked out already: patterns do not widen that. */
  readonly keepsView?: boolean;
}

/** Brings a tracked path to a version. The patterns are for paths in the dataset. */
export async function trackedJob(
  repo: Repository,
  tracked: LockEntry,
  resolved: Omit<Resolved, 'path'>,
  patterns: readonly string[],
  { all = false, keepsView = false }: PartOptions,
): Promise<Job> {
  const dest = await rootOf(repo, tracked.path, tracked.links, 'checkout');
  const before = await viewOf(repo, tracked);
  const current = all ? undefined : before;
  const chosen = patterns.length === 0 ? undefined : makeView(patterns);
  const mayGrow = chosen !== undefined && !keepsView && tracked.type === 'folder';
  const begins = mayGrow && !(await isAnyThere(repo, dest, tracked.id));
  const widens = mayGrow && !begins && current !== undefined && resolved.id.equals(tracked.id);
  const added = makeView(withRuleFiles(patterns));
  const more = current === undefined || patterns.length > 0 ? [] : await moreOf(repo, tracked, resolved.id);
  const grown = widens ? added.patterns : more;
  const after = current && grown.length > 0 ? makeView([...current.patterns, ...grown]) : current;
  const single = tracked.type === 'file' ? basename(tracked.path) : undefined;
  const covers = (path: string): boolean => {
    if (single !== undefined && path !== single) return false;
    if (begins) return added.covers(path);
    if (widens) return chosen.covers(path) || (added.covers(path) && !current.covers(path));
    return chosen?.covers(path) !== false && after?.covers(path) !== false;
  };
  return {
    root: single === undefined ? dest : dirname(dest),
    dest,
    type: tracked.type,
    isPartial: chosen !== undefined && !begins,
    views: { before, after: begins ? added : after, begins },
    tracked,
    resolved,
    place: (path) => (covers(path) ? path : undefined),
    prefixes: (mayGrow ? added : (chosen ?? after))?.prefixes ?? [''],
    recordedPath: (there) => there,
    covers,
  };
}
