import { MiB } from '../base/limits.js';
import type { CID } from '../id/cid.js';
import { type DatasetDiff, diffDatasets, isEmptyDiff, NO_DIFF } from '../ops/diff/diff.js';
import { Ingest } from '../ops/ingest/ingest.js';
import { type NamedVersion, namings } from '../store/catalogue/names.js';
import { type LockEntry, readLock } from '../workspace/lock.js';
import { readMerged } from '../workspace/merged.js';
import { listUntracked } from '../workspace/untracked.js';
import { versionOf } from './commit.js';
import { differenceOnDisk } from './compare.js';
import { assertTracked } from './paths.js';
import { isAbsent, placeOf } from './place.js';
import { hasDataset } from './references.js';
import type { Repository } from './repository.js';
import { allowRootLinks } from './root-link.js';
import { Scan } from './scan.js';
import { type View, viewOf } from './view.js';

/** How a tracked path stands against what the lock records. */
export interface TrackedStatus extends LockEntry {
  readonly version: number | undefined;
  /** `absent`: nothing is there; `unknown`: the store has not got the recorded version. */
  readonly state: 'clean' | 'modified' | 'absent' | 'unknown';
  readonly diff: DatasetDiff;
  /** True when git merged `dvs.lock` here and the files are those from before that. */
  readonly isBefore: boolean;
  /** The version that the files are, exactly, when that is another one; undefined when they are none that is named. */
  readonly onDisk?: NamedVersion | undefined;
  /** The version that the files were before they were changed, when that is another one. */
  readonly changedFrom?: NamedVersion | undefined;
  /** What of it is checked out, as patterns for paths in the dataset; undefined when that is all of it. */
  readonly partial: View['patterns'] | undefined;
  /** How many of those removed are still there, and ignored by now. */
  readonly nowIgnored: number;
}

/** How all tracked paths stand. */
export interface WorkspaceStatus {
  readonly clean: boolean;
  readonly tracked: readonly TrackedStatus[];
  /** What lies beside tracked paths at the top of the workspace, for orientation. */
  readonly untracked: readonly string[];
}

/** What is read again by every `status` sooner than the cache of a whole version is lost, from which changes are found fast. */
const READ_AGAIN = 64 * MiB;

/** Which tracked paths to look at, and how closely. */
export interface StatusOptions {
  readonly rehash?: boolean;
  readonly paths?: readonly string[];
  /** Approve that tracked folders are links, and lead where they lead now. */
  readonly allowRootLink?: boolean;
}

/** Compares every tracked path (or those given) with its recorded version; with `rehash`, trusts no stat. */
export async function status(
  repo: Repository,
  { rehash = false, paths = [], allowRootLink = false }: StatusOptions = {},
): Promise<WorkspaceStatus> {
  await repo.store.refresh();
  const lock = await readLock(repo.workspace);
  for (const path of paths) assertTracked(lock, path);
  if (allowRootLink) await allowRootLinks(repo, paths.length > 0 ? paths : lock.keys());
  const merged = await readMerged(repo.workspace);
  const tracked: TrackedStatus[] = [];
  for (const entry of lock.values()) {
    if (paths.length > 0 && !paths.includes(entry.path)) continue;
    const isBefore = merged.get(entry.path)?.id.equals(entry.id) === true;
    tracked.push({ ...(await statusOf(repo, entry, rehash)), isBefore });
  }
  const untracked = await listUntracked(repo.workspace.root, [...lock.keys()]);
  return { clean: tracked.every(({ state }) => state === 'clean'), tracked, untracked };
}

async function statusOf(
  repo: Repository,
  entry: LockEntry,
  rehash: boolean,
): Promise<Omit<TrackedStatus, 'isBefore'>> {
  const version = await versionOf(repo, entry.name, entry.id);
  const place = await placeOf(repo, entry);
  const view = await viewOf(repo, entry);
  const known = { ...entry, version, partial: view?.patterns, nowIgnored: 0 };
  if (!(await hasDataset(repo, entry.id))) {
    return { ...known, state: 'unknown', diff: NO_DIFF };
  }
  if (isAbsent(place)) {
    return { ...known, state: 'absent', diff: NO_DIFF };
  }
  const scan = new Scan(repo, place, view);
  const ingest = new Ingest({ workers: repo.workers, progress: repo.progress });
  try {
    if (!rehash && (await scan.stillAt(entry.id))) return { ...known, state: 'clean', diff: NO_DIFF };
    const before = rehash ? undefined : scan.before;
    const isOther = before !== undefined && !before.equals(entry.id);
    const other = isOther ? await anotherVersion(repo, entry, scan) : undefined;
    if (other !== undefined) return { ...known, state: 'modified', ...other };
    const isKnown = before !== undefined || (!rehash && scan.knows(entry.id));
    const found = await differenceOnDisk(repo, entry.id, place, scan, ingest, { rehash, view });
    const clean = isEmptyDiff(found.diff);
    // What --rehash found must not be taken back by the next look, which goes by the stats alone.
    const isWorth = clean || rehash || !isKnown || ingest.readBytes > READ_AGAIN;
    if (isWorth) await scan.keep(clean ? entry.id : undefined);
    if (clean) return { ...known, state: 'clean', ...found };
    const changedFrom = isOther ? await nameOf(repo, entry, before) : undefined;
    return { ...known, state: 'modified', ...found, changedFrom };
  } finally {
    scan.discard();
    await ingest.close();
  }
}

/** What differs when the files are, all of them, another recorded version: git brought another `dvs.lock`, say. */
async function anotherVersion(
  repo: Repository,
  entry: LockEntry,
  scan: Scan,
): Promise<Pick<TrackedStatus, 'diff' | 'onDisk'> | undefined> {
  const last = await scan.unchanged();
  if (last === undefined) return undefined;
  const onDisk = await nameOf(repo, entry, last.id);
  if (onDisk === undefined) return undefined;
  return { diff: await diffDatasets(repo.store.objects, entry.id, last.id, repo.scratch), onDisk };
}

/** What a dataset is called, if anything: the latest version of this path's name sooner than of another. */
async function nameOf(
  { store }: Repository,
  { name }: LockEntry,
  dataset: CID,
): Promise<NamedVersion | undefined> {
  const versions = await store.query((session) => namings(session, dataset));
  return versions.findLast((version) => version.name === name) ?? versions.at(-1);
}
