import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve as resolvePath, sep } from 'node:path';
import { DvsError, ioError } from '../base/errors.js';
import { ownedName, sweepTemp } from '../base/owner.js';
import { type DatasetEntry, datasetSchema } from '../entities/dataset.js';
import { type CID, digestOf, isContentId } from '../id/cid.js';
import { assertNoCollisions, foldsNames } from '../ops/checkout/collisions.js';
import { type CheckoutPlan, inTheWay, type Present, planCheckout } from '../ops/checkout/plan.js';
import { removeFiles } from '../ops/checkout/remove.js';
import { Restore, type Restored, type Target } from '../ops/checkout/restore.js';
import { Ingest } from '../ops/ingest/ingest.js';
import { kindOf, type Resolved, resolve } from '../ops/resolve/resolve.js';
import { storedContents } from '../store/catalogue/catalogue.js';
import { entries, lookup } from '../tree/read.js';
import { resolveInside } from '../workspace/contain.js';
import { type LockEntry, readLock, updateLock } from '../workspace/lock.js';
import { commonPrefix, matcher } from '../workspace/patterns.js';
import type { Repository } from './repository.js';
import { Scan } from './scan.js';

export interface CheckoutOptions {
  /** What to check out; without it every tracked path is brought to its recorded ID. */
  readonly reference?: string;
  /** Absolute path of where to; without it a tracked path's own place, else a folder in `cwd`. */
  readonly dest?: string;
  readonly cwd: string;
  /** Paths or globs within the dataset; none means all of it. */
  readonly patterns?: readonly string[];
  /** Overwrite what was never added. */
  readonly force?: boolean;
  /** Look, list, and change nothing. */
  readonly dryRun?: boolean;
}

/** What a checkout did at one place. */
export interface CheckedOut {
  /** Absolute path of the file or folder. */
  readonly dest: string;
  /** The tracked path that was brought there; undefined elsewhere. */
  readonly tracked: string | undefined;
  readonly id: CID;
  readonly name: string | undefined;
  readonly version: number | undefined;
  readonly written: number;
  readonly removed: number;
  readonly unchanged: number;
  readonly bytes: number;
  /** Files that no version has and that were never added: left where they are. */
  readonly left: readonly string[];
}

/** One place and what it should hold. */
interface Job {
  /** The folder that receives the paths of the dataset. */
  readonly root: string;
  readonly dest: string;
  readonly type: 'folder' | 'file';
  readonly tracked: LockEntry | undefined;
  readonly resolved: Omit<Resolved, 'path'>;
  /** Which entries, under which path: undefined leaves one out. */
  readonly place: (path: string) => string | undefined;
  readonly prefix: string;
  /** True when only a part of the version is wanted: then the lock stays as it is. */
  readonly isPartial: boolean;
  /** Whether a path that is there now is any of this checkout's business. */
  readonly covers: (path: string) => boolean;
}

/** Brings files to what a version says: exactly those bytes, touching only what differs. */
export async function checkout(repo: Repository, options: CheckoutOptions): Promise<CheckedOut[]> {
  const lock = await readLock(repo.workspace);
  const jobs =
    options.reference === undefined ? await allTracked(repo, lock) : [await chooseJob(repo, lock, options)];
  const results: CheckedOut[] = [];
  for (const job of jobs) results.push(await runJob(repo, job, options));
  return results;
}

async function allTracked(repo: Repository, lock: ReadonlyMap<string, LockEntry>): Promise<Job[]> {
  if (lock.size === 0) {
    throw new DvsError('E_USAGE', 'nothing is tracked here, so there is nothing to check out', {
      hint: 'Name a version: `dvs checkout <name> <dest>`; `dvs log` lists what there is.',
    });
  }
  const jobs: Job[] = [];
  for (const entry of lock.values()) {
    const resolved = await resolve(repo.store, entry.path, [entry]);
    jobs.push(await trackedJob(repo, entry, resolved, []));
  }
  return jobs;
}

async function chooseJob(
  repo: Repository,
  lock: ReadonlyMap<string, LockEntry>,
  options: CheckoutOptions,
): Promise<Job> {
  const { reference = '', patterns = [], dest, cwd } = options;
  const resolved = await resolve(repo.store, reference, [...lock.values()]);
  const kind = await kindOf(repo.store, resolved.id);
  if (kind !== datasetSchema.kind) {
    throw new DvsError('E_USAGE', `${reference} is a ${kind}, and only datasets can be checked out`, {
      hint: isContentId(resolved.id)
        ? `Use \`dvs cat ${reference} > <file>\`.`
        : `Look at it with \`dvs show ${reference}\`.`,
    });
  }
  const tracked = [...lock.values()].filter(({ name }) => name === resolved.name);
  const [only, second] = tracked;
  if (dest === undefined && resolved.path === '' && only !== undefined) {
    if (second === undefined) return trackedJob(repo, only, resolved, patterns);
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
    return trackedJob(repo, own, resolved, patterns);
  }
  assertSafeDest(repo, lock, target);
  return elsewhereJob(repo, target, resolved, patterns);
}

