import { isDvsError } from '../../base/errors.js';
import { type DatasetEntry, datasetSchema } from '../../entities/dataset.js';
import type { CID } from '../../id/cid.js';
import { DiffBuilder } from '../../ops/diff/diff.js';
import type { Ingest } from '../../ops/ingest/ingest.js';
import { countLostPacks } from '../../store/catalogue/catalogue.js';
import type { StoreWriter } from '../../store/writer.js';
import { buildTree } from '../../tree/build.js';
import { editTree } from '../../tree/edit.js';
import type { Entry, NodeSink, NodeSource, TreeSummary } from '../../tree/schema.js';
import type { LastDataset } from '../last-look.js';
import { placeOf } from '../place.js';
import { hasDataset } from '../references.js';
import type { Repository } from '../repository.js';
import { Scan } from '../scan.js';
import { UnstoredNodes } from '../unstored.js';
import { viewOf } from '../view.js';
import { takePart } from './part.js';
import { assertNotStale } from './stale.js';
import type { Since, Taken } from './taken.js';
import type { AddTarget } from './targets.js';

export interface TakeOptions {
  readonly dryRun?: boolean;
  readonly rehash?: boolean;
  /** Take files also that are from before the version in `dvs.lock`. */
  readonly force?: boolean;
}

/** Reads one path and builds its dataset; with `dryRun` nothing of it is stored. */
export async function take(
  repo: Repository,
  ingest: Ingest,
  writer: StoreWriter,
  target: AddTarget,
  { dryRun = false, rehash = false, force = false }: TakeOptions,
): Promise<Taken> {
  const { recorded } = target;
  const view = recorded && (await viewOf(repo, target));
  if (recorded !== undefined && view !== undefined) {
    return takePart(repo, ingest, writer, target, { recorded, view, dryRun, rehash });
  }
  const { objects } = repo.store;
  const scan = new Scan(repo, await placeOf(repo, target));
  const lostPacks = await repo.store.query(countLostPacks);
  const from = force ? undefined : await comesFrom(repo, scan, recorded);
  try {
    const known = rehash ? undefined : await scan.unchanged();
    if (known !== undefined && (await isThere(repo, known, lostPacks))) {
      if (from !== undefined) await assertNotStale(objects, target, { ...from, now: known.id });
      return { target, root: known, newBytes: 0, scan, nodes: objects, lostPacks };
    }
    ingest.warmUp();
    const before = ingest.newBytes;
    const unstored = new UnstoredNodes(repo.scratch, objects);
    const sink: NodeSink = async (id, bytes) => {
      if (dryRun || from !== undefined) unstored.add(id, bytes);
      if (!dryRun) await writer.addNode(id, bytes);
    };
    const basis = rehash ? undefined : scan.basis;
    const isUsable = basis !== undefined && (await isThere(repo, basis, lostPacks));
    const edited = isUsable ? await edit(repo, ingest, scan, basis.id, sink) : undefined;
    const root = edited?.root ?? (await buildTree(datasetSchema, asEntries(scan, ingest, rehash), sink));
    if (from !== undefined) await assertNotStale(unstored, target, { ...from, now: root.id });
    const nodes = dryRun ? unstored : objects;
    const newBytes = ingest.newBytes - before;
    return { target, root, newBytes, scan, nodes, since: edited?.since, lostPacks };
  } catch (error) {
    scan.discard();
    throw error;
  }
}

/** What the files were and what is recorded, where those are two versions of this store. */
async function comesFrom(
  repo: Repository,
  scan: Scan,
  recorded: CID | undefined,
): Promise<{ readonly before: CID; readonly recorded: CID } | undefined> {
  const { before } = scan;
  if (recorded === undefined || before === undefined || before.equals(recorded)) return undefined;
  for (const id of [before, recorded]) {
    if (!(await hasDataset(repo, id))) return undefined;
  }
  return { before, recorded };
}

/** Makes the dataset of `basis`, and so without a look at what did not change; undefined when that cannot be read. */
async function edit(
  repo: Repository,
  ingest: Ingest,
  scan: Scan,
  basis: CID,
  sink: NodeSink,
): Promise<{ root: TreeSummary; since: Since } | undefined> {
  const source = new FailingSource(repo.store.objects);
  const diff = new DiffBuilder(repo.scratch);
  try {
    const edits = scan.edits(ingest);
    const root = await editTree(datasetSchema, source, basis, edits, sink, (change) => diff.add(change));
    return { root, since: { basis, diff: diff.finish() } };
  } catch (error) {
    // A damaged node of the basis, or stat cache, is no reason not to add what is on disk.
    if (source.hasFailed || isDvsError(error, 'E_DAMAGED')) return undefined;
    throw error;
  }
}

/** Tells a failure to read nodes from others. */
class FailingSource implements NodeSource {
  readonly #source: NodeSource;
  hasFailed = false;

  constructor(source: NodeSource) {
    this.#source = source;
  }

  async get(id: CID): Promise<Uint8Array> {
    try {
      return await this.#source.get(id);
    } catch (error) {
      this.hasFailed = true;
      throw error;
    }
  }
}

/**
 * Whether a dataset is stored with all that is in it. The stat cache may know one that this store never got, because
 * an `add` was stopped before its commit; and what is in it may have been lost since.
 */
async function isThere(repo: Repository, dataset: LastDataset, lostPacks: number): Promise<boolean> {
  if ((dataset.lostPacks ?? 0) !== lostPacks) return false;
  return hasDataset(repo, dataset.id);
}

async function* asEntries(scan: Scan, ingest: Ingest, rehash: boolean): AsyncGenerator<Entry<DatasetEntry>> {
  for await (const { path, entry } of scan.run(ingest, rehash)) yield { key: path, value: entry };
}
