import { DvsError } from '../base/errors.js';
import { datasetSchema } from '../entities/dataset.js';
import { encodeSplit, type Split } from '../entities/split.js';
import type { CID } from '../id/cid.js';
import type { ValueMap } from '../id/value.js';
import { PartsBuilder } from '../ops/members/parts-builder.js';
import { kindOf } from '../ops/resolve/resolve.js';
import { parseDefinition } from '../ops/samples/definition.js';
import { formatField } from '../ops/samples/field.js';
import { carryOver } from '../ops/split/carry.js';
import type { Division } from '../ops/split/division.js';
import { recipe } from '../ops/split/method.js';
import { like } from '../ops/split/methods/like.js';
import { find } from './references.js';
import type { Repository } from './repository.js';
import type { SamplesChoice } from './samples/make.js';
import { type Made, type MakeOptions, Making } from './samples/making.js';
import { findPopulation, type Population, readSplit } from './samples/population.js';
import { readSamples } from './samples/recorded.js';
import { keysOnDisk, storeLists } from './split/lists.js';
import { columnOf, openOld } from './split/old-split.js';
import { chooseRecipe, type MethodChoice } from './split/recipes.js';
import { sampleList } from './split/sample-list.js';

export type { MethodChoice };

/** What to divide, and how. Choices of a reader are for a dataset. */
export interface SplitOptions extends SamplesChoice, MethodChoice, MakeOptions {
  /** Samples, a part of a split, or a dataset. */
  readonly reference: string;
  /** How; `stable` when neither this nor `like` is said. */
  readonly method?: string | undefined;
  /** Another split that is carried over to these samples. */
  readonly like?: string | undefined;
}

/** What became of the samples of a split that was carried over. */
export interface CarriedOver {
  /** Samples that are where one of the same key was. */
  readonly kept: number;
  /** New samples of each part. */
  readonly added: readonly { readonly part: string; readonly count: number }[];
  /** Samples of the old split that are no more. */
  readonly gone: number;
  /** Keys that are in another part than before. There are none: it was looked up in the result. */
  readonly moved: readonly { readonly from: string; readonly to: string; readonly keys: number }[];
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
  const making = await Making.begin(repo, { name, message });
  try {
    const population = await findPopulation(repo, reference, {
      making,
      choice: from === undefined ? choice : await choiceLike(repo, reference, from, choice),
    });
    const divided =
      from === undefined
        ? await divide(repo, making, population, method ?? 'stable', asked)
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

interface Divided {
  readonly division: Division;
  readonly method: ValueMap;
  readonly inputs: Readonly<Record<string, CID>>;
  readonly packs: Awaited<ReturnType<typeof storeLists>>['packs'];
  readonly carried: CarriedOver | undefined;
}

async function divide(
  repo: Repository,
  making: Making,
  population: Population,
  method: string,
  choice: MethodChoice,
): Promise<Divided> {
  const { lists = [] } = choice;
  const stored =
    lists.length === 0
      ? { ids: [], packs: [] }
      : await storeLists(
          repo,
          making.writer,
          lists.map(({ path }) => path),
        );
  const chosen = chooseRecipe(method, choice, stored.ids);
  const column = columnOf(chosen.value);
  const keys = (part: string): AsyncIterable<readonly string[]> => {
    const at = lists.findIndex(({ name }) => name === part);
    const [list, id] = [lists[at], stored.ids[at]];
    if (list === undefined || id === undefined)
      throw new DvsError('E_INTERNAL', `no list of the part ${part}`);
    return keysOnDisk(list.path, id);
  };
  const samples = sampleList(repo, population, chosen.needs, column);
  const division = await chosen.divide(samples, { scratch: repo.scratch, keys });
  return { division, method: chosen.value, inputs: {}, packs: stored.packs, carried: undefined };
}

async function divideLike(repo: Repository, population: Population, from: string): Promise<Divided> {
  const id = await findSplit(repo, from);
  const { old, column } = await openOld(repo, id);
  const samples = sampleList(repo, population, old.recipe.needs, column);
  const division = await carryOver(old, samples, repo.scratch);
  const nameOf = (index: number): string =>
    division.parts.find((part) => part.index === index && !part.isComplement)?.name ?? '';
  const { kept, added, gone, moved } = division;
  const carried = {
    kept,
    added: added.map((count, index) => ({ part: nameOf(index), count })),
    gone,
    moved: moved.map(({ from, to, keys }) => ({ from: nameOf(from), to: nameOf(to), keys })),
  };
  return { division, method: recipe(like, { split: id }).value, inputs: { like: id }, packs: [], carried };
}

/** Refuses (E_USAGE) what says how to divide, where another split says that. */
function assertOnlyLike(method: string | undefined, choice: MethodChoice): void {
  const given = Object.entries({ method, ...choice }).find(([, value]) => value !== undefined);
  if (given === undefined) return;
  throw new DvsError(
    'E_USAGE',
    `a split that is carried over takes no ${given[0]}: the other split says all that`,
    {
      hint: 'Leave it out, or leave `--like` out.',
    },
  );
}

/** Another version of a dataset is read as the one before, unless it is said how. */
async function choiceLike(
  repo: Repository,
  reference: string,
  from: string,
  choice: SamplesChoice,
): Promise<SamplesChoice> {
  const resolved = await find(repo, reference);
  const kind = await kindOf(repo.store, resolved);
  if (kind !== datasetSchema.kind || Object.values(choice).some((value) => value !== undefined))
    return choice;
  const { samples } = await readSplit(repo, await findSplit(repo, from));
  const { reader, paths, fields, own } = parseDefinition((await readSamples(repo, samples)).reader);
  const sources = Object.entries(fields).map(([field, source]) => [field, formatField(source)]);
  const { delimiter, header } = own;
  return {
    reader,
    ...Object.fromEntries(sources),
    // Paths are those of the whole dataset; a folder that was named is taken as it is.
    ...(paths.length === 0 || resolved.path !== '' ? {} : { patterns: paths }),
    ...(typeof delimiter === 'string' ? { delimiter } : {}),
    ...(typeof header === 'boolean' ? { header } : {}),
  };
}

async function findSplit(repo: Repository, reference: string): Promise<CID> {
  const resolved = await find(repo, reference);
  const kind = await kindOf(repo.store, resolved);
  if (kind === 'split' && resolved.path === '') return resolved.id;
  throw new DvsError('E_USAGE', `${reference} is a ${kind}, where a split is wanted`, {
    about: [reference],
    hint: 'Name a split; `dvs ls` lists what there is.',
  });
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
