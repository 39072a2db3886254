import { type DatasetEntry, datasetSchema } from '../src/entities/dataset.js';
import { encodeRun } from '../src/entities/run.js';
import { contentId } from '../src/id/cid.js';
import { type CID, Repository, TOOL } from '../src/index.js';
import type { StoreWriter } from '../src/store/writer.js';
import { buildTree } from '../src/tree/build.js';
import { editTree } from '../src/tree/edit.js';
import type { Entry } from '../src/tree/schema.js';

const TIME = '2026-01-01T00:00:00.000Z';
const FOLDERS = 1000;

/**
 * A workspace at `root` with two versions of `data`, of so many files, that differ in `changed` of them. Only the datasets are
 * stored, not what would be in the files: nothing that compares versions reads that.
 */
export async function makeVersions(root: string, files: number, changed: number): Promise<void> {
  const repo = await Repository.init(root, { who: 'bench', clock: () => Date.parse(TIME), workers: 1 });
  try {
    const writer = await repo.store.write();
    try {
      const sink = (id: CID, bytes: Uint8Array): Promise<void> => writer.addNode(id, bytes);
      const first = (await buildTree(datasetSchema, entriesOf(files), sink)).id;
      await commit(writer, null, first);
      await repo.store.refresh();
      const edits = Array.from({ length: changed }, (_, i) => entryAt(Math.floor((i * files) / changed), 2));
      const second = (await editTree(datasetSchema, repo.store.objects, first, edits, sink)).id;
      await commit(writer, first, second);
    } finally {
      await writer.close();
    }
    await repo.store.refresh();
  } finally {
    await repo.close();
  }
}

function* entriesOf(files: number): Generator<Entry<DatasetEntry>> {
  for (let i = 0; i < files; i++) yield entryAt(i, 1);
}

/** Entry number `i` in byte order; `version` decides its content. */
function entryAt(i: number, version: number): Entry<DatasetEntry> {
  const folder = String(Math.floor(i / FOLDERS)).padStart(6, '0');
  const id = contentId(Buffer.from(`file ${i}, version ${version}`));
  return {
    key: `train/${folder}/${String(i % FOLDERS).padStart(4, '0')}.txt`,
    value: { type: 'file', id, size: 24 },
  };
}

async function commit(writer: StoreWriter, from: CID | null, to: CID): Promise<void> {
  const about = { start: TIME, end: TIME, who: 'bench' };
  const run = encodeRun({ op: 'add', inputs: {}, outputs: { data: to }, tool: TOOL, ...about });
  await writer.addNode(run.id, run.bytes);
  const names = [{ name: 'data', from, to }];
  await writer.commit([], async () => ({ time: TIME, by: 'bench', names, publishes: [run.id] }));
}
