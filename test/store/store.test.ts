import { describe, expect, test } from 'vitest';
import type { Backend } from '#src/backend/interface.js';
import { MemoryBackend } from '#src/backend/memory.js';
import { utf8 } from '#src/base/bytes.js';
import { DvsError } from '#src/base/errors.js';
import { sha256 } from '#src/id/hash.js';
import { latest } from '#src/store/catalogue/names.js';
import { LOG_START } from '#src/store/log/log.js';
import { codeOf } from '../support/errors.js';
import { all } from '../support/repository.js';
import { BACKENDS, commit, note, noteId, openStore } from './support.js';

/** A backend that notes what is to be changed or listed. */
function told(backend: Backend, calls: string[]): Backend {
  const noting = <T>(call: string, result: T): T => {
    calls.push(call);
    return result;
  };
  return {
    kind: backend.kind,
    create: (key, bytes) => noting(`create ${key}`, backend.create(key, bytes)),
    adopt: (files) => noting(`adopt ${files.length}`, backend.adopt(files)),
    read: (key, range) => backend.read(key, range),
    size: (key) => backend.size(key),
    list: (prefix) => noting(`list ${prefix}`, backend.list(prefix)),
    delete: (key) => noting(`delete ${key}`, backend.delete(key)),
  };
}

describe.each(Object.entries(BACKENDS))('a store on %s', (_, open) => {
  test('keeps what was committed, for whoever opens it next', async () => {
    const backend = await open();
    const store = await openStore(backend);
    await commit(store, 'first', { contents: [utf8('bytes')], nodes: [note('below'), note('top')] });
    for (const reader of [store, await openStore(backend)]) {
      await reader.refresh();
      expect((await reader.query((session) => latest(session, 'first')))?.id.toString()).toBe(
        noteId('top').toString(),
      );
      expect(Buffer.from(await reader.objects.get(noteId('below'))).includes('below')).toBe(true);
      const [piece] = await reader.objects.allPieces(sha256(utf8('bytes')));
      if (piece === undefined) throw new Error('the content has no bytes');
      expect(Buffer.from(await reader.objects.read(piece.object)).toString()).toBe('bytes');
    }
  });

  test('adopts the packs, then creates the log entry, and needs no listing', async () => {
    const calls: string[] = [];
    const store = await openStore(told(await open(), calls));
    await commit(store, 'first', { contents: [utf8('bytes')], nodes: [note('top')] });
    expect(calls).toEqual(['create format', 'adopt 2', 'create log/0000000000000001']);
  });

  test('knows what it has, so that nothing is stored twice', async () => {
    const backend = await open();
    const store = await openStore(backend);
    await commit(store, 'first', { contents: [utf8('bytes')], nodes: [note('top')] });
    const writer = await store.write();
    const [known, unknown] = ['bytes', 'other'].map((text) => sha256(utf8(text)));
    if (known === undefined || unknown === undefined) throw new Error('two texts, two hashes');
    expect(await writer.claimContents([known, unknown, unknown])).toEqual([false, true, false]);
    expect(await writer.claimContents([unknown])).toEqual([false]);
    await writer.addNode(noteId('top'), utf8('never looked at'));
    expect(await writer.commit([], async () => undefined)).toBeUndefined();
    await writer.close();
    expect(await all(backend.list('packs/'))).toHaveLength(2);
  });

  test('commits of several at once all count', async () => {
    const backend = await open();
    const stores = await Promise.all([1, 2, 3, 4].map(() => openStore(backend)));
    await Promise.all(stores.map((store, i) => commit(store, `n${i}`, { nodes: [note(`node ${i}`)] })));
    const [store] = stores;
    if (store === undefined) throw new Error('no store');
    const entries = await all(store.log.after(LOG_START));
    expect(entries.flatMap(({ names }) => names.map(({ name }) => name)).sort()).toEqual([
      'n0',
      'n1',
      'n2',
      'n3',
    ]);
    await store.refresh();
    for (const i of [0, 1, 2, 3]) {
      expect((await store.query((session) => latest(session, `n${i}`)))?.version).toBe(1);
      await store.objects.get(noteId(`node ${i}`));
    }
  });
});

describe('a write that fails', () => {
  test.each(['adopt', 'create'] as const)(
    'in %s leaves no commit, and works when it is tried again',
    async (step) => {
      const backend = new MemoryBackend();
      const store = await openStore(backend);
      const before = backend[step];
      Object.assign(backend, {
        [step]: async () => {
          throw new DvsError('E_NOSPC', 'full');
        },
      });
      expect(await codeOf(() => commit(store, 'name', { nodes: [note('x')] }))).toBe('E_NOSPC');
      Object.assign(backend, { [step]: before });
      expect(await store.log.head()).toBe(0);
      await commit(store, 'name', { nodes: [note('x')] });
      expect(await store.log.head()).toBe(1);
      await store.objects.get(noteId('x'));
    },
  );
});
