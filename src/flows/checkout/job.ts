import { basename, dirname, join, resolve as resolvePath, sep } from 'node:path';
import { DvsError } from '../../base/errors.js';
import { datasetSchema } from '../../entities/dataset.js';
import { isReservedSegment } from '../../entities/path.js';
import { type CID, isContentId } from '../../id/cid.js';
import { kindOf, type Resolved, resolve } from '../../ops/resolve/resolve.js';
import { entries, lookup } from '../../tree/read.js';
import type { LockEntry } from '../../workspace/lock.js';
import { matcher, prefixesOf } from '../../workspace/patterns.js';
import { assertDataset } from '../references.js';
import type { Repository } from '../repository.js';
import { rootOf } from '../root-link.js';
import { makeView, patternsInWorkspace, type View, viewOf, withRuleFiles } from '../view.js';
import { isAnyThere } from './any-there.js';

type Lock = ReadonlyMap<string, LockEntry>;

export interface JobOptions {
  readonly reference: string;
  readonly dest?: string;
  readonly cwd: string;
  readonly patterns?: readonly string[];
  /** Check out all of what was checked out in part. */
  readonly all?: boolean;
  /** Bring only what is checked out already: patterns do not widen that. */
  readonly keepsView?: boolean;
}

/** One place and what it should hold. */
export interface Job {
  /** The folder that receives the paths of the dataset. */
  readonly root: string;
  readonly dest: string;
  readonly type: 'folder' | 'file';
  readonly tracked: LockEntry | undefined;
  readonly resolved: Omit<Resolved, 'path'>;
  /** Which entries, under which path: undefined leaves one out. */
  readonly place: (path: string) => string | undefined;
  /** What the wanted paths of the dataset begin with, in byte order. */
  readonly prefixes: readonly string[];
  /** True when only some of what is checked out there is wanted: then the lock stays as it is. */
  readonly isPartial: boolean;
  /** What is checked out there before and after; undefined when that is all. */
  readonly views: Views;
  /** Which path of the dataset belongs at a place. */
  readonly recordedPath: (path: string) => string;
  /** Whether a path that is there now is any of this checkout's business. */
  readonly covers: (path: string) => boolean;
}

export interface Views {
  readonly before: View | undefined;
  readonly after: View | undefined;
  /** True when nothing of the dataset was on disk, and a part of it comes there now. */
  readonly begins: boolean;
}

const WHOLE: Views = { before: undefined, after: undefined, begins: false };

/** Every tracked path, at its recorded ID. The patterns are for paths in the workspace. */
export async function allTracked(
  repo: Repository,
  lock: Lock,
  { patterns = [], ...wish }: Pick<JobOptions, 'patterns' | 'all' | 'keepsView'>,
): Promise<Job[]> {
  if (lock.size === 0) {
    throw new DvsError('E_USAGE', 'nothing is tracked here, so there is nothing to check out', {
      hint: 'Name a version: `dvs checkout <name> <dest>`; `dvs log` lists what there is.',
    });
  }
  const jobs: Job[] = [];
  for (const entry of lock.values()) {
    const resolved = await resolve(repo.store, entry.path, [entry]);
    assertDataset(await kindOf(repo.store, resolved), entry.path);
    jobs.push(await trackedJob(repo, entry, resolved, patterns, wish));
  }
  return jobs;
}