async function trackedJob(
  repo: Repository,
  tracked: LockEntry,
  resolved: Omit<Resolved, 'path'>,
  patterns: readonly string[],
): Promise<Job> {
  const dest = await resolveInside(repo.workspace.root, tracked.path);
  const chosen = matcher(patterns);
  const single = tracked.type === 'file' ? basename(tracked.path) : undefined;
  const covers = (path: string): boolean => (single === undefined || path === single) && chosen(path);
  return {
    root: single === undefined ? dest : dirname(dest),
    dest,
    type: tracked.type,
    isPartial: patterns.length > 0,
    tracked,
    resolved,
    place: (path) => (covers(path) ? path : undefined),
    prefix: commonPrefix(patterns),
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
      tracked: undefined,
      resolved,
      place,
      prefix: path,
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
    tracked: undefined,
    resolved,
    place: (entry) => {
      if (!entry.startsWith(prefix)) return undefined;
      const inside = entry.slice(prefix.length);
      return chosen(inside) ? inside : undefined;
    },
    prefix: prefix + commonPrefix(patterns),
    covers: chosen,
  };
}

async function assertFolder(repo: Repository, id: CID, prefix: string, path: string): Promise<void> {
  for await (const _ of entries(datasetSchema, repo.store.objects, id, { prefix })) return;
  throw new DvsError('E_NOT_FOUND', `the dataset has nothing at ${path}`, { hint: 'List it with `dvs ls`.' });
}

