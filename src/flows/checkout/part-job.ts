import { utf8 } from '../../base/bytes.js';
import { isDvsError } from '../../base/errors.js';
import type { CID } from '../../id/cid.js';
import { sha256 } from '../../id/hash.js';
import { kindOf, type Resolved } from '../../ops/resolve/resolve.js';
import { parseDefinition } from '../../ops/samples/definition.js';
import { DigestSet } from '../../store/digest-set.js';
import { matcher } from '../../workspace/patterns.js';
import type { Repository } from '../repository.js';
import { numbersOf, type Population, readSplit } from '../samples/population.js';
import { readSamples } from '../samples/recorded.js';
import { elsewhereJob } from './elsewhere-job.js';
import type { Job } from './job.js';
import { lastVersions } from './last-versions.js';

/**
 * Brings the files that are samples of a population to a place that is not tracked. Samples of other parts, and of versions
 * before, go: what was left of them would be taken for some of this one.
 */
export async function partJob(
  repo: Repository,
  dest: string,
  population: Population,
  { id, name, version }: Pick<Resolved, 'id' | 'name' | 'version'>,
  patterns: readonly string[],
): Promise<Job> {
  const { set, samples } = population;
  const members = new DigestSet();
  const only = (): AsyncIterable<readonly number[]> => numbersOf(population).within(0, samples.count);
  for await (const batch of set.scan({ only })) {
    for (const { path } of batch) members.add(sha256(utf8(path)));
  }
  const chosen = matcher(patterns);
  const isSample = matcher(parseDefinition(samples.reader).paths);
  const whole = await elsewhereJob(repo, dest, { id: samples.dataset, name, version, path: '' }, patterns);
  return {
    ...whole,
    asked: id,
    past: await datasetsOf(repo, name),
    isPartial: true,
    covers: (path) => chosen(path) && isSample(path),
    place: (path) => (chosen(path) && members.has(sha256(utf8(path))) ? path : undefined),
  };
}

/** What comes of a version that is lost, damaged, or recorded by another dvs. */
const UNREADABLE = ['E_MISSING', 'E_NOT_FOUND', 'E_DAMAGED', 'E_ENCODING', 'E_FORMAT', 'E_LIMIT'] as const;

/** The datasets that versions of a split, or of samples, were made of. What cannot be read vouches for nothing. */
async function datasetsOf(repo: Repository, name: string | undefined): Promise<CID[]> {
  const found = new Map<string, CID>();
  for (const id of await lastVersions(repo, name)) {
    try {
      const dataset = await datasetOf(repo, id);
      found.set(dataset.toString(), dataset);
    } catch (error) {
      if (!isDvsError(error, ...UNREADABLE)) throw error;
    }
  }
  return [...found.values()];
}

async function datasetOf(repo: Repository, id: CID): Promise<CID> {
  const kind = await kindOf(repo.store, { id, version: undefined });
  const samples = kind === 'split' ? (await readSplit(repo, id)).samples : id;
  return (await readSamples(repo, samples)).dataset;
}
