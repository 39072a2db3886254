import { find, samplesKind } from './references.js';
import type { Repository } from './repository.js';
import { findPopulation, numbersOf, readSplit } from './samples/population.js';

/** A part of a split, as it is listed. */
export interface ListedPart {
  readonly part: string;
  readonly count: number;
}

/** A sample, as it is listed. */
export interface ListedSample {
  readonly number: number;
  readonly path: string;
  readonly key: string;
  /** Undefined where samples have no labels, or this one has none. */
  readonly label: string | undefined;
}

/** What a reference to samples, to a split or to a part of one lists. E_USAGE where it leads to something else. */
export async function listSamples(
  repo: Repository,
  reference: string,
): Promise<{ parts: readonly ListedPart[] } | { samples: AsyncGenerator<ListedSample> }> {
  if ((await samplesKind(repo, reference)) !== 'split') return { samples: samplesOf(repo, reference) };
  const { id } = await find(repo, reference);
  const { parts } = await readSplit(repo, id);
  return { parts: parts.map(({ name, count }) => ({ part: name, count })) };
}

async function* samplesOf(repo: Repository, reference: string): AsyncGenerator<ListedSample> {
  const population = await findPopulation(repo, reference);
  const { set, samples } = population;
  const only = (): AsyncIterable<readonly number[]> => numbersOf(population).within(0, samples.count);
  for await (const batch of set.scan({ key: true, label: true, only })) {
    for (const { number, path, key, label } of batch) yield { number, path, key, label };
  }
}