/** Refuses a place where a checkout could remove or overwrite what other tracked paths or dvs itself need. */
function assertSafeDest(repo: Repository, lock: ReadonlyMap<string, LockEntry>, dest: string): void {
  const { root, storeDir } = repo.workspace;
  const precious = [root, storeDir, ...[...lock.keys()].map((path) => join(root, path))];
  const endangered = precious.find(
    (path) => path === dest || path.startsWith(dest.endsWith(sep) ? dest : dest + sep),
  );
  const inStore = dest.startsWith(storeDir + sep);
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

async function runJob(repo: Repository, job: Job, options: CheckoutOptions): Promise<CheckedOut> {
  const { id, name, version } = job.resolved;
  const base = { dest: job.dest, tracked: job.tracked?.path, id, name, version };
  const scan = new Scan(repo, { type: job.type, absolute: job.dest, tracked: job.tracked?.path });
  try {
    const plan = await planCheckout(present(repo, job, scan), wanted(repo, job));
    const { remove, left } = await judge(repo, job, plan, options.force === true);
    const counts = { written: plan.write.length, removed: remove.length, unchanged: plan.same.length };
    const result = { ...base, ...counts, bytes: bytesOf(plan.write), left };
    if (options.dryRun === true) return result;
    await apply(repo, job, plan, remove, scan);
    return result;
  } finally {
    scan.discard();
  }
}

async function* present(repo: Repository, job: Job, scan: Scan): AsyncGenerator<Present> {
  if (!existsSync(job.dest)) {
    // A dangling link counts as being there: it would be overwritten.
    if (lstatSync(job.dest, { throwIfNoEntry: false }) === undefined) return;
  }
  const ingest = new Ingest({ workers: repo.workers, progress: repo.progress });
  try {
    for await (const found of scan.run(ingest)) if (job.covers(found.path)) yield found;
  } finally {
    await ingest.close();
  }
}

async function* wanted(repo: Repository, job: Job): AsyncGenerator<Target> {
  const { id } = job.resolved;
  for await (const { key, value } of entries(datasetSchema, repo.store.objects, id, { prefix: job.prefix })) {
    const path = job.place(key);
    if (path !== undefined) yield { path, entry: value };
  }
}

function bytesOf(targets: readonly Target[]): number {
  return targets.reduce((sum, { entry }) => sum + (entry.type === 'file' ? entry.size : 0), 0);
}

/** Decides what may go, and refuses (E_UNSAFE) when anything that was never added would be lost. */
async function judge(
  repo: Repository,
  job: Job,
  plan: CheckoutPlan,
  force: boolean,
): Promise<{ remove: string[]; left: string[] }> {
  const lost = new Set(await neverAdded(repo, job, plan.replaced));
  const strangers = new Set(await neverAdded(repo, job, plan.extra));
  const obstacles = inTheWay(
    [...strangers].map(({ path }) => path),
    plan.write,
  );
  const endangered = [...lost, ...[...strangers].filter(({ path }) => obstacles.has(path))].map(
    ({ path }) => path,
  );
  if (endangered.length > 0 && !force) {
    const shown = endangered.slice(0, 10).join(', ');
    const more = endangered.length > 10 ? ` and ${endangered.length - 10} more` : '';
    throw new DvsError(
      'E_UNSAFE',
      `in ${job.dest} these were never added and would be lost: ${shown}${more}`,
      {
        about: endangered,
        hint: 'Run `dvs add` to keep them, or repeat with --force to lose them. Nothing was changed.',
      },
    );
  }
  const remove: string[] = [];
  const left: string[] = [];
  for (const item of plan.extra) {
    if (!strangers.has(item) || obstacles.has(item.path)) remove.push(item.path);
    else left.push(item.path);
  }
  return { remove, left };
}

/** Those that could not be brought back: contents the store has not, links that the recorded version has not. */
async function neverAdded(repo: Repository, job: Job, found: readonly Present[]): Promise<Present[]> {
  const { store } = repo;
  const files = found.flatMap((item) => (item.entry.type === 'file' ? [{ item, id: item.entry.id }] : []));
  const stored = await store.query((session) =>
    storedContents(
      session,
      files.map(({ id }) => digestOf(id)),
    ),
  );
  const lost = files.filter((_, i) => stored[i] !== true).map(({ item }) => item);
  for (const item of found) {
    if (item.entry.type === 'link' && !(await isRecorded(repo, job, item.path, item.entry))) lost.push(item);
  }
  return lost;
}

async function isRecorded(repo: Repository, job: Job, path: string, entry: DatasetEntry): Promise<boolean> {
  if (job.tracked === undefined) return false;
  const recorded = await lookup(datasetSchema, repo.store.objects, job.tracked.id, path);
  return recorded !== undefined && datasetSchema.equal(recorded, entry);
}

async function apply(
  repo: Repository,
  job: Job,
  plan: CheckoutPlan,
  remove: readonly string[],
  scan: Scan,
): Promise<void> {
  const staging = await makeStaging(repo, job.root);
  const restore = new Restore({
    store: repo.store,
    workers: repo.workers,
    progress: repo.progress,
    root: job.root,
    staging: staging.folder,
    totals: { items: plan.write.length, bytes: bytesOf(plan.write) },
    mtime: scan.writtenTime,
  });
  try {
    if (foldsNames(staging.folder)) {
      assertNoCollisions([...plan.same, ...plan.write].map(({ path }) => path));
    }
    removeFiles(job.root, remove);
    await mkdir(job.root, { recursive: true });
    const restored = restore.run(plan.write);
    if (job.tracked === undefined) for await (const _ of restored);
    else await recordTracked(repo, job, job.tracked, plan, restored, scan);
  } finally {
    await restore.close();
    await rm(staging.remove, { recursive: true, force: true });
  }
}

/** Notes what the files are now, so that nothing has to be read again, and which version the path is at. */
async function recordTracked(
  repo: Repository,
  job: Job,
  tracked: LockEntry,
  plan: CheckoutPlan,
  restored: AsyncIterable<Restored>,
  scan: Scan,
): Promise<void> {
  const { id } = job.resolved;
  if (job.isPartial) {
    for await (const _ of restored);
    return;
  }
  await scan.keepWritten(plan.same, restored, id);
  await updateLock(repo.workspace, (entries) => entries.set(tracked.path, { ...tracked, id }));
}

/** A folder on the file system of `root` for files under way: in the workspace when that is the same one. */
async function makeStaging(repo: Repository, root: string): Promise<{ folder: string; remove: string }> {
  await mkdir(root, { recursive: true });
  const { tmpDir } = repo.workspace;
  await mkdir(tmpDir, { recursive: true });
  await sweepTemp(tmpDir);
  try {
    if (lstatSync(root).dev === lstatSync(tmpDir).dev) {
      const folder = join(tmpDir, ownedName());
      await mkdir(folder);
      return { folder, remove: folder };
    }
    // `.dvs` is never taken for data, so an interrupted checkout leaves nothing that could be added.
    const folder = join(root, '.dvs', ownedName());
    const isNew = !readdirSync(root).includes('.dvs');
    await mkdir(folder, { recursive: true });
    return { folder, remove: isNew ? join(root, '.dvs') : folder };
  } catch (error) {
    throw ioError(error, 'writing', root);
  }
}

function shortId(id: CID): string {
  return id.toString().slice(7, 19);
}
