import { join } from 'node:path';
import { LocalBackend } from '../backend/local.js';
import type { Clock } from '../base/clock.js';
import { DvsError } from '../base/errors.js';
import { type Progress, silent } from '../base/progress.js';
import { Scratch } from '../base/scratch.js';
import { Store } from '../store/store.js';
import { Approvals } from '../workspace/approvals.js';
import type { CacheOptions } from '../workspace/cache/folder.js';
import { initWorkspace } from '../workspace/init.js';
import { findWorkspace, type Workspace } from '../workspace/workspace.js';

/** What the library does not find out by itself: whoever calls it says. */
export interface Surroundings {
  /** Who is named in the log and in runs. */
  readonly who: string;
  readonly clock: Clock;
  /** Threads for reading, hashing and writing. */
  readonly workers: number;
  readonly progress?: Progress;
  /** Find out first how much there is to do, so that progress has a total: for someone who watches. */
  readonly measure?: boolean;
  /** Asks the user; without it the answer is no. */
  readonly confirm?: Confirm;
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
  readonly approvals: Approvals;
  readonly cache: CacheOptions | undefined;

  private constructor(workspace: Workspace, store: Store, surroundings: Surroundings) {
    this.workspace = workspace;
    this.store = store;
    this.scratch = new Scratch(workspace.tmpDir);
    this.who = surroundings.who;
    this.clock = surroundings.clock;
    this.workers = surroundings.workers;
    this.progress = surroundings.progress ?? silent;
    this.measure = surroundings.measure ?? false;
    this.confirm = surroundings.confirm;
    this.approvals = new Approvals(workspace);
    this.cache = surroundings.cache;
  }

  /** Makes a workspace with an empty store at `root`; what is there already stays as it is. */
  static async init(root: string, surroundings: Surroundings): Promise<Repository> {
    const workspace = await initWorkspace(root);
    const store = await Store.init(storeOptions(workspace));
    return new Repository(workspace, store, surroundings);
  }

  /** Opens the workspace that the folder `from` lies in; E_NO_STORE when there is none. */
  static async open(from: string, surroundings: Surroundings): Promise<Repository> {
    const workspace = await findWorkspace(from);
    if (workspace === undefined) {
      throw new DvsError('E_NO_STORE', `${from} is not in a dvs workspace`, {
        hint: 'Run `dvs init` to make one.',
      });
    }
    return new Repository(workspace, await Store.open(storeOptions(workspace)), surroundings);
  }

  /** Closes it at the end of a block: `await using repo = await Repository.open(…)`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  close(): Promise<void> {
    this.scratch.close();
    return this.store.close();
  }
}

function storeOptions({ storeDir, tmpDir }: Workspace): Parameters<typeof Store.open>[0] {
  return {
    backend: new LocalBackend(storeDir),
    catalogueDir: join(storeDir, 'catalogue'),
    scratchDir: tmpDir,
  };
}
