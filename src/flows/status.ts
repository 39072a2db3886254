import { compareUtf8 } from '../base/bytes.js';
import { DvsError } from '../base/errors.js';
import { type DatasetEntry, datasetSchema } from '../entities/dataset.js';
import type { CID } from '../id/cid.js';
import { classify, type DatasetDiff, isEmptyDiff } from '../ops/diff/diff.js';
import { Ingest } from '../ops/ingest/ingest.js';
import { isStored } from '../store/catalogue/catalogue.js';
import { namings } from '../store/catalogue/names.js';
import { EntryKind } from '../store/pack/layout.js';
import type { Change } from '../tree/diff.js';
import { entries } from '../tree/read.js';
import { type LockEntry, readLock } from '../workspace/lock.js';
import { listUntracked } from '../workspace/untracked.js';
import { isAbsent, placeOf } from './place.js';
import type { Repository } from './repository.js';
import { Scan } from './scan.js';

/** How a tracked path stands against what the lock records. */
export interface TrackedStatus extends LockEntry {
  readonly version: number | undefined;
  /** `absent`: nothing is there; `unknown`: the store has not got the recorded version. */
  readonly state: 'clean' | 'modified' | 'absent' | 'unknown';
  readonly diff: DatasetDiff;
}

export interface WorkspaceStatus {
  readonly clean: boolean;
  readonly tracked: readonly TrackedStatus[];
  /** What lies beside tracked paths at the top of the workspace, for orientation. */
  readonly untracked: readonly string[];
}

const NO_DIFF: DatasetDiff = { added: [], removed: [], modified: [], renamed: [] };

/** Compares every tracked path (or those given) with its recorded version; with `rehash`, trusts no stat. */
export async function status(
  repo: Repository,
  { rehash = false, paths = [] }: { readonly rehash?: boolean; readonly paths?: readonly string[] } = {},
): Promise<WorkspaceStatus> {
  await repo.store.refresh();
  const lock = await readLock(repo.workspace);
  for (const path of paths) assertTracked(lock, path);
  const tracked: TrackedStatus[] = [];
  for (const entry of lock.values()) {
    if (paths.length === 0 || paths.includes(entry.path)) tracked.push(await statusOf(repo, entry, rehash));
  }
  const untracked = await listUntracked(repo.workspace.root, [...lock.keys()]);
  return { clean: tracked.every(({ state }) => state === 'clean'), tracked, untracked };
}

function assertTracked(lock: ReadonlyMap<string, LockEntry>, path: string): void {
  if (lock.has(path)) return;
  const around = [...lock.keys()].find((tracked) => path.startsWith(`${tracked}/`));
  throw new DvsError('E_NOT_FOUND', `${path} is not a tracked path`, {
    about: [path],
    hint:
      around === undefined
        ? 'Run `dvs status` without a path to see what is tracked.'
        : `It lies in ${around}: \`dvs diff -- ${path}\` compares only that.`,
  });
}

async function statusOf(repo: Repository, entry: LockEntry, rehash: boolean): Promise<TrackedStatus> {
  const known = await repo.store.query((session) => namings(session, entry.id));
  const version = known.filter(({ name }) => name === entry.name).at(-1)?.version;
  const place = await placeOf(repo, entry.path, entry.type);
  if (!(await repo.store.query((session) => isStored(session, entry.id, EntryKind.node)))) {
    return { ...entry, version, state: 'unknown', diff: NO_DIFF };
  }
  if (isAbsent(place)) {
    return { ...entry, version, state: 'absent', diff: NO_DIFF };
  }
  const scan = new Scan(repo, place);
  const ingest = new Ingest({ workers: repo.workers, progress: repo.progress });
  try {
    if (!rehash && (await scan.unchanged())?.id.toString() === entry.id.toString()) {
      return { ...entry, version, state: 'clean', diff: NO_DIFF };
    }
    const diff = await classify(compare(repo, entry.id, scan, ingest, rehash), repo.scratch);
    const clean = isEmptyDiff(diff);
    scan.keep(clean ? entry.id : undefined);
    return { ...entry, version, state: clean ? 'clean' : 'modified', diff };
  } finally {
    scan.discard();
    await ingest.close();
  }
}

/** What differs between a recorded dataset and what is on disk, in byte order. */
export async function* compare(
  repo: Repository,
  recorded: CID,
  scan: Scan,
  ingest: Ingest,
  rehash = false,
): AsyncGenerator<Change<DatasetEntry>> {
  const old = entries(datasetSchema, repo.store.objects, recorded);
  let before = (await old.next()).value;
  for await (const { path, entry } of scan.run(ingest, rehash)) {
    while (before && compareUtf8(before.key, path) < 0) {
      yield { key: before.key, before: before.value };
      before = (await old.next()).value;
    }
    if (before?.key !== path) {
      yield { key: path, after: entry };
      continue;
    }
    if (!datasetSchema.equal(before.value, entry)) yield { key: path, before: before.value, after: entry };
    before = (await old.next()).value;
  }
  for (; before; before = (await old.next()).value) yield { key: before.key, before: before.value };
}
