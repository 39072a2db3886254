import { DvsError, isDvsError } from '../../base/errors.js';
import { datasetSchema } from '../../entities/dataset.js';
import { checkPath } from '../../entities/path.js';
import type { CID } from '../../id/cid.js';
import { nearPaths } from '../../ops/resolve/near.js';
import { entries, lookup } from '../../tree/read.js';
import { type LockEntry, readLock } from '../../workspace/lock.js';
import { latestOf } from '../commit.js';
import { findDataset } from '../references.js';
import type { Repository } from '../repository.js';

/** The latest version of a name, which an edit makes the next of. */
export interface Base {
  readonly name: string;
  readonly version: number;
  readonly id: CID;
  /** The tracked path that is at this version. */
  readonly tracked: LockEntry | undefined;
}

/** A place in a dataset that is to be edited. */
export interface EditPlace {
  readonly base: Base;
  /** Without slashes at its end; empty for the dataset itself. */
  readonly path: string;
  /** Written with a slash at the end: a folder is meant. */
  readonly isFolder: boolean;
}

/**
 * The place that a reference like `mnist/train/0.png` means. E_USAGE when it leads to no name, E_CONFLICT when what it
 * leads to is not the latest version: an edit of an older one would silently take back what came since.
 */
export async function findPlace(repo: Repository, reference: string): Promise<EditPlace> {
  const found = await findDataset(repo, reference);
  const { id, name, path } = found;
  if (name === undefined) {
    throw new DvsError('E_USAGE', `${reference} has no name, and only a name can get a new version`, {
      about: [reference],
      hint: 'Name a dataset: `<name>/<path>`; `dvs ls` lists the names.',
    });
  }
  const [latest] = await latestOf(repo, [name]);
  if (latest === undefined || !latest.id.equals(id)) {
    const head = `${name}:v${latest?.version ?? 1}`;
    throw new DvsError('E_CONFLICT', `${reference} leads to an older version; the latest is ${head}`, {
      about: [reference],
      hint: `Edit that: \`${name}:latest${path === '' ? '' : `/${path}`}\`. Or bring it here first: \`dvs checkout ${name}:latest\`.`,
    });
  }
  const lock = await readLock(repo.workspace);
  const tracked = [...lock.values()].find((entry) => entry.name === name && entry.id.equals(id));
  return { base: { name, version: latest.version, id, tracked }, path, isFolder: /\/$/.test(reference) };
}

/** Refuses (E_PATH, E_PATH_RESERVED) a place that no dataset can have. */
export function checkPlace(name: string, path: string): void {
  try {
    checkPath(path);
  } catch (error) {
    if (!isDvsError(error)) throw error;
    throw new DvsError(error.code, error.message, {
      cause: error,
      about: error.about,
      hint: `Write the place as \`${name}/<folder>/<file>\`, with one slash between the parts.`,
    });
  }
}

/** What a dataset has at a path. */
export async function kindAt(
  { store }: Repository,
  dataset: CID,
  path: string,
): Promise<'file' | 'folder' | 'nothing'> {
  if (path === '') return 'folder';
  if ((await lookup(datasetSchema, store.objects, dataset, path)) !== undefined) return 'file';
  for await (const _ of entries(datasetSchema, store.objects, dataset, { prefix: `${path}/` }))
    return 'folder';
  return 'nothing';
}

/** Says that a version has nothing at a path, and what comes near. */
export async function nothingAt(repo: Repository, base: Base, path: string): Promise<DvsError> {
  const near = (await nearPaths(repo.store.objects, base.id, path)).map(
    (candidate) => `${base.name}/${candidate}`,
  );
  return new DvsError('E_NOT_FOUND', `${base.name}:v${base.version} has nothing at ${path}`, {
    about: near,
    hint: near.length > 0 ? `Did you mean ${near.join(', ')}?` : `List what it has: \`dvs ls ${base.name}\`.`,
  });
}
