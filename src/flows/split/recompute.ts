import type { Split } from '../../entities/split.js';
import { CID, contentId } from '../../id/cid.js';
import { PartsBuilder } from '../../ops/members/parts-builder.js';
import { carryOver } from '../../ops/split/carry.js';
import type { Division } from '../../ops/split/division.js';
import { parseRecipe } from '../../ops/split/methods.js';
import type { Repository } from '../repository.js';
import { storedKeys } from './lists.js';
import { columnOf, openOld, populationOf } from './old-split.js';
import { sampleList } from './sample-list.js';

/** Writes nothing: only the IDs are wanted. */
const HASHING = { addContent: async (bytes: Uint8Array) => contentId(bytes), addNode: async () => {} };

/**
 * Divides the samples of a split once more, as its method says, and tells which of its parts has other members than that gives;
 * undefined when all are the same, or when this dvs does not know the method.
 */
export async function differingPart(repo: Repository, split: Split): Promise<string | undefined> {
  const division = await divideAgain(repo, split);
  if (division === undefined) return undefined;
  const population = await populationOf(repo, split);
  const builder = new PartsBuilder(population.samples.count, division.parts, HASHING);
  for await (const { numbers, parts } of division.assigned()) await builder.add(numbers, parts);
  const members = await builder.finish();
  const found = new Map(division.parts.map(({ name }, i) => [name, members[i]]));
  const other = split.parts.find(({ name, count, members: recorded }) => {
    const again = found.get(name);
    return again === undefined || again.count !== count || !again.id.equals(recorded);
  });
  return other?.name ?? (found.size === split.parts.length ? undefined : 'that it has not');
}

async function divideAgain(repo: Repository, split: Split): Promise<Division | undefined> {
  const recipe = parseRecipe(split.method);
  if (recipe === undefined) return undefined;
  const population = await populationOf(repo, split);
  const { split: from, lists } = split.method;
  if (recipe.name === 'like' && from instanceof CID) {
    const { old, column } = await openOld(repo, from);
    return carryOver(old, sampleList(repo, population, old.recipe.needs, column), repo.scratch);
  }
  const keys = (part: string): AsyncIterable<readonly string[]> => {
    const names = split.parts.map(({ name }) => name).filter((name) => name !== split.method['rest']);
    const list = Array.isArray(lists) ? lists[names.indexOf(part)] : undefined;
    return list instanceof CID ? storedKeys(repo, list) : nothing();
  };
  const samples = sampleList(repo, population, recipe.needs, columnOf(recipe.value));
  return recipe.divide(samples, { scratch: repo.scratch, keys });
}

async function* nothing(): AsyncGenerator<never, void, undefined> {}