/** What a reference and a place mean together. */
export async function chooseJob(repo: Repository, lock: Lock, options: JobOptions): Promise<Job> {
  const { reference, patterns = [], dest, cwd } = options;
  const resolved = await resolve(repo.store, reference, [...lock.values()]);
  const kind = await kindOf(repo.store, resolved);
  if (kind !== datasetSchema.kind) {
    throw new DvsError('E_USAGE', `${reference} is a ${kind}, and only datasets can be checked out`, {
      hint: isContentId(resolved.id)
        ? `Use \`dvs cat ${reference} > <file>\`.`
        : `Look at it with \`dvs show ${reference}\`.`,
    });
  }
  const byPath = lock.get(reference.replace(/^\.\//, '').replace(/\/+$/, ''));
  const tracked = byPath ? [byPath] : [...lock.values()].filter(({ name }) => name === resolved.name);
  const [only, second] = tracked;
  if (dest === undefined && resolved.path === '' && only !== undefined) {
    if (second === undefined) {
      return trackedJob(repo, only, resolved, patternsInWorkspace(only, patterns), options);
    }
    throw new DvsError(
      'E_AMBIGUOUS',
      `${tracked.map(({ path }) => path).join(' and ')} are both ${only.name}`,
      {
        hint: `Name the place: \`dvs checkout ${reference} <dest>\`.`,
      },
    );
  }
  const fallback = resolved.path === '' ? (resolved.name ?? shortId(resolved.id)) : basename(resolved.path);
  const target = dest ?? resolvePath(cwd, fallback);
  const own = [...lock.values()].find(({ path }) => resolvePath(repo.workspace.root, path) === target);
  if (own !== undefined && resolved.path === '' && own.name === resolved.name) {
    return trackedJob(repo, own, resolved, patternsInWorkspace(own, patterns), options);
  }
  assertSafeDest(repo, lock, target);
  return elsewhereJob(repo, target, resolved, patterns);
}

/** Brings a tracked path to a version. The patterns are for paths in the workspace. */
async function trackedJob(
  repo: Repository,
  tracked: LockEntry,
  resolved: Omit<Resolved, 'path'>,
  patterns: readonly string[],
  { all = false, keepsView = false }: Pick<JobOptions, 'all' | 'keepsView'>,
): Promise<Job> {
  const dest = await rootOf(repo, tracked.path, tracked.links, 'checkout');
  const before = await viewOf(repo, tracked);
  const current = all ? undefined : before;
  const chosen = patterns.length === 0 ? undefined : makeView(tracked, patterns);
  const mayGrow = chosen !== undefined && !keepsView && tracked.type === 'folder';
  const begins = mayGrow && !(await isAnyThere(repo, dest, tracked.id));
  const widens = mayGrow && !begins && current !== undefined && resolved.id.equals(tracked.id);
  const added = makeView(tracked, withRuleFiles(patterns));
  const widened = widens ? makeView(tracked, [...current.patterns, ...added.patterns]) : current;
  const single = tracked.type === 'file' ? basename(tracked.path) : undefined;
  const covers = (path: string): boolean => {
    if (single !== undefined && path !== single) return false;
    if (begins) return added.covers(path);
    if (widens) return chosen.covers(path) || (added.covers(path) && !current.covers(path));
    return chosen?.covers(path) !== false && current?.covers(path) !== false;
  };
  return {
    root: single === undefined ? dest : dirname(dest),
    dest,
    type: tracked.type,
    isPartial: chosen !== undefined && !begins,
    views: { before, after: begins ? added : widened, begins },
    tracked,
    resolved,
    place: (path) => (covers(path) ? path : undefined),
    prefixes: (mayGrow ? added : (chosen ?? current))?.prefixes ?? [''],
    recordedPath: (there) => there,
    covers,
  };
}

async function elsewhereJob(
  repo: Repository,
  dest: string,
  resolved: Resolved,
  patterns: readonly string[],
): Promise<Job> {
  const { path } = resolved;
  const chosen = matcher(patterns);
  const file = path === '' ? undefined : await lookup(datasetSchema, repo.store.objects, resolved.id, path);
  if (file !== undefined) {
    const name = basename(dest);
    const place = (entry: string): string | undefined => (entry === path ? name : undefined);
    const covers = (there: string): boolean => there === name;
    const root = dirname(dest);
    return {
      root,
      dest,
      type: 'file',
      isPartial: true,
      views: WHOLE,
      tracked: undefined,
      resolved,
      place,
      prefixes: [path],
      recordedPath: () => path,
      covers,
    };
  }
  const prefix = path === '' ? '' : `${path}/`;
  if (prefix !== '') await assertFolder(repo, resolved.id, prefix, path);
  return {
    root: dest,
    dest,
    type: 'folder',
    isPartial: path !== '' || patterns.length > 0,
    views: WHOLE,
    tracked: undefined,
    resolved,
    place: (entry) => {
      if (!entry.startsWith(prefix)) return undefined;
      const inside = entry.slice(prefix.length);
      return chosen(inside) ? inside : undefined;
    },
    prefixes: prefixesOf(patterns).map((inside) => prefix + inside),
    recordedPath: (there) => prefix + there,
    covers: chosen,
  };
}

async function assertFolder(repo: Repository, id: CID, prefix: string, path: string): Promise<void> {
  for await (const _ of entries(datasetSchema, repo.store.objects, id, { prefix })) return;
  throw new DvsError('E_NOT_FOUND', `the dataset has nothing at ${path}`, { hint: 'List it with `dvs ls`.' });
}

/** Refuses a place where a checkout could remove or overwrite what other tracked paths or dvs itself need. */
function assertSafeDest(repo: Repository, lock: Lock, dest: string): void {
  const { root, ownDir, storeDir } = repo.workspace;
  const precious = [root, ownDir, storeDir, ...[...lock.keys()].map((path) => join(root, path))];
  const endangered = precious.find(
    (path) => path === dest || path.startsWith(dest.endsWith(sep) ? dest : dest + sep),
  );
  const reserved = dest.split(sep).find(isReservedSegment);
  if (reserved !== undefined) {
    throw new DvsError('E_UNSAFE', `${dest} lies in ${reserved}, where no data belongs`, {
      about: [dest],
      hint: 'Name a folder of its own.',
    });
  }
  const inStore = dest.startsWith(storeDir + sep) || dest.startsWith(ownDir + sep);
  if (endangered === undefined && !inStore) return;
  throw new DvsError(
    'E_UNSAFE',
    `${dest} holds ${inStore ? 'the store' : `${endangered}`}; a checkout there could damage it`,
    {
      about: [dest],
      hint: 'Name a folder of its own.',
    },
  );
}

function shortId(id: CID): string {
  return id.toString().slice(7, 19);
}
