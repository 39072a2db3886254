import { DvsError } from '../base/errors.js';
import { sequence } from '../base/sequence.js';
import { plainPath } from '../entities/path.js';
import type { LinkMode } from '../ops/checkout/linking.js';
import { pathsOf } from '../ops/checkout/planned.js';
import { type LockEntry, readLock } from '../workspace/lock.js';
import { apply } from './checkout/bring.js';
import { type CheckedOut, type Links, NO_LINKS } from './checkout/checked-out.js';
import { allTracked, chooseJob } from './checkout/choose.js';
import type { Job } from './checkout/job.js';
import { type PlannedJob, planJob } from './checkout/planned-job.js';
import type { SamplesCheckout, SamplesCheckoutOptions } from './checkout/samples.js';
import { samplesKind } from './references.js';
import type { Repository } from './repository.js';
import { allowRootLinks } from './root-link.js';

export type { CheckedOut };

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

/** Brings files to what a version says: exactly those bytes, touching only what differs. */
export async function checkout(repo: Repository, options: CheckoutOptions): Promise<CheckedOut[]> {
  const lock = await readLock(repo.workspace);
  const { reference, allowRootLink = false, dryRun = false } = options;
  if (allowRootLink) await allowRootLinks(repo, meantBy(lock, reference), dryRun);
  const samples =
    reference === undefined ? undefined : await ofSamples(repo, lock, { ...options, reference });
  if (samples !== undefined && 'extracted' in samples) return [samples.extracted];
  const jobs = samples === undefined ? await chooseJobs(repo, lock, options) : [samples.job];
  const planned: PlannedJob[] = [];
  try {
    // All of them are looked at before anything is changed, so that a refusal leaves all as they were.
    for (const job of jobs) planned.push(await planJob(repo, job, options.force === true));
    if (options.keepsView !== true) assertAnyChosen(planned, options);
    const results: CheckedOut[] = [];
    for (const one of planned) {
      const links = dryRun ? NO_LINKS : await apply(repo, one, options.link ?? 'auto');
      results.push(describeJob(one, links));
    }
    return results;
  } finally {
    for (const { scan } of planned) scan.discard();
  }
}

/** What to do where a reference leads to samples; loaded when it is needed, because most lead to datasets. */
async function ofSamples(
  repo: Repository,
  lock: ReadonlyMap<string, LockEntry>,
  options: SamplesCheckoutOptions,
): Promise<SamplesCheckout | undefined> {
  const kind = await samplesKind(repo, options.reference);
  if (kind !== 'samples' && kind !== 'part') return undefined;
  const { checkoutSamples } = await import('./checkout/samples.js');
  return checkoutSamples(repo, lock, options);
}

async function chooseJobs(
  repo: Repository,
  lock: ReadonlyMap<string, LockEntry>,
  { reference, ...options }: CheckoutOptions,
): Promise<Job[]> {
  if (reference === undefined) return allTracked(repo, lock, options);
  return [await chooseJob(repo, lock, { ...options, reference })];
}

/** The tracked paths that a reference means, which are all without one: what is approved is no more than was typed. */
function* meantBy(lock: ReadonlyMap<string, LockEntry>, reference: string | undefined): Generator<string> {
  const wanted = reference && plainPath(reference);
  const name = reference?.split(/[:/]/, 1)[0];
  for (const entry of lock.values()) {
    if (wanted === undefined || entry.path === wanted || entry.name === name) yield entry.path;
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

function describeJob({ job, plan, still, beyond }: PlannedJob, links: Links): CheckedOut {
  const { id, name, version } = job.resolved;
  const { left } = plan;
  return {
    dest: job.dest,
    tracked: job.tracked?.path,
    id: job.asked ?? id,
    name,
    version,
    written: plan.write.length,
    removed: plan.remove.length,
    unchanged: still?.count ?? plan.same.length + (beyond ?? 0),
    bytes: plan.bytes,
    partial: job.views.after?.patterns,
    left: sequence(left.length, () => pathsOf(left)),
    ...links,
  };
}
