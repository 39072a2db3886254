import { makePath } from '../../base/make-path.js';
import { sweepTemp } from '../../base/owner.js';
import { Spill } from '../../base/spill.js';
import type { CID } from '../../id/cid.js';
import { assertNoCollisions, foldsNames } from '../../ops/checkout/collisions.js';
import { type Chosen, chooseLinking, type Linking, type LinkMode } from '../../ops/checkout/linking.js';
import type { CheckoutPlan } from '../../ops/checkout/plan.js';
import { type Planned, pathsOf, planned } from '../../ops/checkout/planned.js';
import { removeFiles } from '../../ops/checkout/remove.js';
import { Restore, type Restored, type Target } from '../../ops/checkout/restore.js';
import { cacheStaging } from '../../workspace/cache/folder.js';
import { settleGrowth } from '../../workspace/cache/prune.js';
import { type LockEntry, updateLock } from '../../workspace/lock.js';
import { forgetMerged } from '../../workspace/merged.js';
import type { Repository } from '../repository.js';
import { keepView } from '../view.js';
import { type Links, NO_LINKS } from './checked-out.js';
import type { Job } from './job.js';
import type { PlannedJob } from './planned-job.js';
import { makeStaging } from './staging.js';

/** Does what is planned, and says what was linked. */
export async function apply(repo: Repository, task: PlannedJob, link: LinkMode): Promise<Links> {
  const { job, still } = task;
  if (still !== undefined && job.tracked !== undefined) {
    await lockAt(repo, job.tracked, job.resolved.id);
    return NO_LINKS;
  }
  if (isInVain(job, task.plan)) return NO_LINKS;
  const staging = await makeStaging(repo, job.root);
  try {
    const { linking, why } = await linkingFor(repo, task.plan, link, staging.folder);
    return { linked: await bring(repo, task, staging.folder, linking), notLinked: why };
  } finally {
    await staging.release();
  }
}

/** Brings the files; says how many were linked. */
async function bring(
  repo: Repository,
  task: PlannedJob,
  staging: string,
  linking: Linking | undefined,
): Promise<number> {
  const { job, plan, scan } = task;
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
    else await recordTracked(repo, job.tracked, task, restored);
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
  tracked: LockEntry,
  { job, scan, plan, beyond }: PlannedJob,
  restored: AsyncIterable<Restored>,
): Promise<void> {
  const { id } = job.resolved;
  if (job.isPartial) {
    for await (const _ of restored);
    return;
  }
  if (beyond !== undefined) await scan.noteChanged(await asWritten(repo, plan, restored));
  else await scan.noteWritten(plan.same, restored);
  // In this order: of files that are known to be another version than the lock's, `add` thinks that git changed that.
  await lockAt(repo, tracked, id);
  await scan.keep(id);
}

/** The plan, with what each file that was written is now. */
async function asWritten(
  { scratch }: Repository,
  plan: CheckoutPlan,
  restored: AsyncIterable<Restored>,
): Promise<Iterable<Planned>> {
  const written = new Spill(scratch, planned);
  for await (const { path, entry, stat } of restored) written.add({ fate: 'write', path, entry, stat });
  return withThose(plan.items, written);
}

function* withThose(items: Iterable<Planned>, written: Iterable<Planned>): Generator<Planned> {
  const those = written[Symbol.iterator]();
  for (const item of items) {
    if (item.fate !== 'write') yield item;
    else {
      const next = those.next();
      if (next.done !== true) yield next.value;
    }
  }
}

async function lockAt({ workspace }: Repository, tracked: LockEntry, id: CID): Promise<void> {
  await updateLock(workspace, (entries) => entries.set(tracked.path, { ...tracked, id }));
  await forgetMerged(workspace, tracked.path);
}
