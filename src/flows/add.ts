import { timestamp } from '../base/clock.js';
import { DvsError, isDvsError } from '../base/errors.js';
import type { CID } from '../id/cid.js';
import { type DatasetDiff, diffDatasets } from '../ops/diff/diff.js';
import { Ingest } from '../ops/ingest/ingest.js';
import type { NamedValue } from '../store/catalogue/names.js';
import { ignoreInGit } from '../workspace/gitignore.js';
import type { Ignored } from '../workspace/ignore/count.js';
import { readLock, updateLock } from '../workspace/lock.js';
import { checkEntry } from '../workspace/lock-entry.js';
import { chooseFilling, settleCache } from './add/filling.js';
import { take } from './add/take.js';
import type { Taken } from './add/taken.js';
import { chooseTargets } from './add/targets.js';
import { assertHidesNothing, assertNameFor, commitVersions, latestOf } from './commit.js';
import type { Repository } from './repository.js';
import { allowRootLinks } from './root-link.js';
import { keepView } from './view.js';

/** What to record, and how. */
export interface AddOptions {
  /** Paths relative to the workspace's root; none means every tracked path. */
  readonly paths: readonly string[];
  /** The name to record under; only for a single path. Default: the name it has, else its last part. */
  readonly name?: string;
  readonly message?: string;
  /** Read and compare, and write nothing. */
  readonly dryRun?: boolean;
  /** Read every file again, whatever the stat cache says. */
  readonly rehash?: boolean;
  /** Store the bytes behind links, from now on: approves that they are read; false: store links. */
  readonly followLinks?: boolean;
  /** Record also files that are from before the version that git brought into `dvs.lock`. */
  readonly force?: boolean;
  /** Approve that the paths are links to folders, and lead where they lead now. */
  readonly allowRootLink?: boolean;
}

/** What became of one path. */
export interface AddedVersion {
  readonly path: string;
  readonly name: string;
  readonly id: CID;
  /** The version that the name has at this ID; with a dry run, the one it would get. */
  readonly version: number;
  /** False when the name was at this ID already: then no version was made. */
  readonly isNew: boolean;
  /** Files and links. */
  readonly files: number;
  readonly bytes: number;
  /** Bytes that the store did not have, before compression. */
  readonly newBytes: number;
  /** What lies there and was left out, because a .dvsignore says so. */
  readonly ignored: Ignored;
  /** Against the version before; undefined for the first. */
  readonly diff: DatasetDiff | undefined;
}

/** What an `add` recorded. */
export interface AddResult {
  readonly versions: readonly AddedVersion[];
  /** Bytes that were written to the store, everything counted. */
  readonly storedBytes: number;
  readonly dryRun: boolean;
}

/**
 * Records a version of each path: reads what changed, stores what is new, and appends one commit for all of
 * them. A path whose name is at this content already gets no new version.
 */
export async function add(repo: Repository, options: AddOptions): Promise<AddResult> {
  const { dryRun = false } = options;
  const start = timestamp(repo.clock());
  await approve(repo, options, true);
  const targets = await chooseTargets(repo, options);
  if (!dryRun) await approve(repo, options, false);
  await repo.store.refresh();
  for (const { name, path, recorded } of targets) {
    await assertNameFor(repo, name, 'dataset');
    if (recorded === undefined) await assertHidesNothing(repo, path);
  }
  const writer = await repo.write();
  const ingest = new Ingest({
    workers: repo.workers,
    progress: repo.progress,
    writer,
    measure: dryRun,
    keep: (packs) => writer.keep(packs, { time: timestamp(repo.clock()), by: repo.who }),
    filling: dryRun ? undefined : () => chooseFilling(repo),
  });
  const taken: Taken[] = [];
  try {
    for (const target of targets) {
      const item = await take(repo, ingest, writer, target, options);
      checkEntry({ ...target, id: item.root.id });
      taken.push(item);
    }
    const packs = dryRun ? [] : await ingest.finish();
    const before = await latestOf(repo, namesOf(taken));
    const changed = taken.filter(({ root }, i) => before[i]?.id.toString() !== root.id.toString());
    let storedBytes = 0;
    if (changed.length > 0 && !dryRun) {
      const versions = changed.map(({ target, root }) => ({
        name: target.name,
        kind: 'dataset',
        id: root.id,
      }));
      const run = { op: 'add', inputs: {}, start, message: options.message };
      const committed = await commitVersions(repo, writer, packs, versions, run);
      storedBytes = committed?.storedBytes ?? 0;
    }
    // Nothing to record, and yet something was stored: contents that had been lost are there again.
    else if (packs.length > 0) {
      const said = { time: timestamp(repo.clock()), by: repo.who, names: [], publishes: [] };
      storedBytes = (await writer.commit(packs, async () => said))?.storedBytes ?? 0;
    }
    const isRecorded = storedBytes > 0 && changed.length > 0;
    const versions = await afterCommit(isRecorded, async () => {
      if (!dryRun) await record(repo, taken);
      return describe(repo, taken, before, dryRun);
    });
    return { versions, storedBytes, dryRun };
  } finally {
    for (const { scan } of taken) scan.discard();
    await ingest.close();
    await writer.close();
    await settleCache(repo, ingest.cachedBytes);
  }
}

