import { countOf } from '../../base/count.js';
import { parsePermutation } from '../../entities/permutation.js';
import type { CID } from '../../id/cid.js';
import { decode } from '../../id/codec.js';
import { buildIndex } from '../../ops/samples/build-index.js';
import { parseDefinition } from '../../ops/samples/definition.js';
import { rowReader } from '../../ops/samples/readers.js';
import { orderedBy } from '../order.js';
import type { Repository } from '../repository.js';
import { inIndexPlace } from '../samples/index-place.js';
import { readSplit } from '../samples/population.js';
import { readSamples } from '../samples/recorded.js';
import { differingPart } from '../split/recompute.js';

/** What differs between an entity and what it is computed from; undefined when nothing does. */
type Recompute = (repo: Repository, id: CID) => Promise<string | undefined>;

const BY_KIND: ReadonlyMap<string, Recompute> = new Map([
  ['samples', samples],
  ['split', split],
  ['permutation', permutation],
]);

/** Makes an entity once more; says what came out otherwise, if anything did. */
export async function recompute(repo: Repository, kind: string, id: CID): Promise<string | undefined> {
  return BY_KIND.get(kind)?.(repo, id);
}

async function samples(repo: Repository, id: CID): Promise<string | undefined> {
  const { dataset, reader, count } = await readSamples(repo, id);
  const definition = parseDefinition(reader);
  rowReader(definition.reader, definition.version);
  const { objects } = repo.store;
  const { progress } = repo;
  const built = await inIndexPlace(repo, ({ path }) =>
    buildIndex({ objects, dataset, progress, path }, definition),
  );
  built.discard();
  return built.count === count
    ? undefined
    : `the dataset has ${countOf(built.count, 'sample')}, not ${count}`;
}

async function split(repo: Repository, id: CID): Promise<string | undefined> {
  const part = await differingPart(repo, await readSplit(repo, id));
  return part === undefined ? undefined : `its method gives other members to the part ${part}`;
}

async function permutation(repo: Repository, id: CID): Promise<string | undefined> {
  const recipe = parsePermutation(decode(await repo.store.objects.get(id)));
  const { count } = await orderedBy(repo, recipe, id.toString());
  return BigInt(count) === recipe.n
    ? undefined
    : `it orders ${countOf(recipe.n, 'sample')}, and there are ${count}`;
}
