import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { timestamp } from '../base/clock.js';
import { DvsError, ioError } from '../base/errors.js';
import { checkName } from '../base/names.js';
import { type DatasetEntry, datasetSchema } from '../entities/dataset.js';
import { checkPath } from '../entities/path.js';
import { encodeRun } from '../entities/run.js';
import type { CID } from '../id/cid.js';
import { type DatasetDiff, diffDatasets } from '../ops/diff/diff.js';
import { Ingest } from '../ops/ingest/ingest.js';
import { isStored } from '../store/catalogue/catalogue.js';
import { latest } from '../store/catalogue/names.js';
import type { NameChange } from '../store/log/entry.js';
import { EntryKind } from '../store/pack/layout.js';
import type { Proposal, StoreWriter } from '../store/writer.js';
import { buildTree } from '../tree/build.js';
import { describe as describeTree } from '../tree/read.js';
import type { Entry, TreeRoot } from '../tree/schema.js';
import { checkDisjoint, checkEntry } from '../workspace/lock-entry.js';
import { ignoreInGit } from '../workspace/gitignore.js';
import { type LockEntry, readLock, updateLock } from '../workspace/lock.js';
import type { Repository } from './repository.js';
import { placeOf, Scan } from './scan.js';
import { TOOL } from './tool.js';

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
  /** Against the version before; undefined for the first. */
  readonly diff: DatasetDiff | undefined;
}

export interface AddResult {
  readonly versions: readonly AddedVersion[];
  /** Bytes that were written to the store, everything counted. */
  readonly storedBytes: number;
  readonly dryRun: boolean;
}

type Tracked = Omit<LockEntry, 'id'>;

interface Taken {
  readonly tracked: Tracked;
  readonly root: TreeRoot;
  readonly newBytes: number;
  readonly scan: Scan;
}

/**
 * Records a version of each path: reads what changed, stores what is new, and appends one commit for all of
 * them. A path whose name is at this content already gets no new version.
 */
export async function add(repo: Repository, options: AddOptions): Promise<AddResult> {
  const start = timestamp(repo.clock());
  const targets = await chooseTargets(repo, options);
  await repo.store.refresh();
  const writer = await repo.store.write();
  const ingest = new Ingest({
    workers: repo.workers,
    progress: repo.progress,
    writer,
    measure: options.dryRun === true,
  });
  try {
    const taken: Taken[] = [];
    for (const tracked of targets) {
      const item = await take(repo, ingest, writer, tracked, options);
      checkEntry({ ...tracked, id: item.root.id });
      taken.push(item);
    }
    const packs = options.dryRun === true ? [] : await ingest.finish();
    const before = await latestOf(repo, taken);
    const changed = taken.filter(({ root }, i) => before[i]?.id.toString() !== root.id.toString());
    let storedBytes = 0;
    if (changed.length > 0 && options.dryRun !== true) {
      const run = encodeRun({
        op: 'add',
        inputs: {},
        outputs: Object.fromEntries(changed.map(({ tracked, root }) => [tracked.name, root.id])),
        tool: TOOL,
        start,
        end: timestamp(repo.clock()),
        who: repo.who,
        ...(options.message === undefined ? {} : { message: options.message }),
      });
      await writer.addNode(run.id, run.bytes);
      const committed = await writer.commit(packs, () => propose(repo, changed, run.id, options.message));
      storedBytes = committed?.storedBytes ?? 0;
    }
    if (options.dryRun !== true) await record(repo, taken);
    return {
      versions: await describe(repo, taken, before, options),
      storedBytes,
      dryRun: options.dryRun === true,
    };
  } finally {
    await ingest.close();
    await writer.close();
  }
}

async function chooseTargets(repo: Repository, { paths, name }: AddOptions): Promise<Tracked[]> {
  const lock = await readLock(repo.workspace);
  if (paths.length === 0) {
    if (lock.size > 0) return [...lock.values()];
    throw new DvsError('E_USAGE', 'nothing is tracked yet, so there is nothing to add again', {
      hint: 'Name what to track: `dvs add <path>`.',
    });
  }
  if (name !== undefined && paths.length > 1) {
    throw new DvsError('E_USAGE', '--name is for one path; several were given', {
      hint: 'Add them one by one.',
    });
  }
  const targets: Tracked[] = [];
  for (const path of new Set(paths)) {
    checkPath(path);
    const chosen = name ?? lock.get(path)?.name ?? freeName(lock, path);
    checkName(chosen);
    targets.push({ path, name: chosen, type: await typeOf(repo, path) });
  }
  // What the lock would refuse must be known before anything is committed.
  checkDisjoint([...new Set([...lock.keys(), ...targets.map(({ path }) => path)])]);
  const twice = targets.find((target, i) => targets.some((other, j) => j < i && other.name === target.name));
  if (twice !== undefined) {
    throw new DvsError('E_USAGE', `two of these paths would both be called ${twice.name}`, {
      hint: 'Add one of them alone, with --name.',
    });
  }
  return targets;
}

