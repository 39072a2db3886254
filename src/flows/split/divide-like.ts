import { DvsError } from '../../base/errors.js';
import { datasetSchema } from '../../entities/dataset.js';
import { kindOf } from '../../ops/resolve/resolve.js';
import { parseDefinition } from '../../ops/samples/definition.js';
import { formatField } from '../../ops/samples/field.js';
import { carryOver } from '../../ops/split/carry.js';
import { recipe } from '../../ops/split/method.js';
import { like } from '../../ops/split/methods/like.js';
import { find } from '../references.js';
import type { Repository } from '../repository.js';
import type { SamplesChoice } from '../samples/make.js';
import { type Population, readSplit } from '../samples/population.js';
import { readSamples } from '../samples/recorded.js';
import type { Divided } from './divide.js';
import { findSplit } from './find-split.js';
import { openOld } from './old-split.js';
import type { MethodChoice } from './recipes.js';
import { sampleList } from './sample-list.js';

/** Divides a population as another split divides what it was made of. */
export async function divideLike(repo: Repository, population: Population, from: string): Promise<Divided> {
  const { id, name, version } = await findSplit(repo, from);
  const { of } = await readSplit(repo, id);
  if (of !== undefined && population.part === undefined) throw notOfAPart(from, of.part);
  const { old, column } = await openOld(repo, id);
  const samples = sampleList(repo, population, old.recipe.needs, column);
  const division = await carryOver(old, samples, repo.scratch);
  const nameOf = (index: number): string =>
    division.parts.find((part) => part.index === index && !part.isComplement)?.name ?? '';
  const { kept, added, gone, moved, ambiguous } = division;
  if (kept === 0) throw nothingKept(from);
  const carried = {
    from: name === undefined || version === undefined ? id.toString() : `${name}:v${version}`,
    kept,
    added: added.map((count, index) => ({ part: nameOf(index), count })),
    gone,
    moved: moved.map(({ from, to, keys }) => ({ from: nameOf(from), to: nameOf(to), keys })),
    ambiguous,
  };
  return { division, method: recipe(like, { split: id }).value, inputs: { like: id }, packs: [], carried };
}

/** All of a dataset would be new in it but for one part: what is held out would be divided among the others. */
function notOfAPart(from: string, part: string): DvsError {
  return new DvsError('E_USAGE', `${from} divides the part ${part} of a split, and these are all samples`, {
    about: [from],
    hint: `Carry that split over first, then ${from} to its part: \`dvs split <new>/${part} --like ${from}\`.`,
  });
}

/** What was to be carried over is not there: to say that nothing moved would be true, and a lie. */
function nothingKept(from: string): DvsError {
  return new DvsError(
    'E_USAGE',
    `none of these samples has a key that ${from} knows, so there is nothing to carry over`,
    {
      about: [from],
      hint: 'Without `--key` rows are told by their bytes: record samples by a column that stays, and split those.',
    },
  );
}

/** Refuses (E_USAGE) what says how to divide, where another split says that. */
export function assertOnlyLike(method: string | undefined, choice: MethodChoice): void {
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
export async function choiceLike(
  repo: Repository,
  reference: string,
  from: string,
  choice: SamplesChoice,
): Promise<SamplesChoice> {
  const resolved = await find(repo, reference);
  const kind = await kindOf(repo.store, resolved);
  if (kind !== datasetSchema.kind || Object.values(choice).some((value) => value !== undefined))
    return choice;
  const { id } = await findSplit(repo, from);
  const { samples } = await readSplit(repo, id);
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
