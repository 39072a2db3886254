import { expect, test } from 'vitest';
import { MemoryBackend } from '#src/backend/memory.js';
import { utf8 } from '#src/base/bytes.js';
import { sha256 } from '#src/id/hash.js';
import { EntryKind, PackType } from '#src/store/pack/layout.js';
import { PackSpool } from '#src/store/pack/spool.js';
import { loadZstd } from '#src/store/pack/zstd.js';
import { openStore } from './support.js';

const SAID = { time: '2026-01-01T00:00:00.000Z', by: 'tester' };

test('what a long write kept is there for the next one, though it never ended', async () => {
  await loadZstd();
  const backend = new MemoryBackend();
  const store = await openStore(backend);
  const [kept, lost] = [utf8('kept'), utf8('lost')];

  const interrupted = await store.write();
  const spool = new PackSpool(interrupted.folder, PackType.data);
  spool.add({ kind: EntryKind.content, id: sha256(kept), bytes: kept });
  await interrupted.keep(await spool.finish(), SAID);
  const open = new PackSpool(interrupted.folder, PackType.data);
  open.add({ kind: EntryKind.content, id: sha256(lost), bytes: lost });
  await open.finish();
  await interrupted.close();

  const next = await (await openStore(backend)).write();
  expect(await next.hasContents([sha256(kept), sha256(lost)])).toEqual([true, false]);
  await next.close();
});

test('keeping moves no name and publishes nothing', async () => {
  await loadZstd();
  const store = await openStore(new MemoryBackend());
  const writer = await store.write();
  const spool = new PackSpool(writer.folder, PackType.data);
  spool.add({ kind: EntryKind.content, id: sha256(utf8('x')), bytes: utf8('x') });
  await writer.keep(await spool.finish(), SAID);
  await writer.close();
  expect(await store.log.read(1)).toMatchObject({ names: [], publishes: [], packs: [expect.anything()] });
});
