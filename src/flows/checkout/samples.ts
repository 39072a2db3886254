import { resolve as resolvePath } from 'node:path';
import { FILES_READER } from '../../ops/samples/file-samples.js';
import type { LockEntry } from '../../workspace/lock.js';
import { find } from '../references.js';
import type { Repository } from '../repository.js';
import { findPopulation } from '../samples/population.js';
import type { CheckedOut } from './checked-out.js';
import { type JobOptions, shortId } from './choose.js';
import { extract } from './extract.js';
import type { Job } from './job.js';
import { partJob } from './part-job.js';
import { assertNotTracked, assertSafeDest } from './safe-dest.js';

export interface SamplesCheckoutOptions extends Pick<JobOptions, 'reference' | 'dest' | 'cwd' | 'patterns'> {
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

/** Files to bring as those of a dataset are; or what was done already, of samples that are rows. */
export type SamplesCheckout = { readonly job: Job } | { readonly extracted: CheckedOut };

/**
 * Checks out samples or a part of a split: files that are samples like those of a dataset, rows as files of just those rows. By
 * default into a folder called like the part, or like the samples.
 */
export async function checkoutSamples(
  repo: Repository,
  lock: ReadonlyMap<string, LockEntry>,
  { reference, patterns = [], force = false, dryRun = false, cwd, dest }: SamplesCheckoutOptions,
): Promise<SamplesCheckout> {
  const resolved = await find(repo, reference);
  const { id, name, path } = resolved;
  const folder = path === '' ? (name ?? shortId(id)) : path.replaceAll('/', '-');
  const target = dest ?? resolvePath(cwd, folder);
  assertSafeDest(repo, lock, target);
  assertNotTracked(repo, lock, target);
  const population = await findPopulation(repo, reference);
  if (population.samples.reader.name === FILES_READER.name) {
    return { job: await partJob(repo, target, population, resolved, patterns) };
  }
  return { extracted: await extract(repo, population, resolved, { dest: target, patterns, force, dryRun }) };
}
