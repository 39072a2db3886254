import { utf8 } from '../../base/bytes.js';
import { sha256 } from '../../id/hash.js';
import type { Resolved } from '../../ops/resolve/resolve.js';
import { DigestSet } from '../../store/digest-set.js';
import { matcher } from '../../workspace/patterns.js';
import type { Repository } from '../repository.js';
import { numbersOf, type Population } from '../samples/population.js';
import { elsewhereJob } from './elsewhere-job.js';
import type { Job } from './job.js';

/** Brings the files that are samples of a population to a place that is not tracked. */
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
  const isMember = (path: string): boolean => chosen(path) && members.has(sha256(utf8(path)));
  const whole = await elsewhereJob(repo, dest, { id: samples.dataset, name, version, path: '' }, patterns);
  return {
    ...whole,
    asked: id,
    isPartial: true,
    place: (path) => (isMember(path) ? path : undefined),
    covers: isMember,
  };
}
