import { join } from 'node:path';
import { LocalBackend } from '../backend/local.js';
import type { Clock } from '../base/clock.js';
import { DvsError, isDvsError } from '../base/errors.js';
import { sweepTemp } from '../base/owner.js';
import { type Progress, silent } from '../base/progress.js';
import { Scratch } from '../base/scratch.js';
import { Store } from '../store/store.js';
import type { StoreWriter } from '../store/writer.js';
import { Approvals } from '../workspace/approvals.js';
import type { CacheOptions } from '../workspace/cache/folder.js';
import type { Environment } from '../workspace/git/run.js';
import { initWorkspace, keepFromGit } from '../workspace/init.js';
import { forgetStoreNote, writeStoreNote } from '../workspace/store-note.js';
import { findShared, findWorkspace, type Workspace } from '../workspace/workspace.js';
import { assertSameStore, choosePlace, isStore, type PlaceOptions } from './store-place.js';

/** What the library does not find out by itself: whoever calls it says. */
export interface Surroundings {
  /** Who is named in the log and in runs. */
  readonly who: string;
  readonly clock: Clock;
  /** Threads for reading, hashing and writing. */
  readonly workers: number;
  readonly progress?: Progress;
  /** The variables for git, where it is run; by default none but those that git needs to be found. */
  readonly environment?: Environment;
  /** Find out first how much there is to do, so that progress has a total: for someone who watches. */
  readonly measure?: boolean;
  /** Asks the user; without it the answer is no. */
  readonly confirm?: Confirm;
  /** A folder for temporary files where the workspace takes none, as on a read-only disk; without it there is none. */
  readonly temporary?: string | undefined;
  /** The machine-wide cache of whole files; without it, or with a size of 0, there is none. */
  readonly cache?: CacheOptions | undefined;
}

/** Whether the user says yes. */
export type Confirm = (question: string) => Promise<boolean>;

/** A workspace with its store: what all commands work on. Whoever opens one closes it. */
export class Repository {
  readonly workspace: Workspace;
  readonly store: Store;
  /** For long lists: results of flows can be read until the repository is closed. */
  readonly scratch: Scratch;
  readonly who: string;
  readonly clock: Clock;
  readonly workers: number;
  readonly progress: Progress;
  readonly measure: boolean;
  readonly confirm: Confirm | undefined;
  readonly temporary: string | undefined;
  readonly approvals: Approvals;
  readonly cache: CacheOptions | undefined;
  readonly environment: Environment;
  readonly #toClose: { close(): void }[] = [];

  private constructor(workspace: Workspace, store: Store, surroundings: Surroundings) {
    this.workspace = workspace;
    this.store = store;
    this.scratch = new Scratch(workspace.tmpDir, surroundings.temporary);
    this.who = surroundings.who;
    this.clock = surroundings.clock;
    this.workers = surroundings.workers;
    this.progress = surroundings.progress ?? silent;
    this.measure = surroundings.measure ?? false;
    this.confirm = surroundings.confirm;
    this.temporary = surroundings.temporary;
    this.approvals = new Approvals(workspace);
    this.cache = surroundings.cache;
    this.environment = surroundings.environment ?? {};
  }

  /**
   * Makes a workspace with an empty store at `root`; what is there already stays as it is. With `options.store` the
   * store lies in that folder: one that is there is joined, and this workspace uses it from now on. E_UNSAFE,
   * E_NO_STORE, E_NOT_FOUND; see `choosePlace`.
   */
  static async init(
    root: string,
    surroundings: Surroundings,
    options: PlaceOptions = {},
  ): Promise<Repository> {
    const workspace = await choosePlace(root, options);
    // A store elsewhere comes first: where none can be, as on a disk without hard links, nothing is changed here.
    const elsewhere = workspace.note && (await openElsewhere(workspace));
    await initWorkspace(root);
    if (workspace.note === undefined) await forgetStoreNote(workspace.ownDir);
    else await writeStoreNote(workspace.ownDir, workspace.note);
    const store = elsewhere ?? (await Store.init(storeOptions(workspace)));
    return new Repository(workspace, store, surroundings);
  }

  /**
   * Opens the workspace that the folder `from` lies in; E_NO_STORE when there is none, or its store is away. With `known`,
   * who has looked for it already says what was found.
   */
  static async open(from: string, surroundings: Surroundings, known?: Workspace): Promise<Repository> {
    const workspace = known ?? (await findWorkspace(from));
    if (workspace === undefined) throw await noWorkspace(from);
    return new Repository(workspace, await openStore(workspace), surroundings);
  }

  /** Closes it at the end of a block: `await using repo = await Repository.open(…)`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Begins a write to the store, after removing what killed processes left here and there. */
  async write(): Promise<StoreWriter> {
    const { note, tmpDir } = this.workspace;
    if (note !== undefined) await sweepTemp(tmpDir);
    return this.store.write();
  }

  /** Has something closed with the repository, at the latest. */
  closeLater<T extends { close(): void }>(thing: T): T {
    this.#toClose.push(thing);
    return thing;
  }

  /** Does some work, and closes what it had to be closed later. */
  async closingAfter<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#toClose.length;
    try {
      return await work();
    } finally {
      for (const thing of this.#toClose.splice(before)) thing.close();
    }
  }

  async close(): Promise<void> {
    for (const thing of this.#toClose.splice(0)) thing.close();
    this.scratch.close();
    await this.#noteHead();
    await this.store.close();
  }

  /** How far the log of a store elsewhere goes is what it is recognised by. */
  async #noteHead(): Promise<void> {
    const { note, ownDir } = this.workspace;
    const { head } = this.store;
    if (note === undefined || head.seq <= note.head.seq) return;
    try {
      await writeStoreNote(ownDir, { ...note, head });
    } catch (error) {
      if (!isDvsError(error)) throw error; // an older note serves as well
    }
  }
}

/** Opens the store, which may be one that is only to be read, or makes it. */
async function openElsewhere(workspace: Workspace): Promise<Store> {
  const { storeDir, spoolDir } = workspace;
  if (await isStore(storeDir)) return Store.open(storeOptions(workspace));
  const store = await Store.init(storeOptions(workspace));
  await keepFromGit(storeDir, spoolDir);
  return store;
}

/** Opens the store of a workspace. E_NO_STORE when it is not there, or another one is. */
export async function openStore(workspace: Workspace): Promise<Store> {
  if (workspace.note !== undefined) await assertSameStore(workspace.note);
  return Store.open(storeOptions(workspace));
}

async function noWorkspace(from: string): Promise<DvsError> {
  const shared = await findShared(from);
  if (shared === undefined) {
    return new DvsError('E_NO_STORE', `${from} is not in a dvs workspace`, {
      hint: 'Run `dvs init` to make one.',
    });
  }
  const init = shared.root === from ? 'dvs init' : `dvs -C ${shared.root} init`;
  return new DvsError(
    'E_NO_STORE',
    `${shared.root} has a dvs.lock or dvs.toml, but no store on this machine yet`,
    {
      hint: `Run \`${init} --store <folder>\` if the store is here or on a disk, else \`${init}\` for an empty one.`,
    },
  );
}

function storeOptions({ storeDir, spoolDir }: Workspace): Parameters<typeof Store.open>[0] {
  return {
    backend: new LocalBackend(storeDir),
    catalogueDir: join(storeDir, 'catalogue'),
    scratchDir: spoolDir,
  };
}
