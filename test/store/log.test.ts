import { describe, expect, test } from 'vitest';
import type { Backend } from '#src/backend/interface.js';
import { MemoryBackend } from '#src/backend/memory.js';
import { hex } from '#src/base/bytes.js';
import { DvsError } from '#src/base/errors.js';
import { encode } from '#src/id/codec.js';
import { sha256 } from '#src/id/hash.js';
import { decodeLogEntry, encodeLogEntry, type LogEntry, logKey } from '#src/store/log/entry.js';
import { LOG_START, Log, type LogPosition } from '#src/store/log/log.js';
import { flipped } from '../support/bytes.js';
import { codeOf } from '../support/errors.js';
import { all } from '../support/repository.js';
import { BACKENDS, commitOf, noteId } from './support.js';

/** Appends a commit at whatever the end of the log is by then. */
async function append(log: Log, message: string) {
  return log.append(async () => {
    let position: LogPosition = LOG_START;
    for await (const entry of log.after(LOG_START)) position = entry;
    return { position, commit: commitOf({ message }) };
  });
}

const messages = async (log: Log) => (await all(log.after(LOG_START))).map(({ message }) => message);

const digest = (text: string) => new Uint8Array(sha256(Buffer.from(text)));

const ENTRY: LogEntry = {
  ...commitOf({ message: 'why', publishes: [noteId('run')], packs: [digest('pack')] }),
  seq: 7,
  previous: digest('before'),
  transaction: new Uint8Array(16).fill(3),
  names: [
    { name: 'mnist', from: null, to: noteId('a') },
    { name: 'mnist', tag: 'best', from: noteId('a'), to: null },
  ],
};

describe('an entry', () => {
  test('comes back as it was', () => {
    const { bytes, hash } = encodeLogEntry(ENTRY);
    const back = decodeLogEntry(bytes, 7);
    expect(back).toMatchObject({ seq: 7, message: 'why', by: 'tester', hash });
    expect(encodeLogEntry(back)).toEqual({ bytes, hash });
    expect(back.names.map(({ tag, to }) => [tag, to?.toString()])).toEqual([
      [undefined, noteId('a').toString()],
      ['best', undefined],
    ]);
    const first = { ...ENTRY, seq: 1, previous: null };
    expect(decodeLogEntry(encodeLogEntry(first).bytes, 1).previous).toBeNull();
  });

  test('is refused with any bit flipped, and cut short', async () => {
    const { bytes } = encodeLogEntry(ENTRY);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      expect(await codeOf(() => decodeLogEntry(flipped(bytes, bit), 7)), `bit ${bit}`).toBe('E_DAMAGED');
    }
    for (let length = 0; length < bytes.length; length += 13) {
      expect(await codeOf(() => decodeLogEntry(bytes.subarray(0, length), 7))).toBe('E_DAMAGED');
    }
  });

  test.each([
    ['of a newer version', { dvs: 2, entry: 'commit' }, 'E_FORMAT'],
    ['of a kind that came later', { dvs: 1, entry: 'sweep' }, 'E_FORMAT'],
    ['that is no map', [], 'E_DAMAGED'],
    ['without its fields', { dvs: 1, entry: 'commit', seq: 7 }, 'E_DAMAGED'],
    ['of another slot', { dvs: 1, entry: 'commit', seq: 8 }, 'E_DAMAGED'],
  ])('%s is refused', async (_, value, code) => {
    const body = encode(value);
    expect(await codeOf(() => decodeLogEntry(Buffer.concat([body, sha256(body)]), 7))).toBe(code);
  });
});

