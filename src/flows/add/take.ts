import { type DatasetEntry, datasetSchema } from '../../entities/dataset.js';
import type { CID } from '../../id/cid.js';
import { type DatasetDiff, DiffBuilder } from '../../ops/diff/diff.js';
import type { Ingest } from '../../ops/ingest/ingest.js';
import { hasLostPacks, isStored } from '../../store/catalogue/catalogue.js';
import { EntryKind } from '../../store/pack/layout.js';
import type { StoreWriter } from '../../store/writer.js';
import { buildTree } from '../../tree/build.js';
import { editTree } from '../../tree/edit.js';
import type { Entry, NodeSink, NodeSource, TreeSummary } from '../../tree/schema.js';
import { placeOf } from '../place.js';
import type { Repository } from '../repository.js';
import { Scan } from '../scan.js';
import type { AddTarget } from './targets.js';
import { UnstoredNodes } from './unstored.js';

/** One path, read: the dataset that it is now. */
export interface Taken {
  readonly target: AddTarget;
  readonly root: TreeSummary;
  readonly newBytes: number;
  readonly scan: Scan;
  /** Where the nodes of the dataset can be read, also when none was stored. */
  readonly nodes: NodeSource;
  /** How it differs from the dataset that it was made of, when it was made of one. */
  readonly since?: Since | undefined;
}

export interface Since {
  readonly basis: CID;
  readonly diff: DatasetDiff;
}

/** Reads one path and builds its dataset; with `dryRun` nothing of it is stored. */
export async function take(
  repo: Repository,
  ingest: Ingest,
  writer: StoreWriter,
  target: AddTarget,
  { dryRun = false, rehash = false }: { readonly dryRun?: boolean; readonly rehash?: boolean },
): Promise<Taken> {
  const { objects } = repo.store;
  const scan = new Scan(repo, await placeOf(repo, target.path, target.type));
  try {
    const known = rehash ? undefined : await scan.unchanged();
    if (known !== undefined && (await isThere(repo, known.id))) {
      return { target, root: known, newBytes: 0, scan, nodes: objects };
    }
    ingest.warmUp();
    const before = ingest.newBytes;
    const unstored = new UnstoredNodes(repo.scratch, objects);
    const sink: NodeSink = (id, bytes) => (dryRun ? unstored.add(id, bytes) : writer.addNode(id, bytes));
    const edited = rehash ? undefined : await edit(repo, ingest, scan, sink);
    const root = edited?.root ?? (await buildTree(datasetSchema, asEntries(scan, ingest, rehash), sink));
    const nodes = dryRun ? unstored : objects;
    return { target, root, newBytes: ingest.newBytes - before, scan, nodes, since: edited?.since };
  } catch (error) {
    scan.discard();
    throw error;
  }
}

/**
 * Makes the dataset of the one that the stat cache knows, and so without a look at what did not change; undefined
 * when that is not to be relied on.
 */
async function edit(
  repo: Repository,
  ingest: Ingest,
  scan: Scan,
  sink: NodeSink,
): Promise<{ root: TreeSummary; since: Since } | undefined> {
  const { basis } = scan;
  if (basis === undefined || !(await isThere(repo, basis))) return undefined;
  const source = new FailingSource(repo.store.objects);
  const diff = new DiffBuilder(repo.scratch);
  try {
    const edits = scan.edits(ingest);
    const root = await editTree(datasetSchema, source, basis, edits, sink, (change) => diff.add(change));
    return { root, since: { basis, diff: diff.finish() } };
  } catch (error) {
    // A damaged node of the basis is no reason not to add what is on disk.
    if (source.hasFailed) return undefined;
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
 * an `add` was stopped before its commit.
 */
function isThere(repo: Repository, dataset: CID): Promise<boolean> {
  return repo.store.query(
    async (session) => (await isStored(session, dataset, EntryKind.node)) && !(await hasLostPacks(session)),
  );
}

async function* asEntries(scan: Scan, ingest: Ingest, rehash: boolean): AsyncGenerator<Entry<DatasetEntry>> {
  for await (const { path, entry } of scan.run(ingest, rehash)) yield { key: path, value: entry };
}
