import { DvsError, isDvsError } from '../../base/errors.js';
import { type DatasetEntry, datasetSchema } from '../../entities/dataset.js';
import { assertNoOverlap } from '../../entities/overlap.js';
import type { CID } from '../../id/cid.js';
import { DiffBuilder } from '../../ops/diff/diff.js';
import type { Ingest } from '../../ops/ingest/ingest.js';
import { kindOf } from '../../ops/resolve/resolve.js';
import { countLostPacks } from '../../store/catalogue/catalogue.js';
import type { StoreWriter } from '../../store/writer.js';
import { type Edit, editTree } from '../../tree/edit.js';
import { describe } from '../../tree/read.js';
import type { NodeSource } from '../../tree/schema.js';
import { compare } from '../compare.js';
import { placeOf } from '../place.js';
import { assertDataset } from '../references.js';
import type { Repository } from '../repository.js';
import { Scan } from '../scan.js';
import { UnstoredNodes } from '../unstored.js';
import type { View } from '../view.js';
import type { Taken } from './taken.js';
import type { AddTarget } from './targets.js';
import { Widening } from './widening.js';

export interface PartOptions {
  /** The dataset that the part is of. */
  readonly recorded: CID;
  readonly view: View;
  readonly dryRun: boolean;
  readonly rehash: boolean;
}

/**
 * Reads a path of which only a part is checked out: what is not on disk because it never was checked out stays in the
 * dataset as it was. With `dryRun` nothing is stored.
 */
export async function takePart(
  repo: Repository,
  ingest: Ingest,
  writer: StoreWriter,
  target: AddTarget,
  { recorded, view, dryRun, rehash }: PartOptions,
): Promise<Taken> {
  const { objects } = repo.store;
  assertDataset(await kindOf(repo.store, { id: recorded, version: undefined }), target.path);
  const scan = new Scan(repo, await placeOf(repo, target), view);
  const lostPacks = await repo.store.query(countLostPacks);
  try {
    if (!rehash && lostPacks === 0 && (await scan.stillAt(recorded))) {
      const root = await describe(datasetSchema, objects, recorded);
      return { target, root, newBytes: 0, scan, nodes: objects, view, lostPacks };
    }
    const before = ingest.newBytes;
    const nodes = new UnstoredNodes(repo.scratch, objects);
    const diff = new DiffBuilder(repo.scratch);
    const widening = new Widening(objects, recorded, view);
    const edits = async function* (): AsyncGenerator<Edit<DatasetEntry>> {
      for await (const change of compare(repo, recorded, scan, ingest, { rehash, view })) {
        diff.add(change);
        if (change.after !== undefined) await widening.see(change.key);
        yield { key: change.key, value: change.after };
      }
    };
    const root = await editTree(datasetSchema, objects, recorded, edits(), async (id, bytes) => {
      nodes.add(id, bytes);
      if (!dryRun) await writer.addNode(id, bytes);
    });
    const changes = diff.finish();
    for (const list of [changes.added, changes.renamed]) {
      await assertNoneHidden(nodes, root.id, list, target);
    }
    scan.view = widening.view;
    return {
      target,
      root,
      newBytes: ingest.newBytes - before,
      scan,
      nodes,
      since: { basis: recorded, diff: changes },
      lostPacks,
      view: widening.view,
    };
  } catch (error) {
    scan.discard();
    throw error;
  }
}

/** Refuses (E_PATH) a file where the dataset has a folder that is not checked out, and the other way round. */
async function assertNoneHidden(
  nodes: NodeSource,
  dataset: CID,
  added: Iterable<{ readonly path: string }>,
  { name, path }: AddTarget,
): Promise<void> {
  try {
    await assertNoOverlap(nodes, dataset, added);
  } catch (error) {
    if (!isDvsError(error, 'E_PATH')) throw error;
    const [there = ''] = error.about;
    throw new DvsError('E_PATH', `${error.message}; ${there} was never checked out here`, {
      cause: error,
      about: error.about,
      hint: `To give it up: \`dvs rm ${name}/${there}\`, then \`dvs add ${path}\`. To keep it: move yours away and \`dvs checkout ${path} --all\`.`,
    });
  }
}
