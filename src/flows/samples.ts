import { DvsError } from '../base/errors.js';
import { datasetSchema } from '../entities/dataset.js';
import { aKind } from '../entities/kind.js';
import type { Samples } from '../entities/samples.js';
import { kindOf } from '../ops/resolve/resolve.js';
import { find } from './references.js';
import type { Repository } from './repository.js';
import { makeSamples, type SamplesChoice } from './samples/make.js';
import { type Made, type MakeOptions, Making } from './samples/making.js';

export type { Made, MakeOptions, SamplesChoice };

/** What to take for samples, and how. */
export interface SamplesOptions extends SamplesChoice, MakeOptions {
  /** A dataset, or a path in one. */
  readonly reference: string;
}

/** Samples that were recorded. */
export interface RecordedSamples extends Made {
  readonly samples: Samples;
  /** Why that reader was chosen; undefined when somebody asked for it. */
  readonly why: string | undefined;
}

/**
 * Says what "one example" of a dataset is, and records it: which files, by which reader, and where key, label, group and
 * time come from. Goes through the files once. E_DATA names the file and the place of what cannot be read.
 */
export async function recordSamples(
  repo: Repository,
  { reference, name, message, ...choice }: SamplesOptions,
): Promise<RecordedSamples> {
  const resolved = await find(repo, reference);
  const kind = await kindOf(repo.store, resolved);
  if (kind !== datasetSchema.kind) {
    throw new DvsError('E_USAGE', `${reference} is ${aKind(kind)}; samples are those of a dataset`, {
      about: [reference],
      hint: 'Name a dataset; `dvs ls` lists what there is.',
    });
  }
  const making = await Making.begin(repo, 'samples', { name, message });
  try {
    const { id, samples, why } = await makeSamples(repo, making, resolved, choice);
    return { ...(await making.commit(id)), samples, why };
  } finally {
    await making.close();
  }
}
