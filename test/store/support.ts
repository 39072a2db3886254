import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Backend } from '#src/backend/interface.js';
import { LocalBackend } from '#src/backend/local.js';
import { MemoryBackend } from '#src/backend/memory.js';
import { utf8 } from '#src/base/bytes.js';
import { type CID, nodeId } from '#src/id/cid.js';
import { encode, type Value } from '#src/id/codec.js';
import { sha256 } from '#src/id/hash.js';
import type { StoredLogEntry } from '#src/store/log/entry.js';
import type { Commit } from '#src/store/log/log.js';
import { EntryKind, PackType } from '#src/store/pack/layout.js';
import { PackSpool } from '#src/store/pack/spool.js';
import { loadZstd } from '#src/store/pack/zstd.js';
import { Store } from '#src/store/store.js';
import { ObjectServer, ObjectStoreBackend } from '../support/object-store.js';
import { tempDir } from '../support/tmp.js';

/** Every kind of backend, each empty. */
export const BACKENDS: Record<string, () => Promise<Backend>> = {
  memory: async () => new MemoryBackend(),
  local: async () => new LocalBackend(await tempDir()),
  'what S3 offers': async () => new ObjectStoreBackend(new ObjectServer(3)),
};

/** A store on `backend`, made if there is none yet, with a catalogue of its own unless `catalogueDir` is given. */
export async function openStore(backend: Backend, catalogueDir?: string): Promise<Store> {
  const folder = await tempDir();
  const store = await Store.init({
    backend,
    catalogueDir: catalogueDir ?? join(folder, 'catalogue'),
    scratchDir: join(folder, 'scratch'),
  });
  onTestFinished(() => store.close());
  return store;
}

/** A commit that says nothing but what is given. */
export function commitOf(changes: Partial<Commit> = {}): Commit {
  return { time: '2026-01-01T00:00:00.000Z', by: 'tester', names: [], publishes: [], packs: [], ...changes };
}

/** Contents of one object each, and nodes, committed with `name` at the last node. */
export async function commit(
  store: Store,
  name: string,
  { contents = [], nodes = [] }: { contents?: readonly Uint8Array[]; nodes?: readonly Value[] },
): Promise<StoredLogEntry> {
  await loadZstd();
  const writer = await store.write();
  try {
    const spool = new PackSpool(writer.folder, PackType.data);
    for (const bytes of contents) spool.add({ kind: EntryKind.content, id: sha256(bytes), bytes });
    let to: CID | null = null;
    for (const node of nodes) {
      const bytes = encode(node);
      to = nodeId(bytes);
      await writer.addNode(to, bytes);
    }
    const committed = await writer.commit(await spool.finish(), async () =>
      commitOf({ names: to === null ? [] : [{ name, from: null, to }] }),
    );
    if (committed === undefined) throw new Error('it had something to say');
    await store.refresh();
    return committed.entry;
  } finally {
    await writer.close();
  }
}

/** Some node; all differ that are made of different text. */
export function note(text: string): Value {
  return { dvs: 1, kind: 'note', text };
}

export function noteId(text: string): CID {
  return nodeId(encode(note(text)));
}

/** A pack of these objects in a new folder, spooled as workers do. */
export async function packOf(
  objects: readonly { kind: EntryKind; id: Uint8Array; bytes: Uint8Array }[],
  type: PackType = PackType.data,
) {
  await loadZstd();
  const folder = join(await tempDir(), 'spool');
  mkdirSync(folder);
  const spool = new PackSpool(folder, type);
  for (const object of objects) spool.add(object);
  return spool.finish();
}

export const contentObject = (bytes: Uint8Array) => ({ kind: EntryKind.content, id: sha256(bytes), bytes });
export const textObject = (text: string) => contentObject(utf8(text));
