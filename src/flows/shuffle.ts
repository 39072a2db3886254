import { DvsError } from '../base/errors.js';
import {
  encodePermutation,
  PERMUTATION_ALGORITHM,
  type PermutationEntity,
  type PermutationTail,
} from '../entities/permutation.js';
import { permutation } from '../ops/shuffle/permutation.js';
import type { Repository } from './repository.js';
import type { SamplesChoice } from './samples/make.js';
import { type Made, type MakeOptions, Making } from './samples/making.js';
import { findPopulation } from './samples/population.js';

/** What to shuffle. Choices of a reader are for a dataset. */
export interface ShuffleOptions extends SamplesChoice, MakeOptions {
  /** Samples, a part of a split, or a dataset. */
  readonly reference: string;
  readonly seed: string;
  /** How the order ends where workers have to get equally many. */
  readonly tail?: PermutationTail | undefined;
}

/** A permutation that was recorded. */
export interface RecordedPermutation extends Made {
  readonly permutation: PermutationEntity;
  /** Why the reader of a dataset was chosen. */
  readonly why: string | undefined;
}

/** Records in which order samples come: a recipe of a few bytes, whatever their number. */
export async function shuffle(
  repo: Repository,
  { reference, seed, tail, name, message, ...choice }: ShuffleOptions,
): Promise<RecordedPermutation> {
  const making = await Making.begin(repo, 'permutation', { name, message });
  try {
    const population = await findPopulation(repo, reference, { making, choice });
    const { part, count } = population;
    if (count === 0) throw nothingToShuffle(reference);
    permutation({ n: count, seed, epoch: 0 }); // refuses a seed that is none
    const of = part?.split ?? population.id;
    const recipe = { of, part: part?.name, algorithm: PERMUTATION_ALGORITHM, seed, n: BigInt(count), tail };
    const entity = encodePermutation(recipe);
    const inputs = part === undefined ? { samples: of } : { split: of };
    await making.add('shuffle', inputs, 'permutation', entity);
    return { ...(await making.commit(entity.id)), permutation: recipe, why: population.why };
  } finally {
    await making.close();
  }
}

function nothingToShuffle(reference: string): DvsError {
  return new DvsError('E_USAGE', `${reference} has no samples to shuffle`, {
    about: [reference],
    hint: 'Choose another part, or other weights for the split.',
  });
}
