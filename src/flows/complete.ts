import { countOf } from '../base/count.js';
import { isDvsError } from '../base/errors.js';
import { datasetSchema } from '../entities/dataset.js';
import { parseSplit } from '../entities/split.js';
import { decode } from '../id/codec.js';
import { kindOf, type Resolved } from '../ops/resolve/resolve.js';
import { namesLike, tags, versions } from '../store/catalogue/names.js';
import { children } from '../tree/children.js';
import { readLock } from '../workspace/lock.js';
import { find } from './references.js';
import type { Repository } from './repository.js';

/** What a reference that was begun could become. */
export interface Completion {
  readonly text: string;
  /** False for what may go on: a name, a version, a folder. */
  readonly isFinal: boolean;
  readonly note: string;
}

/** Names that begin with `typed`, in byte order. */
export async function* completeName(
  { store }: Repository,
  typed: string,
  most: number,
): AsyncGenerator<Completion> {
  const found = await store.query((session) => namesLike(session, typed, most));
  for (const { name, version } of found) yield { text: name, isFinal: false, note: `v${version}` };
}

/** Tracked paths that begin with `typed`. */
export async function* completeTracked({ workspace }: Repository, typed: string): AsyncGenerator<Completion> {
  for (const { path, name } of (await readLock(workspace)).values()) {
    if (path.startsWith(typed)) yield { text: path, isFinal: false, note: `tracked as ${name}` };
  }
}

/**
 * What the beginning of a reference could become: names and tracked paths, after a colon versions and tags, after a
 * slash what lies in that folder of the dataset. Nothing for what leads nowhere.
 */
export async function* completeReference(
  repo: Repository,
  typed: string,
  most: number,
): AsyncGenerator<Completion> {
  const slash = typed.lastIndexOf('/');
  const colon = typed.indexOf(':');
  const seen = new Set<string>();
  for await (const one of completeTracked(repo, typed)) {
    seen.add(one.text);
    yield one;
  }
  if (slash >= 0) yield* completePath(repo, typed.slice(0, slash), typed.slice(slash + 1));
  else if (colon >= 0) yield* completeSelector(repo, typed.slice(0, colon), typed.slice(colon + 1), most);
  else for await (const one of completeName(repo, typed, most)) if (!seen.has(one.text)) yield one;
  // Where the whole name stands there: what could follow it.
  const isName = slash < 0 && colon < 0 && (await isKnown(repo, typed));
  if (isName || seen.has(typed)) yield { text: `${typed}/`, isFinal: false, note: 'its files' };
  if (isName) yield { text: `${typed}:`, isFinal: false, note: 'its versions and tags' };
}

/** What lies in a folder of a dataset, or the parts of a split; `reference` leads to the folder, or the split. */
export async function* completePath(
  repo: Repository,
  reference: string,
  typed: string,
): AsyncGenerator<Completion> {
  const folder = await unlessNone(find(repo, reference));
  const kind = folder && (await unlessNone(kindOf(repo.store, folder)));
  if (folder !== undefined && kind === 'split') yield* completePart(repo, reference, folder, typed);
  if (folder === undefined || kind !== datasetSchema.kind) return;
  const { id, path } = folder;
  for await (const name of children(datasetSchema, repo.store.objects, id, path && `${path}/`, typed)) {
    const isFolder = name.endsWith('/');
    yield { text: `${reference}/${name}`, isFinal: !isFolder, note: isFolder ? 'folder' : 'file' };
  }
}

/** The parts of a split that begin so; those of folds have a slash in their names. */
async function* completePart(
  { store }: Repository,
  reference: string,
  { id, path }: Pick<Resolved, 'id' | 'path'>,
  typed: string,
): AsyncGenerator<Completion> {
  const begun = path === '' ? typed : `${path}/${typed}`;
  const split = parseSplit(decode(await store.objects.get(id)));
  const base = path === '' ? reference : reference.slice(0, -path.length - 1);
  for (const { name, count } of split.parts) {
    if (name.startsWith(begun))
      yield { text: `${base}/${name}`, isFinal: true, note: countOf(count, 'sample') };
  }
}

async function* completeSelector(
  { store }: Repository,
  name: string,
  typed: string,
  most: number,
): AsyncGenerator<Completion> {
  const found = await store.query(async (session) => {
    const selectors = (await tags(session, name)).map(({ tag }) => ({ selector: tag, note: 'tag' }));
    if (selectors.length === 0 && (await namesLike(session, name, 1))[0]?.name !== name) return [];
    selectors.push({ selector: 'latest', note: 'version' });
    for await (const { version } of versions(session, name)) {
      if (selectors.length >= most) break;
      selectors.push({ selector: `v${version}`, note: 'version' });
    }
    return selectors;
  });
  for (const { selector, note } of found) {
    if (selector.startsWith(typed)) yield { text: `${name}:${selector}`, isFinal: false, note };
  }
}

async function isKnown({ store }: Repository, name: string): Promise<boolean> {
  return name !== '' && (await store.query((session) => namesLike(session, name, 1)))[0]?.name === name;
}

/** Undefined where a reference leads to nothing: it is being typed. */
async function unlessNone<T>(looking: Promise<T>): Promise<T | undefined> {
  try {
    return await looking;
  } catch (error) {
    if (isDvsError(error)) return undefined;
    throw error;
  }
}