/** The last part of the path, unless another tracked path has that name: then the two would be mixed up. */
function freeName(lock: ReadonlyMap<string, LockEntry>, path: string): string {
  const wanted = basename(path);
  const other = [...lock.values()].find((entry) => entry.name === wanted);
  if (other === undefined) return wanted;
  throw new DvsError('E_USAGE', `${path} would be called ${wanted}, and so is ${other.path}`, {
    about: [path, other.path],
    hint: `Choose another name: \`dvs add ${path} --name <name>\`.`,
  });
}

async function typeOf(repo: Repository, path: string): Promise<LockEntry['type']> {
  const absolute = `${repo.workspace.root}/${path}`;
  try {
    return (await stat(absolute)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    throw ioError(error, 'reading', absolute);
  }
}

async function take(
  repo: Repository,
  ingest: Ingest,
  writer: StoreWriter,
  tracked: Tracked,
  { dryRun = false, rehash = false }: AddOptions,
): Promise<Taken> {
  const scan = new Scan(repo, await placeOf(repo, tracked.path, tracked.type));
  const known = rehash ? undefined : scan.unchanged();
  if (known !== undefined && (await isThere(repo, known))) {
    return { tracked, root: await describeTree(datasetSchema, repo.store.objects, known), newBytes: 0, scan };
  }
  const before = ingest.newBytes;
  try {
    const root = await buildTree(datasetSchema, asEntries(scan, ingest, rehash), (id, bytes) =>
      dryRun ? undefined : writer.addNode(id, bytes),
    );
    return { tracked, root, newBytes: ingest.newBytes - before, scan };
  } catch (error) {
    scan.discard();
    throw error;
  }
}

/** The stat cache may know a dataset that this store never got, because an `add` was stopped before its commit. */
function isThere(repo: Repository, dataset: CID): Promise<boolean> {
  return repo.store.query((session) => isStored(session, dataset, EntryKind.node));
}

async function* asEntries(scan: Scan, ingest: Ingest, rehash: boolean): AsyncGenerator<Entry<DatasetEntry>> {
  for await (const { path, entry } of scan.run(ingest, rehash)) yield { key: path, value: entry };
}

function latestOf(
  repo: Repository,
  taken: readonly Taken[],
): Promise<({ id: CID; version: number } | undefined)[]> {
  return repo.store.query((session) =>
    Promise.all(taken.map(({ tracked }) => latest(session, tracked.name))),
  );
}

/** What to commit, given what the names are now: somebody else may have moved one meanwhile. */
async function propose(
  repo: Repository,
  changed: readonly Taken[],
  run: CID,
  message: string | undefined,
): Promise<Proposal | undefined> {
  const current = await latestOf(repo, changed);
  const names = changed.flatMap(({ tracked, root }, i): NameChange[] => {
    const from = current[i]?.id ?? null;
    return from?.toString() === root.id.toString() ? [] : [{ name: tracked.name, from, to: root.id }];
  });
  if (names.length === 0) return undefined;
  return {
    time: timestamp(repo.clock()),
    by: repo.who,
    ...(message === undefined ? {} : { message }),
    names,
    publishes: [run],
  };
}

/** Everything that follows the commit; each step can be done again, and `dvs add` does. */
async function record(repo: Repository, taken: readonly Taken[]): Promise<void> {
  await updateLock(repo.workspace, (entries) => {
    for (const { tracked, root } of taken) entries.set(tracked.path, { ...tracked, id: root.id });
  });
  for (const { tracked, root, scan } of taken) {
    await ignoreInGit(repo.workspace, tracked.path);
    scan.keep(root.id);
  }
  await repo.store.refresh();
}

async function describe(
  repo: Repository,
  taken: readonly Taken[],
  before: readonly ({ id: CID; version: number } | undefined)[],
  options: AddOptions,
): Promise<AddedVersion[]> {
  const now = await latestOf(repo, taken);
  const versions: AddedVersion[] = [];
  for (const [i, { tracked, root, newBytes }] of taken.entries()) {
    const previous = before[i];
    const isNew = previous?.id.toString() !== root.id.toString();
    const version =
      options.dryRun === true ? (previous?.version ?? 0) + (isNew ? 1 : 0) : (now[i]?.version ?? 0);
    const diff =
      isNew && previous !== undefined && options.dryRun !== true
        ? await diffDatasets(repo.store.objects, previous.id, root.id)
        : undefined;
    const { id, count: files, bytes } = root;
    versions.push({
      path: tracked.path,
      name: tracked.name,
      id,
      version,
      isNew,
      files,
      bytes,
      newBytes,
      diff,
    });
  }
  return versions;
}
