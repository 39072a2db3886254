import { DvsError } from '../../base/errors.js';
import type { CID } from '../../id/cid.js';
import type { ValueMap } from '../../id/value.js';
import type { Division } from '../../ops/split/division.js';
import type { Ambiguous } from '../../ops/split/moved.js';
import type { FinishedPack } from '../../store/pack/writer.js';
import type { StoreWriter } from '../../store/writer.js';
import type { Repository } from '../repository.js';
import type { Population } from '../samples/population.js';
import { keysOnDisk, storeLists } from './lists.js';
import { columnOf } from './old-split.js';
import { chooseRecipe, type MethodChoice } from './recipes.js';
import { sampleList } from './sample-list.js';

/** What became of the samples of a split that was carried over. */
export interface CarriedOver {
  /** Name and version of the split that was carried over, or its ID. */
  readonly from: string;
  /** Samples that are where one of the same key was. */
  readonly kept: number;
  /** New samples of each part. */
  readonly added: readonly { readonly part: string; readonly count: number }[];
  /** Samples of the old split that are no more. */
  readonly gone: number;
  /** Keys that are in another part than before. There are none: it was looked up in the result. */
  readonly moved: readonly { readonly from: string; readonly to: string; readonly keys: number }[];
  /** Samples of which that cannot be shown, because their key was in several parts. */
  readonly ambiguous: Ambiguous;
}

/** Samples that were divided, not yet recorded. */
export interface Divided {
  readonly division: Division;
  readonly method: ValueMap;
  readonly inputs: Readonly<Record<string, CID>>;
  readonly packs: readonly FinishedPack[];
  /** Of a split that was carried over. */
  readonly carried?: CarriedOver;
}

/** Divides a population as a method says. Lists of keys that it goes by are stored. */
export async function divide(
  repo: Repository,
  writer: StoreWriter,
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
          writer,
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
  return { division, method: chosen.value, inputs: {}, packs: stored.packs };
}
