import { concatBytes, equalBytes } from '../base/bytes.js';
import { type CID, cidOf, DAG_CBOR, digestOf } from '../id/cid.js';
import { DIGEST_LENGTH, type Digest, sha256 } from '../id/hash.js';
import type { TreeSummary } from '../tree/schema.js';
import { lookAgain, type Tracked } from '../workspace/look.js';
import { changesOf, type LookChanges } from '../workspace/look-changes.js';
import { StatCache } from '../workspace/stat-cache.js';
import type { KnownDataset } from '../workspace/stat-format.js';
import type { Workspace } from '../workspace/workspace.js';
import type { View } from './view.js';

/** No dataset has this digest. */
export const NO_DATASET: Digest = new Uint8Array(DIGEST_LENGTH);

/** The dataset that the files of a tracked path were when they were last looked at. */
export interface LastDataset extends TreeSummary {
  readonly lostPacks: number | undefined;
}

/** What became of the files; `found` is undefined where only going through all of them tells what changed. */
export interface Looked {
  readonly isSame: boolean;
  readonly found: LookChanges | undefined;
}

/** What the stat cache of a tracked path knows from the last look, and what became of it since. To be closed. */
export class LastLook {
  readonly #workspace: Workspace;
  readonly #workers: number;
  readonly #path: string | undefined;
  readonly #tracked: Tracked;
  #cache: StatCache | undefined;
  #looked: Promise<Looked> | undefined;

  /** `path`: the tracked path; without it nothing is known. */
  constructor(workspace: Workspace, workers: number, path: string | undefined, tracked: Tracked) {
    this.#workspace = workspace;
    this.#workers = workers;
    this.#path = path;
    this.#tracked = tracked;
  }

  /** The stat cache at its beginning: one and the same until this is closed. */
  open(): StatCache | undefined {
    if (this.#path === undefined) return undefined;
    this.#cache ??= StatCache.open(this.#workspace, this.#path);
    this.#cache.rewind();
    return this.#cache;
  }

  /** What became of the files, looked for once. */
  look(cache: StatCache): Promise<Looked> {
    this.#looked ??= this.#lookAgain(cache);
    return this.#looked;
  }

  async #lookAgain(cache: StatCache): Promise<Looked> {
    const look = await lookAgain(cache, this.#tracked, this.#workers);
    return { isSame: look.isSame, found: changesOf(cache, look, this.#tracked) };
  }

  /** The dataset that all files of the folder were, when each has an entry and an `add` put it together. */
  get basis(): LastDataset | undefined {
    const known = this.#whole();
    return known?.lostPacks === undefined ? undefined : lastDataset(known);
  }

  /** The dataset that all files were, when each has an entry. */
  get before(): CID | undefined {
    const cache = this.open();
    const digest = cache?.hasFiles === true ? cache.dataset?.digest : undefined;
    return digest === undefined || equalBytes(digest, NO_DATASET) ? undefined : cidOf(DAG_CBOR, digest);
  }

  /** Whether the files, as far as a view has them, were this dataset. */
  was(dataset: CID, view: View | undefined): boolean {
    return equalBytes(this.open()?.dataset?.digest ?? NO_DATASET, viewedDigest(dataset, view));
  }

  /** The same, if also each file of the folder has an entry. */
  wasWhole(dataset: CID, view: View | undefined): boolean {
    return this.#whole() !== undefined && this.was(dataset, view);
  }

  /** How many packs were lost when an `add` put a dataset together, if it is the one that the files were. */
  addedWith(dataset: CID | undefined): number | undefined {
    return dataset && this.was(dataset, undefined) ? this.open()?.dataset?.lostPacks : undefined;
  }

  close(): void {
    this.#cache?.close();
    this.#cache = undefined;
    this.#looked = undefined;
  }

  #whole(): KnownDataset | undefined {
    const cache = this.#tracked.type === 'folder' ? this.open() : undefined;
    return cache?.hasFiles === true ? cache.dataset : undefined;
  }
}

export function lastDataset({ digest, count, bytes, lostPacks }: KnownDataset): LastDataset {
  return { id: cidOf(DAG_CBOR, digest), count, bytes, lostPacks };
}

/** What a stat cache has for a dataset: for one that is there in part something else, which is no dataset's. */
export function viewedDigest(dataset: CID, view: View | undefined): Digest {
  const digest = digestOf(dataset);
  return view === undefined ? digest : sha256(concatBytes([digest, view.digest]));
}
