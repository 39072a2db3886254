import { DvsError } from '../base/errors.js';
import { makePath } from '../base/make-path.js';
import { sweepTemp } from '../base/owner.js';
import { type Sequence, sequence } from '../base/sequence.js';
import { datasetSchema } from '../entities/dataset.js';
import type { CID } from '../id/cid.js';
import { assertNotBeyondLinks } from '../ops/checkout/beyond-links.js';
import { assertNoCollisions, foldsNames } from '../ops/checkout/collisions.js';
import { type Compared, compared, type Present, type Wanted } from '../ops/checkout/compare.js';
import { type Chosen, chooseLinking, type Linking, type LinkMode } from '../ops/checkout/linking.js';
import { CheckoutPlan } from '../ops/checkout/plan.js';
import { removeFiles } from '../ops/checkout/remove.js';
import { Restore, type Restored, type Target } from '../ops/checkout/restore.js';
import { Ingest } from '../ops/ingest/ingest.js';
import { entriesWithin } from '../tree/read.js';
import { cacheStaging } from '../workspace/cache/folder.js';
import { settleGrowth } from '../workspace/cache/prune.js';
import { type LockEntry, readLock, updateLock } from '../workspace/lock.js';
import { forgetMerged } from '../workspace/merged.js';
import { HiddenFiles } from './checkout/hidden.js';
import { allTracked, chooseJob, type Job } from './checkout/job.js';
import { assertNothingLost, Judge } from './checkout/judge.js';
import { makeStaging } from './checkout/staging.js';
import { isAbsent, linksOf } from './place.js';
import type { Repository } from './repository.js';
import { allowRootLinks } from './root-link.js';
import { type LastDataset, Scan } from './scan.js';
import { keepView, type View } from './view.js';

/** What to check out, where to, and what may be lost. */
export interface CheckoutOptions {
  /** What to check out; without it every tracked path is brought to its recorded ID. */
  readonly reference?: string;
  /** Absolute path of where to; without it a tracked path's own place, else a folder in `cwd`. */
  readonly dest?: string;
  readonly cwd: string;
  /** Paths or globs within the dataset, or without a reference in the workspace; none means all. */
  readonly patterns?: readonly string[];
  /** Check out all of what was checked out in part. */
  readonly all?: boolean;
  /** Bring only what is checked out already: patterns do not widen that. */
  readonly keepsView?: boolean;
  /** Overwrite what was never added. */
  readonly force?: boolean;
  /** Look, list, and change nothing. */
  readonly dryRun?: boolean;
  /** Approve that tracked folders are links, and lead where they lead now. */
  readonly allowRootLink?: boolean;
  /** How files get there; default `auto`. */
  readonly link?: LinkMode;
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
  /** What of the tracked path is checked out now, as patterns for the workspace; undefined when that is all. */
  readonly partial: View['patterns'] | undefined;
  /** Files that no version has and that were never added: left where they are. */
  readonly left: Sequence<string>;
  /** Of the files written, those that are reflinks or hard links of the cache's. */
  readonly linked: number;
  /** Why no file could be linked, when that was asked for. */
  readonly notLinked: string | undefined;
}

/** Paths that are judged at once. */
const JUDGED = 512;

/** Brings files to what a version says: exactly those bytes, touching only what differs. */
export async function checkout(repo: Repository, options: CheckoutOptions): Promise<CheckedOut[]> {
  const lock = await readLock(repo.workspace);
  const { reference, allowRootLink = false, dryRun = false } = options;
  if (allowRootLink) await allowRootLinks(repo, lock.keys(), dryRun);
  const isNamed = reference !== undefined;
  const jobs = isNamed
    ? [await chooseJob(repo, lock, { ...options, reference })]
    : await allTracked(repo, lock, options);
  const planned: PlannedJob[] = [];
  try {
    // All of them are looked at before anything is changed, so that a refusal leaves all as they were.
    for (const job of jobs) planned.push(await planJob(repo, job, options.force === true));
    if (options.keepsView !== true) assertAnyChosen(planned, options);
    const results: CheckedOut[] = [];
    for (const one of planned) {
      const links = dryRun ? NO_LINKS : await apply(repo, one, options.link ?? 'auto');
      results.push(describe(one, links));
    }
    return results;
  } finally {
    for (const { scan } of planned) scan.discard();
  }
}

