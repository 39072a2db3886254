import { lstat, realpath, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { DvsError, ioError, isDvsError, systemCode } from '../base/errors.js';
import { isWithin } from '../entities/path.js';
import { readLock } from '../workspace/lock.js';
import { hasStoreNote } from '../workspace/store-note.js';
import { findWorkspace } from '../workspace/workspace.js';
import { hasDataset } from './references.js';
import { Repository, type Surroundings } from './repository.js';
import { choosePlace, isStore, type PlaceOptions } from './store-place.js';

/** Where the store of a new workspace lies. */
export type InitOptions = PlaceOptions;

/** What an `init` found and made. */
export interface Initialised {
  readonly root: string;
  /** Absolute path of the folder with packs, log and catalogue. */
  readonly store: string;
  /** True when `root` was no workspace before. */
  readonly created: boolean;
  /** True when the store was made, false when it was there. */
  readonly madeStore: boolean;
  /** Tracked paths whose recorded version the store has. */
  readonly present: readonly string[];
  /** Tracked paths whose recorded version the store has not. */
  readonly missing: readonly string[];
}

/** Makes a folder a workspace, or points one to another store. See `Repository.init`. */
export async function init(
  root: string,
  surroundings: Surroundings,
  options: InitOptions = {},
): Promise<Initialised> {
  await assertFolder(root);
  const place = await choosePlace(root, options);
  const created = !(await isStore(place.ownDir)) && !(await hasStoreNote(place.ownDir));
  if (created) await assertNotTracked(root);
  const madeStore = !(await isStore(place.storeDir));
  const repo = await Repository.init(root, surroundings, options);
  try {
    await repo.store.refresh();
    const present: string[] = [];
    const missing: string[] = [];
    for (const { path, id } of (await readLock(repo.workspace)).values()) {
      ((await hasDataset(repo, id)) ? present : missing).push(path);
    }
    return { root: place.root, store: place.storeDir, created, madeStore, present, missing };
  } finally {
    await repo.close();
  }
}

/** Refuses (E_TYPE) what is there, or above what is not, and is no folder. */
async function assertFolder(root: string): Promise<void> {
  const place = await lastThere(root);
  const target = await ifThere(stat(place));
  if (target?.isDirectory() === true) return;
  const what = target === undefined ? 'is a link that leads nowhere' : 'is not a folder';
  throw new DvsError('E_TYPE', `${place} ${what}`, {
    about: [place],
    hint: 'Name a folder, or move it away.',
  });
}

/** Itself, or the nearest above it that there is. */
async function lastThere(path: string): Promise<string> {
  for (let place = path; ; place = dirname(place)) {
    if (place === dirname(place) || (await ifThere(lstat(place))) !== undefined) return place;
  }
}

async function ifThere<T>(looking: Promise<T>): Promise<T | undefined> {
  try {
    return await looking;
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return undefined;
    throw ioError(error, 'reading', 'the folder');
  }
}

/** Refuses (E_UNSAFE) a workspace in what another tracks: its files would be taken for data. */
async function assertNotTracked(root: string): Promise<void> {
  const there = await lastThere(root);
  const real = join(await realpath(there), relative(there, root));
  const outer = await unlessDamaged(() => findWorkspace(dirname(real)));
  const lock = outer && (await unlessDamaged(() => readLock(outer)));
  if (outer === undefined || lock === undefined) return;
  const inside = relative(outer.root, real);
  const tracked = [...lock.keys()].find((path) => isWithin(inside, path));
  if (tracked === undefined) return;
  throw new DvsError('E_UNSAFE', `${root} is data of the workspace ${outer.root}, which tracks ${tracked}`, {
    about: [root],
    hint: `Make a workspace elsewhere, or stop tracking it there first: \`dvs untrack ${tracked}\`.`,
  });
}

/** What is wrong with a workspace further up is told there. */
async function unlessDamaged<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isDvsError(error)) return undefined;
    throw error;
  }
}
