import { kindOf, resolve } from '../../ops/resolve/resolve.js';
import { FILES_READER } from '../../ops/samples/file-samples.js';
import type { LockEntry } from '../../workspace/lock.js';
import type { Repository } from '../repository.js';
import { findPopulation } from '../samples/population.js';
import type { CheckedOut } from './checked-out.js';
import { isPopulation, type JobOptions, samplesDest } from './choose.js';
import { extract } from './extract.js';
import { assertSafeDest } from './safe-dest.js';

export interface RowsOptions extends Pick<JobOptions, 'reference' | 'dest' | 'cwd' | 'patterns'> {
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

/** Checks out samples that are rows, as files of just those rows; undefined where a reference means anything else. */
export async function extractRows(
  repo: Repository,
  lock: ReadonlyMap<string, LockEntry>,
  { reference, patterns = [], force = false, dryRun = false, ...place }: RowsOptions,
): Promise<CheckedOut | undefined> {
  const resolved = await resolve(repo.store, reference, [...lock.values()]);
  if (!isPopulation(await kindOf(repo.store, resolved), resolved)) return undefined;
  const population = await findPopulation(repo, reference);
  if (population.samples.reader.name === FILES_READER.name) return undefined;
  const dest = samplesDest(place, resolved);
  assertSafeDest(repo, lock, dest);
  return extract(repo, population, resolved, { dest, patterns, force, dryRun });
}
