import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { LocalBackend } from '#src/backend/local.js';
import { silent } from '#src/base/progress.js';
import { digestOf } from '#src/id/cid.js';
import { Ingest, type Ingested } from '#src/ops/ingest/ingest.js';
import type { SourceFile } from '#src/ops/ingest/sources.js';
import { Store } from '#src/store/store.js';
import { fileStat } from '#src/workspace/file-stat.js';
import { tempDir } from '../support/tmp.js';

/** An empty store in a folder of its own. */
export async function localStore(): Promise<Store> {
  const folder = await tempDir();
  const store = await Store.init({
    backend: new LocalBackend(join(folder, 'store')),
    catalogueDir: join(folder, 'catalogue'),
    scratchDir: join(folder, 'scratch'),
  });
  onTestFinished(() => store.close());
  return store;
}

/** A file as a crawl would find it now, or with another size. */
export function source(absolute: string, size?: number): SourceFile {
  const stat = fileStat(lstatSync(absolute, { bigint: true }));
  return {
    path: absolute.slice(absolute.lastIndexOf('/') + 1),
    type: 'file',
    absolute,
    stat: { ...stat, size: size ?? stat.size },
    known: undefined,
  };
}

export interface Taken {
  readonly files: Ingested[];
  readonly newBytes: number;
  readonly storedBytes: number;
}

/** Takes files into a store, in one commit. */
export async function ingest(store: Store, sources: Iterable<SourceFile>): Promise<Taken> {
  const writer = await store.write();
  const engine = new Ingest({ workers: 2, progress: silent, writer });
  try {
    const files: Ingested[] = [];
    for await (const found of engine.run(sources)) files.push(found);
    const { newBytes } = engine;
    const packs = await engine.finish();
    const proposal = { time: '', by: 'tester', names: [], publishes: [] };
    const committed = await writer.commit(packs, async () => proposal);
    await store.refresh();
    return { files, newBytes, storedBytes: committed?.storedBytes ?? 0 };
  } finally {
    await engine.close();
    await writer.close();
  }
}

/** The stored pieces and bytes of a file that was taken in. */
export async function restored(
  store: Store,
  { entry }: Ingested,
): Promise<{ lengths: number[]; bytes: Buffer }> {
  if (entry.type !== 'file') throw new Error('only files have bytes');
  const pieces = await store.objects.allPieces(digestOf(entry.id));
  const parts = await Promise.all(pieces.map(({ object }) => store.objects.read(object)));
  return { lengths: parts.map(({ length }) => length), bytes: Buffer.concat(parts) };
}