/** Refuses (E_NOT_FOUND) patterns that choose nothing: most are mistyped. */
function assertAnyChosen(
  planned: readonly PlannedJob[],
  { reference, patterns = [] }: CheckoutOptions,
): void {
  if (patterns.length === 0 || planned.some(({ plan }) => plan.length > 0)) return;
  const isOutside = planned.some(({ job }) => job.isPartial && job.views.after !== undefined);
  const shown = patterns.join(', ');
  throw new DvsError('E_NOT_FOUND', `${reference ?? 'no tracked path'} has nothing that matches ${shown}`, {
    about: patterns,
    hint:
      reference === undefined
        ? 'Without a reference patterns are for paths in the workspace, as `dvs status` shows them.'
        : `List its paths: \`dvs ls ${reference}\`.${isOutside ? ' Of another version only what is checked out here already can be brought.' : ''}`,
  });
}

type Links = Pick<CheckedOut, 'linked' | 'notLinked'>;

const NO_LINKS: Links = { linked: 0, notLinked: undefined };

/** A job and what it takes. */
interface PlannedJob {
  readonly job: Job;
  readonly scan: Scan;
  readonly plan: CheckoutPlan;
  /** What is there, when that is known to be the version already: then there is no plan. */
  readonly still?: LastDataset | undefined;
}

async function planJob(repo: Repository, job: Job, force: boolean): Promise<PlannedJob> {
  const links = job.tracked && (await linksOf(repo, job.tracked));
  const place = { type: job.type, absolute: job.dest, tracked: job.tracked?.path, links };
  const scan = new Scan(repo, place, job.views.after);
  const plan = new CheckoutPlan(repo.scratch);
  const hidden = new HiddenFiles(repo, job, scan);
  try {
    const still = await stillThere(job, scan);
    if (still !== undefined) return { job, scan, plan, still };
    const judge = await Judge.open(repo, job);
    for await (const batch of batches(compared(present(repo, job, scan), wanted(repo, job)))) {
      const items = await hidden.among(batch);
      const mayGo = await judge.judge(items);
      for (const [i, item] of items.entries()) plan.add(item, mayGo[i] === true);
    }
    if (!force) assertNothingLost(job, plan.endangered, hidden.isAny);
    if (links === 'followed') assertNotBeyondLinks(job.root, plan);
    return { job, scan, plan };
  } catch (error) {
    scan.discard();
    throw error;
  } finally {
    await hidden.close();
  }
}

/** The version, when all of it and nothing else is where it belongs. */
async function stillThere(
  { tracked, isPartial, views, resolved, dest }: Job,
  scan: Scan,
): Promise<LastDataset | undefined> {
  if (tracked === undefined || isPartial || views.before !== undefined || views.after !== undefined)
    return undefined;
  return isAbsent({ absolute: dest }) ? undefined : scan.stillAt(resolved.id);
}

