import { type DatasetEntry, datasetSchema } from '../../entities/dataset.js';
import type { CID } from '../../id/cid.js';
import type { Ingest } from '../../ops/ingest/ingest.js';
import { isStored } from '../../store/catalogue/catalogue.js';
import { EntryKind } from '../../store/pack/layout.js';
import type { StoreWriter } from '../../store/writer.js';
import { buildTree } from '../../tree/build.js';
import { describe } from '../../tree/read.js';
import type { Entry, NodeSource, TreeRoot } from '../../tree/schema.js';
import type { Repository } from '../repository.js';
import { placeOf, Scan } from '../scan.js';
import type { AddTarget } from './targets.js';
import { UnstoredNodes } from './unstored.js';

/** One path, read: the dataset that it is now. */
export interface Taken {
  readonly target: AddTarget;
  readonly root: TreeRoot;
  readonly newBytes: number;
  readonly scan: Scan;
  /** Where the nodes of the dataset can be read, also when none was stored. */
  readonly nodes: NodeSource;
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
  const known = rehash ? undefined : await scan.unchanged();
  if (known !== undefined && (await isThere(repo, known))) {
    return { target, root: await describe(datasetSchema, objects, known), newBytes: 0, scan, nodes: objects };
  }
  const before = ingest.newBytes;
  const unstored = new UnstoredNodes(repo.scratch, objects);
  try {
    const root = await buildTree(datasetSchema, asEntries(scan, ingest, rehash), (id, bytes) =>
      dryRun ? unstored.add(id, bytes) : writer.addNode(id, bytes),
    );
    const nodes = dryRun ? unstored : objects;
    return { target, root, newBytes: ingest.newBytes - before, scan, nodes };
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