describe('the chain', () => {
  test('starts in slot 1, and each entry names the one before', async () => {
    const backend = new MemoryBackend();
    const log = new Log(backend);
    for (const message of ['a', 'b', 'c']) await append(log, message);
    const entries = await all(log.after(LOG_START));
    expect(entries.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(entries.map(({ previous }) => previous && hex(previous))).toEqual([
      null,
      ...entries.slice(0, 2).map(({ hash }) => hex(hash)),
    ]);
    expect((await all(backend.list('log/'))).map(({ key }) => key)).toContain('log/0000000000000003');
  });

  test('that is broken is damage: an entry of another log in between', async () => {
    const backend = new MemoryBackend();
    const log = new Log(backend);
    for (const message of ['a', 'b', 'c']) await append(log, message);
    const other = { ...ENTRY, seq: 2, previous: sha256(Buffer.from('another log')) };
    await backend.delete(logKey(2));
    await backend.create(logKey(2), encodeLogEntry(other).bytes);
    expect(await codeOf(() => messages(log))).toBe('E_DAMAGED');
  });

  test.each([0, 1, 2, 3, 7, 8, 9, 100])(
    'its head is found among %i entries, from wherever one starts',
    async (length) => {
      const asked: string[] = [];
      const backend: Backend = Object.assign(new MemoryBackend(), {
        size: async (key: string) => {
          asked.push(key);
          return Number(key.slice('log/'.length)) <= length ? 1 : undefined;
        },
      });
      const log = new Log(backend);
      for (const known of [0, length >> 1, length]) expect(await log.head(known)).toBe(length);
      expect(asked.length).toBeLessThan(3 * (2 * Math.log2(length + 2) + 3));
    },
  );
});

describe.each(Object.entries(BACKENDS))('writers that race, on %s', (_, open) => {
  test('each get a slot of their own, in one line', async () => {
    const backend = await open();
    const writers = Array.from({ length: 8 }, (_, i) => i);
    const done = await Promise.all(
      writers.map(async (writer) => {
        const log = new Log(backend); // as another process would have it
        const seqs: (number | undefined)[] = [];
        for (let i = 0; i < 4; i++) seqs.push((await append(log, `${writer}.${i}`))?.seq);
        return seqs;
      }),
    );
    const log = new Log(backend);
    const found = await messages(log);
    expect(found).toHaveLength(32);
    expect(new Set(found).size).toBe(32);
    for (const [writer, seqs] of done.entries()) {
      expect(seqs.map((seq) => found[(seq ?? 0) - 1])).toEqual([0, 1, 2, 3].map((i) => `${writer}.${i}`));
    }
    expect(await log.head()).toBe(32);
  });
});

/** A backend whose first answers to `create` get lost: after the write happened, or before it does. */
function losing(when: 'before' | 'after', count: number): MemoryBackend {
  const backend = new MemoryBackend();
  const create = backend.create.bind(backend);
  let lost = 0;
  return Object.assign(backend, {
    create: async (key: string, bytes: Uint8Array) => {
      if (when === 'before' && lost++ < count) throw new DvsError('E_UNKNOWN', 'the connection was reset');
      const created = await create(key, bytes);
      if (when === 'after' && lost++ < count) throw new DvsError('E_UNKNOWN', 'the connection was reset');
      return created;
    },
  });
}

describe('an answer that gets lost', () => {
  test('after the entry was written: it counts, once', async () => {
    const log = new Log(losing('after', 1));
    expect((await append(log, 'a'))?.seq).toBe(1);
    expect((await append(log, 'b'))?.seq).toBe(2);
    expect(await messages(log)).toEqual(['a', 'b']);
  });

  test('before it was written: nobody can tell, and doing it again works', async () => {
    const log = new Log(losing('before', 1));
    expect(await codeOf(() => append(log, 'a'))).toBe('E_UNKNOWN');
    expect((await append(log, 'a'))?.seq).toBe(1);
    expect(await messages(log)).toEqual(['a']);
  });

  test('while another took the slot: ours goes to the next', async () => {
    const backend = losing('after', 0);
    const log = new Log(backend);
    const { create } = backend;
    Object.assign(backend, {
      create: async (key: string) => {
        Object.assign(backend, { create });
        await append(new Log(backend), 'theirs');
        throw new DvsError('E_UNKNOWN', `no answer about ${key}`);
      },
    });
    expect((await append(log, 'ours'))?.seq).toBe(2);
    expect(await messages(log)).toEqual(['theirs', 'ours']);
  });
});

test('what another may not have made durable is made so, once; what this one wrote is already', async () => {
  const settled: string[] = [];
  const settle = async (key: string): Promise<void> => {
    settled.push(key);
  };
  const backend = Object.assign(new MemoryBackend(), { settle });
  const writer = new Log(backend);
  for (const message of ['a', 'b']) await append(writer, message);
  await writer.settle(2);
  expect(settled).toEqual([]);
  const reader = new Log(backend);
  for (const seq of [1, 2]) await reader.settle(seq);
  expect(settled).toEqual([logKey(1)]);
});

test('a commit that has nothing left to say is not made', async () => {
  const log = new Log(new MemoryBackend());
  expect(await log.append(async () => undefined)).toBeUndefined();
  expect(await log.head()).toBe(0);
});
