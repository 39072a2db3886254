import { readLock } from '../workspace/lock.js';
import { hasStoreNote } from '../workspace/store-note.js';
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
  const place = await choosePlace(root, options);
  const created = !(await isStore(place.ownDir)) && !(await hasStoreNote(place.ownDir));
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
