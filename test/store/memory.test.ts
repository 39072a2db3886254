import { Level } from 'level';
import { expect, onTestFinished, test } from 'vitest';
import { MemoryDatabase } from '#src/store/catalogue/memory.js';
import type { Db, Operation } from '#src/store/catalogue/session.js';
import { numbers } from '../support/bytes.js';
import { all } from '../support/repository.js';
import { tempDir } from '../support/tmp.js';

test('the database in memory answers as LevelDB does', async () => {
  const level = new Level<Uint8Array, Uint8Array>(await tempDir(), {
    keyEncoding: 'view',
    valueEncoding: 'view',
  });
  onTestFinished(() => level.close());
  const memory = new MemoryDatabase();
  const next = numbers(11);
  const key = () =>
    Buffer.from(Array.from({ length: next() % 4 }, () => [0, 1, 127, 128, 255][next() % 5] ?? 0));
  const named = () => Buffer.concat([Buffer.from('k'), key()]);
  const hex = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString('hex');
  let found = 0;
  for (let round = 0; round < 60; round++) {
    const operations: Operation[] = Array.from({ length: 5 }, () =>
      next() % 4 === 0 ? { type: 'del', key: named() } : { type: 'put', key: named(), value: key() },
    );
    const keys = [named(), named(), named()];
    const [gte, lt] = [named(), named()];
    const range = { gte, lt, reverse: next() % 2 === 0, ...(next() % 2 === 0 ? { limit: 3 } : {}) };
    const ask = async (db: Db) => {
      await db.batch(operations);
      const entries = await all(db.iterator(range));
      found += entries.length;
      return {
        got: [await db.get(gte), ...(await db.getMany(keys))].map(hex),
        entries: entries.map(([key, value]) => [hex(key), hex(value)]),
      };
    };
    expect(await ask(memory)).toEqual(await ask(level));
  }
  expect(found).toBeGreaterThan(100);
});
