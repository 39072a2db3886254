import { DvsError, isDvsError } from '../../base/errors.js';
import type { Split } from '../../entities/split.js';
import { CID } from '../../id/cid.js';
import type { ValueMap } from '../../id/value.js';
import { type FieldSource, formatField, parseField } from '../../ops/samples/field.js';
import type { Assigned, Division, PartName } from '../../ops/split/division.js';
import type { OldSplit, Recipe } from '../../ops/split/method.js';
import { parseRecipe } from '../../ops/split/methods.js';
import type { DividedSamples } from '../../ops/split/moves.js';
import type { Repository } from '../repository.js';
import { disjointParts, NO_PART, partsInOrder } from '../samples/parts.js';
import { openPart, type Population, readSplit } from '../samples/population.js';
import { openRecorded } from '../samples/recorded.js';
import { sampleList } from './sample-list.js';

/** The samples that a split divides. */
export async function populationOf(repo: Repository, { samples, of }: Split): Promise<Population> {
  const opened = await openRecorded(repo, samples);
  if (of === undefined) return { ...opened, part: undefined, count: opened.samples.count };
  const part = await openPart(repo, of.split, of.part, of.split.toString());
  if (!part.samples.equals(samples)) {
    throw new DvsError('E_DAMAGED', 'a split of a part is not of the samples that the part is of', {
      about: [of.split.toString()],
      hint: 'It was not made by dvs: make it again with `dvs split`.',
    });
  }
  return { ...opened, part, count: part.members.count };
}

/** Where from-column finds the part of a sample. */
export function columnOf({ column }: ValueMap): FieldSource | undefined {
  if (typeof column !== 'string') return undefined;
  try {
    const source = parseField(column);
    if (formatField(source) === column) return source;
  } catch (error) {
    if (!isDvsError(error, 'E_USAGE')) throw error;
  }
  throw new DvsError('E_ENCODING', 'the column that names the parts of a split is not as it is recorded');
}

/** A split of the store, for other samples to be divided alike. E_FORMAT when its method is not known here. */
export async function openOld(
  repo: Repository,
  id: CID,
): Promise<{ old: OldSplit; column: FieldSource | undefined }> {
  const split = await readSplit(repo, id);
  const recipe = await firstRecipe(repo, split);
  const column = columnOf(recipe.value);
  const population = await populationOf(repo, split);
  const samples = sampleList(repo, population, recipe.needs, column);
  return { old: { recipe, samples, ...divisionOf(repo, split, population) }, column };
}

/** The samples of a split with the parts that they are in, however they came there. */
export async function openDivided(
  repo: Repository,
  id: CID,
): Promise<DividedSamples & { readonly population: Population }> {
  const split = await readSplit(repo, id);
  const population = await populationOf(repo, split);
  const samples = sampleList(repo, population, []);
  return { samples, division: divisionOf(repo, split, population), population };
}

function divisionOf(repo: Repository, split: Split, { samples }: Population): Division {
  return { parts: partNames(split), assigned: () => assigned(repo, split, samples.count) };
}

/** How a split was made; of one that was carried over, how the first one was. */
async function firstRecipe(repo: Repository, split: Split): Promise<Recipe> {
  let { method } = split;
  for (let hops = 0; hops < MOST_HOPS; hops++) {
    const recipe = parseRecipe(method);
    if (recipe === undefined) {
      throw new DvsError(
        'E_FORMAT',
        `this dvs does not know the method ${String(method['name'])} of that split`,
        {
          hint: 'Update dvs and run the same command again.',
        },
      );
    }
    const { split: from } = method;
    if (recipe.name !== 'like' || !(from instanceof CID)) return recipe;
    method = (await readSplit(repo, from)).method;
  }
  throw new DvsError('E_LIMIT', `a split was carried over more than ${MOST_HOPS} times`);
}

const MOST_HOPS = 10_000;

function partNames(split: Split): PartName[] {
  const disjoint = disjointParts(split).map(({ name }) => name);
  return split.parts.map(({ name }) => {
    const own = disjoint.indexOf(name);
    if (own >= 0) return { name, index: own, isComplement: false };
    return { name, index: disjoint.indexOf(name.replace(/\/train$/, '/test')), isComplement: true };
  });
}

async function* assigned(repo: Repository, split: Split, total: number): AsyncGenerator<Assigned> {
  for await (const { first, parts } of partsInOrder(repo, split, total)) {
    const numbers = new Float64Array(parts.length);
    const found = new Uint16Array(parts.length);
    let count = 0;
    for (const [i, part] of parts.entries()) {
      if (part === NO_PART) continue;
      numbers[count] = first + i;
      found[count++] = part;
    }
    yield { numbers: numbers.subarray(0, count), parts: found.subarray(0, count) };
  }
}
