import { DvsError } from '../base/errors.js';
import { datasetSchema } from '../entities/dataset.js';
import { aKind } from '../entities/kind.js';
import type { CID } from '../id/cid.js';
import { nearPaths } from '../ops/resolve/near.js';
import { kindOf, type Resolved, resolve } from '../ops/resolve/resolve.js';
import { isStored } from '../store/catalogue/catalogue.js';
import { EntryKind } from '../store/pack/layout.js';
import { lookup } from '../tree/read.js';
import { type LockEntry, readLock } from '../workspace/lock.js';
import type { Repository } from './repository.js';

/** What a reference leads to, the path after it followed. */
export interface Target extends Resolved {
  readonly kind: string;
  /** Bytes of a file, as its dataset says. */
  readonly size?: number;
}

/** What references are held against: the lock, and the store as it was just then. */
export interface Known {
  readonly tracked: readonly LockEntry[];
}

/** What is known now, for many references in a row. */
export async function knownNow({ store, workspace }: Repository): Promise<Known> {
  await store.refresh();
  return { tracked: [...(await readLock(workspace)).values()] };
}

/** Resolves a reference against workspace and store, as they are now or were. See `ops/resolve`. */
export async function find(repo: Repository, reference: string, known?: Known): Promise<Resolved> {
  const { tracked } = known ?? (await knownNow(repo));
  return resolve(repo.store, reference, tracked, { refresh: false });
}

/** The ID alone. Reads nothing of what it stands for unless a path follows, so it is the cheapest question. */
export async function findId(repo: Repository, reference: string, known?: Known): Promise<CID> {
  const resolved = await find(repo, reference, known);
  return resolved.path === '' ? resolved.id : (await follow(repo, reference, resolved)).id;
}

/** Resolves a reference to the one ID it means; a path after it leads to the content of that file. */
export async function findTarget(repo: Repository, reference: string, known?: Known): Promise<Target> {
  return follow(repo, reference, await find(repo, reference, known));
}

async function follow(repo: Repository, reference: string, resolved: Resolved): Promise<Target> {
  const kind = await kindOf(repo.store, resolved);
  if (resolved.path === '') return { ...resolved, kind };
  if (kind === 'split') {
    throw new DvsError('E_USAGE', `${reference} is a part of a split, which has no ID of its own`, {
      about: [reference],
      hint: `Name the split: ${beforePath(reference, resolved.path)}.`,
    });
  }
  assertDataset(kind, reference);
  const entry = await lookup(datasetSchema, repo.store.objects, resolved.id, resolved.path);
  if (entry?.type === 'file') return { ...resolved, id: entry.id, kind: 'content', size: entry.size };
  if (entry === undefined) throw await nothingAt(repo, reference, resolved, 'is no file of that dataset');
  throw new DvsError('E_NOT_FOUND', `${resolved.path} is a symbolic link to ${entry.target}`, {
    about: [reference],
    hint: `List its files with \`dvs ls ${beforePath(reference, resolved.path)}\`.`,
  });
}

/** E_NOT_FOUND for a path that a dataset has not, with those that come near. */
export async function nothingAt(
  { store }: Repository,
  reference: string,
  { id, path }: Pick<Resolved, 'id' | 'path'>,
  what: string,
): Promise<DvsError> {
  const start = beforePath(reference, path);
  const near = (await nearPaths(store.objects, id, path)).map((one) => `${start}/${one}`);
  return new DvsError('E_NOT_FOUND', `${path} ${what}`, {
    about: near.length > 0 ? near : [reference],
    hint:
      near.length > 0 ? `Did you mean ${near.join(', ')}?` : `List what there is with \`dvs ls ${start}\`.`,
  });
}

/** A reference without the path that follows it. */
function beforePath(reference: string, path: string): string {
  return reference.slice(0, reference.lastIndexOf(path)).replace(/\/+$/, '');
}

/** Resolves a reference that has to be a dataset; the path after it is left to the caller. */
export async function findDataset(repo: Repository, reference: string): Promise<Resolved & { id: CID }> {
  const resolved = await find(repo, reference);
  assertDataset(await kindOf(repo.store, resolved), reference);
  return resolved;
}

/** What has samples: samples, a split, or with the path after it a part of one; undefined for all else. */
export async function samplesKind(
  repo: Repository,
  reference: string,
): Promise<'samples' | 'split' | 'part' | undefined> {
  const resolved = await find(repo, reference);
  const kind = await kindOf(repo.store, resolved);
  if (kind === 'split') return resolved.path === '' ? 'split' : 'part';
  return kind === 'samples' && resolved.path === '' ? 'samples' : undefined;
}

/** Whether the store has a dataset, or at least what it begins with. */
export function hasDataset({ store }: Pick<Repository, 'store'>, id: CID): Promise<boolean> {
  return store.query((session) => isStored(session, id, EntryKind.node));
}

/** Refuses (E_USAGE) what is no dataset. */
export function assertDataset(kind: string, reference: string): void {
  if (kind === datasetSchema.kind) return;
  throw new DvsError('E_USAGE', `${reference} leads to ${aKind(kind)}, not to a dataset`, {
    about: [reference],
    hint: 'Name a dataset; `dvs log` lists them.',
  });
}
