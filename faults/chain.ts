import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { datasetSchema } from '../src/entities/dataset.js';
import { add } from '../src/flows/add.js';
import { type CID, Repository } from '../src/index.js';
import type { StoreWriter } from '../src/store/writer.js';
import { editTree } from '../src/tree/edit.js';
import { entries } from '../src/tree/read.js';

/** Files of each version. */
const FILES = 20;

/**
 * A workspace at `root` with `versions` versions of `data`, each after the first with one file renamed. Only the
 * first is added as a user would; the others are committed one by one through the store itself, which is faster.
 */
export async function makeChain(root: string, versions: number): Promise<void> {
  mkdirSync(join(root, 'data'), { recursive: true });
  for (let i = 0; i < FILES; i++) writeFileSync(join(root, 'data', `${i}.txt`), `file ${i}\n`);
  const start = Date.UTC(2026, 0, 1);
  const repo = await Repository.init(root, { who: 'faults', clock: () => start, workers: 1 });
  try {
    const { versions: added } = await add(repo, { paths: ['data'] });
    const writer = await repo.store.write();
    try {
      let latest = added[0]?.id;
      for (let i = 1; i < versions && latest !== undefined; i++) latest = await next(repo, writer, latest, i);
    } finally {
      await writer.close();
    }
  } finally {
    await repo.close();
  }
}

async function next(repo: Repository, writer: StoreWriter, from: CID, number: number): Promise<CID> {
  const { objects } = repo.store;
  const before = (await entries(datasetSchema, objects, from).next()).value;
  if (before === undefined) throw new Error('a version of the chain is empty');
  const key = `x${String(number).padStart(7, '0')}.txt`;
  const edits = [{ key: before.key }, { key, value: before.value }];
  const { id: to } = await editTree(datasetSchema, objects, from, edits, (id, bytes) =>
    writer.addNode(id, bytes),
  );
  await writer.commit([], async () => ({
    time: '2026-01-01T00:00:00Z',
    by: 'faults',
    names: [{ name: 'data', from, to }],
    publishes: [],
  }));
  await repo.store.refresh();
  return to;
}