async function* batches(items: AsyncIterable<Compared>): AsyncGenerator<Compared[]> {
  let batch: Compared[] = [];
  for await (const item of items) {
    if (batch.push(item) < JUDGED) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}

function describe({ job, plan, still }: PlannedJob, links: Links): CheckedOut {
  const { id, name, version } = job.resolved;
  const { left } = plan;
  return {
    dest: job.dest,
    tracked: job.tracked?.path,
    id,
    name,
    version,
    written: plan.write.length,
    removed: plan.remove.length,
    unchanged: still?.count ?? plan.same.length,
    bytes: plan.bytes,
    partial: job.views.after?.patterns,
    left: sequence(left.length, () => pathsOf(left)),
    ...links,
  };
}

function* pathsOf(items: Iterable<{ readonly path: string }>): Generator<string> {
  for (const { path } of items) yield path;
}

async function* present(repo: Repository, job: Job, scan: Scan): AsyncGenerator<Present> {
  // A dangling link counts as being there: it would be overwritten.
  if (isAbsent({ absolute: job.dest })) return;
  const ingest = new Ingest({ workers: repo.workers, progress: repo.progress });
  try {
    for await (const found of scan.run(ingest)) if (job.covers(found.path)) yield found;
  } finally {
    await ingest.close();
  }
}

async function* wanted(repo: Repository, job: Job): AsyncGenerator<Wanted> {
  const { id } = job.resolved;
  for await (const { key, value } of entriesWithin(datasetSchema, repo.store.objects, id, job.prefixes)) {
    const path = job.place(key);
    if (path !== undefined) yield { path, entry: value };
  }
}

async function apply(repo: Repository, planned: PlannedJob, link: LinkMode): Promise<Links> {
  const { job, still } = planned;
  if (still !== undefined && job.tracked !== undefined) {
    await lockAt(repo, job.tracked, job.resolved.id);
    return NO_LINKS;
  }
  if (isInVain(job, planned.plan)) return NO_LINKS;
  const staging = await makeStaging(repo, job.root);
  try {
    const { linking, why } = await linkingFor(repo, planned.plan, link, staging.folder);
    return { linked: await bring(repo, planned, staging.folder, linking), notLinked: why };
  } finally {
    await staging.release();
  }
}

/** Does what is planned; says how many files were linked. */
async function bring(
  repo: Repository,
  { job, scan, plan }: PlannedJob,
  staging: string,
  linking: Linking | undefined,
): Promise<number> {
  const restore = new Restore({
    store: repo.store,
    workers: repo.workers,
    progress: repo.progress,
    root: job.root,
    staging,
    totals: { items: plan.write.length, bytes: plan.bytes },
    mtime: scan.writtenTime,
    linking,
  });
  try {
    // What is looked for must be there: a view is narrowed before the files come, and widened after.
    if (job.views.begins) await keepViewOf(repo, job);
    if (foldsNames(staging)) assertNoCollisions(pathsOf(plan.remaining));
    restore.announce();
    removeFiles(job.root, plan.remove);
    makePath(job.root);
    const restored = restore.run(targets(plan));
    if (job.tracked === undefined) for await (const _ of restored);
    else await recordTracked(repo, job, job.tracked, plan, restored, scan);
    if (!job.views.begins) await keepViewOf(repo, job);
    return restore.linked.files;
  } finally {
    await restore.close();
    const { cached } = restore.linked;
    if (linking !== undefined && cached > 0) await settleGrowth(linking.cache, cached, linking.limit);
  }
}

async function keepViewOf(repo: Repository, { tracked, views }: Job): Promise<void> {
  if (tracked !== undefined && views.before !== views.after) await keepView(repo, tracked, views.after);
}

/** Patterns that choose nothing change nothing: they may be meant for other tracked paths. */
function isInVain({ isPartial, views }: Job, plan: CheckoutPlan): boolean {
  return (isPartial || views.begins) && plan.isEmpty && plan.remove.length === 0;
}

/** Nothing is tried where there is nothing to link. */
async function linkingFor(
  repo: Repository,
  { write }: CheckoutPlan,
  wanted: LinkMode,
  staging: string,
): Promise<Chosen> {
  if (write.length === 0 || wanted === 'copy') return {};
  const chosen = chooseLinking(wanted, repo.cache, staging, repo.clock());
  // What a killed process left there may be as large as any file.
  if (chosen.linking !== undefined) await sweepTemp(cacheStaging(chosen.linking.cache));
  return chosen;
}

function* targets({ write }: CheckoutPlan): Generator<Target> {
  for (const { path, entry, stat } of write) yield { path, entry, expected: stat };
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
  await lockAt(repo, tracked, id);
}

async function lockAt({ workspace }: Repository, tracked: LockEntry, id: CID): Promise<void> {
  await updateLock(workspace, (entries) => entries.set(tracked.path, { ...tracked, id }));
  await forgetMerged(workspace, tracked.path);
}