/** What whoever types these options approves, or no longer does: for now, until it is known that they make sense. */
async function approve(
  repo: Repository,
  { paths, followLinks, allowRootLink = false }: AddOptions,
  isForNow: boolean,
): Promise<void> {
  const chosen = paths.length > 0 ? paths : (await readLock(repo.workspace)).keys();
  if (allowRootLink) await allowRootLinks(repo, chosen, isForNow);
  if (followLinks === undefined || (isForNow && !followLinks)) return;
  for (const path of chosen) {
    if (followLinks) await repo.approvals.give({ kind: 'links', path }, isForNow);
    else await repo.approvals.takeBack('links', path);
  }
}

/** Says, should something go wrong here, that the commit stands. */
async function afterCommit<T>(isCommitted: boolean, finish: () => Promise<T>): Promise<T> {
  try {
    return await finish();
  } catch (error) {
    if (!isCommitted || !isDvsError(error)) throw error;
    throw new DvsError(error.code, `the version was recorded in the store, but then ${error.message}`, {
      cause: error,
      about: error.about,
      hint: `${error.hint ?? ''} Then run \`dvs add\` again to finish.`.trim(),
    });
  }
}

function namesOf(taken: readonly Taken[]): string[] {
  return taken.map(({ target }) => target.name);
}

/** Everything that follows the commit; each step can be done again, and `dvs add` does. */
async function record(repo: Repository, taken: readonly Taken[]): Promise<void> {
  await updateLock(repo.workspace, (entries) => {
    for (const { target, root } of taken) {
      const { path, name, type, links } = target;
      entries.set(path, { path, name, type, links, id: root.id });
    }
  });
  for (const { target, root, scan, lostPacks, view } of taken) {
    await ignoreInGit(repo.workspace, target.path);
    await keepView(repo, target, view);
    await scan.keep(root.id, lostPacks);
  }
  await repo.store.refresh();
}

async function describe(
  repo: Repository,
  taken: readonly Taken[],
  before: readonly (NamedValue | undefined)[],
  dryRun: boolean,
): Promise<AddedVersion[]> {
  const now = await latestOf(repo, namesOf(taken));
  const versions: AddedVersion[] = [];
  for (const [i, item] of taken.entries()) {
    const { target, root, newBytes, scan } = item;
    const previous = before[i];
    const isNew = previous?.id.toString() !== root.id.toString();
    const version = dryRun ? (previous?.version ?? 0) + (isNew ? 1 : 0) : (now[i]?.version ?? 0);
    const diff = isNew && previous !== undefined ? await diffSince(repo, item, previous.id) : undefined;
    const { path, name } = target;
    versions.push({
      path,
      name,
      id: root.id,
      version,
      isNew,
      files: root.count,
      bytes: root.bytes,
      newBytes,
      ignored: scan.ignored,
      diff,
    });
  }
  return versions;
}

function diffSince(repo: Repository, { root, nodes, since }: Taken, previous: CID): Promise<DatasetDiff> {
  if (since?.basis.equals(previous)) return Promise.resolve(since.diff);
  return diffDatasets(nodes, previous, root.id, repo.scratch);
}
