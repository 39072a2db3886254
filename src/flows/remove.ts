import { DvsError } from '../base/errors.js';
import { type DatasetEntry, datasetSchema } from '../entities/dataset.js';
import type { Edit } from '../tree/edit.js';
import { entriesWithin } from '../tree/read.js';
import { exactMatcher, literalPattern, matcher, prefixesOf } from '../workspace/patterns.js';
import { type Base, type EditPlace, findPlace, kindAt, nothingAt } from './edit/base.js';
import { type EditedVersion, type EditOptions, editVersion } from './edit/edit.js';
import type { Repository } from './repository.js';

/** What to remove. */
export interface RemoveOptions extends EditOptions {
  /** Places in one dataset, such as `mnist/train/0.png` or `mnist/*.tmp`. */
  readonly references: readonly string[];
  /** Folders may go, with all that is in them. */
  readonly recursive?: boolean;
}

/** Removes files from a dataset without checking it out: a new version of its name. Older versions keep them. */
export async function remove(
  repo: Repository,
  { references, recursive = false, ...options }: RemoveOptions,
): Promise<EditedVersion> {
  const places: EditPlace[] = [];
  for (const reference of references) places.push(await findPlace(repo, reference));
  const base = oneBase(places);
  const patterns: string[] = [];
  for (const place of places) patterns.push(await patternOf(repo, place, recursive));
  return editVersion(
    repo,
    { op: 'rm', base, edits: () => removals(repo, base, patterns, recursive), touched: patterns },
    options,
  );
}

/** The dataset that all places are in. */
export function oneBase(places: readonly EditPlace[]): Base {
  const [first] = places;
  const other = places.find(({ base }) => base.name !== first?.base.name);
  if (first !== undefined && other === undefined) return first.base;
  throw new DvsError(
    'E_USAGE',
    `${first?.base.name} and ${other?.base.name} are two datasets; edit one at a time`,
    {
      hint: 'Run the command once for each.',
    },
  );
}

async function patternOf(repo: Repository, { base, path }: EditPlace, recursive: boolean): Promise<string> {
  if (path === '') {
    throw new DvsError('E_USAGE', `${base.name} is a whole dataset, and a version cannot be removed here`, {
      about: [base.name],
      hint:
        base.tracked === undefined
          ? `Name a path in it: \`dvs rm ${base.name}/<path>\`.`
          : `To track it no longer: \`dvs untrack ${base.tracked.path}\`. To empty it: \`dvs rm -r ${base.name}/*\`.`,
    });
  }
  const found = await kindAt(repo, base.id, path);
  if (found === 'folder' && !recursive) {
    throw new DvsError('E_USAGE', `${path} is a folder`, {
      about: [path],
      hint: `To remove it with all that is in it: \`dvs rm -r ${base.name}/${path}\`.`,
    });
  }
  if (found !== 'nothing') return literalPattern(path);
  if (/[*?[]/.test(path)) {
    if (await matchesAny(repo, base, path, recursive)) return path;
    if (!recursive && (await matchesAny(repo, base, path, true))) {
      throw new DvsError('E_USAGE', `${path} matches only folders`, {
        about: [path],
        hint: `To remove them with all that is in them: \`dvs rm -r '${base.name}/${path}'\`.`,
      });
    }
  }
  throw await nothingAt(repo, base, path);
}

async function matchesAny(
  repo: Repository,
  base: Base,
  pattern: string,
  recursive: boolean,
): Promise<boolean> {
  for await (const _ of removals(repo, base, [pattern], recursive)) return true;
  return false;
}

async function* removals(
  { store }: Repository,
  { id }: Base,
  patterns: readonly string[],
  recursive: boolean,
): AsyncGenerator<Edit<DatasetEntry>> {
  const chosen = recursive ? matcher(patterns) : exactMatcher(patterns);
  for await (const { key } of entriesWithin(datasetSchema, store.objects, id, prefixesOf(patterns))) {
    if (chosen(key)) yield { key };
  }
}
