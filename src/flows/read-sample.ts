import { DvsError } from '../base/errors.js';
import type { Repository } from './repository.js';
import { findSamples } from './samples/find-sample.js';
import { findPopulation } from './samples/population.js';

/**
 * A sample as people and programs read it: a whole file, a row as it is written, a row of Parquet as JSON, the bytes of an
 * element, a tar of the members. `sample` is a number or a key. Reads no more than where it lies.
 */
export async function* readSample(
  repo: Repository,
  reference: string,
  sample: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const population = await findPopulation(repo, reference);
  const [number, ...others] = await findSamples(population, sample);
  if (number === undefined || others.length > 0) {
    throw new DvsError('E_AMBIGUOUS', `${others.length + 1} samples have the key ${sample}`, {
      about: [number ?? 0, ...others].slice(0, 20).map(String),
      hint: 'Name one by its number.',
    });
  }
  yield* population.set.print(number);
}
