import { encodeSplit, type Split } from '../entities/split.js';
import { PartsBuilder } from '../ops/members/parts-builder.js';
import type { Repository } from './repository.js';
import type { SamplesChoice } from './samples/make.js';
import { type Made, type MakeOptions, Making } from './samples/making.js';
import { findPopulation, type Population } from './samples/population.js';
import { type CarriedOver, type Divided, divide } from './split/divide.js';
import { assertOnlyLike, choiceLike, divideLike } from './split/divide-like.js';
import type { MethodChoice } from './split/recipes.js';

export type { CarriedOver, MethodChoice };

/** What to divide, and how. Choices of a reader are for a dataset. */
export interface SplitOptions extends SamplesChoice, MethodChoice, MakeOptions {
  /** Samples, a part of a split, or a dataset. */
  readonly reference: string;
  /** How; `stable` when neither this nor `like` is said. */
  readonly method?: string | undefined;
  /** Another split that is carried over to these samples. */
  readonly like?: string | undefined;
}

/** A split that was recorded. */
export interface RecordedSplit extends Made {
  readonly split: Split;
  /** How many samples were divided. */
  readonly total: number;
  /** Of a split that was carried over. */
  readonly carried: CarriedOver | undefined;
  /** Why the reader of a dataset was chosen. */
  readonly why: string | undefined;
}

/** Divides samples into parts, and records that: every part with its members as data, and how they were chosen. */
export async function split(repo: Repository, options: SplitOptions): Promise<RecordedSplit> {
  const { reference, method, like: from, name, message, ...rest } = options;
  const { parts, seed, folds, column, lists, rest: other, ...choice } = rest;
  const asked: MethodChoice = { parts, seed, folds, column, lists, rest: other };
  if (from !== undefined) assertOnlyLike(method, asked);
  const making = await Making.begin(repo, 'split', { name, message });
  try {
    const population = await findPopulation(repo, reference, {
      making,
      choice: from === undefined ? choice : await choiceLike(repo, reference, from, choice),
    });
    const divided =
      from === undefined
        ? await divide(repo, making.writer, population, method ?? 'stable', asked)
        : await divideLike(repo, population, from);
    const entity = await writeSplit(making, population, divided);
    const { part } = population;
    const inputs = {
      ...(part === undefined ? { samples: population.id } : { split: part.split }),
      ...divided.inputs,
    };
    await making.add('split', inputs, 'split', entity.encoded);
    const made = await making.commit(entity.encoded.id, divided.packs);
    const { carried } = divided;
    return { ...made, split: entity.split, total: population.count, carried, why: population.why };
  } finally {
    await making.close();
  }
}

async function writeSplit(
  making: Making,
  { id, samples, part }: Population,
  { division, method }: Divided,
): Promise<{ split: Split; encoded: ReturnType<typeof encodeSplit> }> {
  const builder = new PartsBuilder(samples.count, division.parts, making.writer);
  for await (const { numbers, parts } of division.assigned()) await builder.add(numbers, parts);
  const members = await builder.finish();
  const parts = division.parts.flatMap(({ name }, i) => {
    const built = members[i];
    return built === undefined ? [] : [{ name, count: built.count, members: built.id }];
  });
  const of = part === undefined ? undefined : { split: part.split, part: part.name };
  const made = { samples: id, of, method, parts };
  return { split: made, encoded: encodeSplit(made) };
}
