import { isDvsError } from '../../base/errors.js';
import { datasetSchema } from '../../entities/dataset.js';
import { assertNotBeyondLinks } from '../../ops/checkout/beyond-links.js';
import { type Compared, compared, type Present, type Wanted } from '../../ops/checkout/compare.js';
import { CheckoutPlan } from '../../ops/checkout/plan.js';
import { Ingest } from '../../ops/ingest/ingest.js';
import { describe, entriesWithin } from '../../tree/read.js';
import type { LastDataset } from '../last-look.js';
import { isAbsent, linksOf } from '../place.js';
import type { Repository } from '../repository.js';
import { Scan } from '../scan.js';
import { comparedByChanges } from './by-changes.js';
import { HiddenFiles } from './hidden.js';
import type { Job } from './job.js';
import { assertNothingLost, Judge } from './judge.js';

/** Paths that are judged at once. */
const JUDGED = 512;

/** A job and what it takes. */
export interface PlannedJob {
  readonly job: Job;
  readonly scan: Scan;
  readonly plan: CheckoutPlan;
  /** How many paths the plan leaves out because they are as they should be; undefined when it has all. */
  readonly beyond: number | undefined;
  /** What is there, when that is known to be the version already: then there is no plan. */
  readonly still?: LastDataset | undefined;
}

/** Looks at what is there and what should be, and changes nothing. E_UNSAFE when something would be lost; see `Judge`. */
export async function planJob(repo: Repository, job: Job, force: boolean): Promise<PlannedJob> {
  const links = job.tracked && (await linksOf(repo, job.tracked));
  const place = { type: job.type, absolute: job.dest, tracked: job.tracked?.path, links };
  const scan = new Scan(repo, place, job.views.after);
  const hidden = new HiddenFiles(repo, job, scan);
  try {
    const still = await stillThere(job, scan);
    if (still !== undefined)
      return { job, scan, plan: new CheckoutPlan(repo.scratch), beyond: undefined, still };
    const byChanges = await planOfChanges(repo, job, scan, hidden);
    const plan = byChanges ?? (await planOf(repo, job, everyPath(repo, job, scan), hidden));
    if (!force) assertNothingLost(job, plan.endangered, hidden.isAny);
    if (links === 'followed') assertNotBeyondLinks(job.root, plan);
    return { job, scan, plan, beyond: byChanges && (await countBeyond(repo, job, byChanges)) };
  } catch (error) {
    scan.discard();
    throw error;
  } finally {
    await hidden.close();
  }
}

async function countBeyond(repo: Repository, { resolved }: Job, plan: CheckoutPlan): Promise<number> {
  const { count } = await describe(datasetSchema, repo.store.objects, resolved.id);
  return count - plan.same.length - plan.write.length;
}

async function planOf(
  repo: Repository,
  job: Job,
  paths: AsyncIterable<Compared>,
  hidden: HiddenFiles,
): Promise<CheckoutPlan> {
  const plan = new CheckoutPlan(repo.scratch);
  const judge = await Judge.open(repo, job);
  for await (const batch of batches(paths)) {
    const items = await hidden.among(batch);
    const mayGo = await judge.judge(items);
    for (const [i, item] of items.entries()) plan.add(item, mayGo[i] === true);
  }
  return plan;
}

/** Undefined where everything has to be gone through. */
async function planOfChanges(
  repo: Repository,
  job: Job,
  scan: Scan,
  hidden: HiddenFiles,
): Promise<CheckoutPlan | undefined> {
  try {
    const paths = await comparedByChanges(repo, job, scan);
    return paths && (await planOf(repo, job, paths, hidden));
  } catch (error) {
    // If it is not the version that was there before that is damaged, that will come up again.
    if (isDvsError(error, 'E_DAMAGED', 'E_MISSING')) return undefined;
    throw error;
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

function everyPath(repo: Repository, job: Job, scan: Scan): AsyncGenerator<Compared> {
  return compared(present(repo, job, scan), wanted(repo, job));
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
