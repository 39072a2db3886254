import { datasetSchema } from '../entities/dataset.js';
import { type Entity, parseEntity } from '../entities/kinds.js';
import { type CID, digestOf } from '../id/cid.js';
import { type Outline, type OutlineOptions, outline } from '../ops/folders/outline.js';
import { kindOf, type Resolved } from '../ops/resolve/resolve.js';
import { linkedFrom, type NamedVersion, namings, tags } from '../store/catalogue/names.js';
import { find, findTarget, type Target } from './references.js';
import type { Repository } from './repository.js';
import type { ShownSplit } from './samples/show-split.js';

/** What is known of an ID. */
export interface Shown extends Target {
  readonly names: readonly NamedVersion[];
  readonly tags: readonly { name: string; tag: string }[];
  /** Length of a content in bytes; undefined for an entity. */
  readonly bytes: number | undefined;
  /** The entity; undefined for a content. */
  readonly entity: Entity | undefined;
  /** Runs that have it among their outputs. */
  readonly madeBy: readonly CID[];
  /** Runs that have it among their inputs. */
  readonly usedBy: readonly CID[];
  /** What lies in a dataset or a folder, some levels deep; undefined for others. */
  readonly outline: Outline | undefined;
  /** What is in the parts of a split, or in the part that was asked for; undefined for others. */
  readonly split: ShownSplit | undefined;
}

/** How much of a dataset is shown: levels of folders, and what lies in one folder. */
const USUAL: OutlineOptions = { depth: 2, width: 10 };

/**
 * Looks at one thing: what it is, what it is called, where it comes from. A folder in a dataset has no ID of its own:
 * its `kind` is `folder`, and what is told of it beside its outline is the dataset that it lies in. A part of a split, of
 * the kind `part`, has none either.
 */
export async function show(
  repo: Repository,
  reference: string,
  options: Partial<OutlineOptions> = {},
): Promise<Shown> {
  const { objects } = repo.store;
  const wanted = { ...USUAL, ...options };
  const folder = await findFolder(repo, reference, wanted);
  if (folder !== undefined) {
    return { ...folder.dataset, kind: 'folder', ...NOTHING_KNOWN, outline: folder.outline };
  }
  const part = await findPart(repo, reference);
  if (part !== undefined) return { ...part.resolved, kind: 'part', ...NOTHING_KNOWN, split: part.shown };
  const target = await findTarget(repo, reference);
  const isContent = target.kind === 'content';
  return {
    ...target,
    ...(await known(repo, target.id)),
    bytes: isContent ? await objects.contentLength(digestOf(target.id)) : undefined,
    entity: isContent ? undefined : parseEntity(await objects.get(target.id)),
    outline: target.kind === datasetSchema.kind ? await outline(objects, target.id, '', wanted) : undefined,
    split: target.kind === 'split' ? await splitOf(repo, target.id, reference) : undefined,
  };
}

/** What is told of what has no ID of its own. */
const NOTHING_KNOWN = {
  names: [],
  tags: [],
  bytes: undefined,
  entity: undefined,
  madeBy: [],
  usedBy: [],
  outline: undefined,
  split: undefined,
} as const;

/** What is said of an ID elsewhere: its names and tags, and the runs around it. */
async function known(
  { store }: Repository,
  id: CID,
): Promise<Pick<Shown, 'names' | 'tags' | 'madeBy' | 'usedBy'>> {
  return store.query(async (session) => {
    const names = await namings(session, id);
    const tagged: { name: string; tag: string }[] = [];
    for (const name of new Set(names.map((naming) => naming.name))) {
      for (const { tag, id: tagId } of await tags(session, name)) {
        if (tagId.equals(id)) tagged.push({ name, tag });
      }
    }
    const links = await linkedFrom(session, id);
    return {
      names,
      tags: tagged,
      madeBy: links.filter(({ role }) => role.startsWith('outputs/')).map(({ from }) => from),
      usedBy: links.filter(({ role }) => role.startsWith('inputs/')).map(({ from }) => from),
    };
  });
}

/** The folder that a reference with a path leads to, unless it leads to a file, or nowhere. */
async function findFolder(
  repo: Repository,
  reference: string,
  options: OutlineOptions,
): Promise<{ dataset: Resolved; outline: Outline } | undefined> {
  const dataset = await find(repo, reference);
  if (dataset.path === '' || (await kindOf(repo.store, dataset)) !== datasetSchema.kind) return undefined;
  const found = await outline(repo.store.objects, dataset.id, dataset.path, options);
  return found && { dataset, outline: found };
}

/** The part of a split that a reference leads to. E_NOT_FOUND for a part that it has not. */
async function findPart(
  repo: Repository,
  reference: string,
): Promise<{ resolved: Resolved; shown: ShownSplit } | undefined> {
  const resolved = await find(repo, reference);
  if (resolved.path === '' || (await kindOf(repo.store, resolved)) !== 'split') return undefined;
  return { resolved, shown: await splitOf(repo, resolved.id, reference, resolved.path) };
}

/** What is in the parts of a split, or in one of them; loaded when it is needed. */
async function splitOf(repo: Repository, id: CID, reference: string, part?: string): Promise<ShownSplit> {
  const { partOf, readSplit } = await import('./samples/population.js');
  const { showSplit } = await import('./samples/show-split.js');
  const split = await readSplit(repo, id);
  return showSplit(repo, split, part === undefined ? undefined : partOf(split, part, reference).name);
}
