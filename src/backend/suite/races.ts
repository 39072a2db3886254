import assert from 'node:assert/strict';
import { MiB } from '../../base/limits.js';
import { assertBytes, type Check, listed, sampleBytes } from './check.js';

const RACERS = 16;

/** What several callers at once see. */
export const raceChecks: readonly Check[] = [
  {
    name: 'lets exactly one of many creators win',
    async run({ backend }) {
      for (let round = 0; round < 8; round++) {
        const key = `log/${round}`;
        const bids = Array.from({ length: RACERS }, (_, i) => sampleBytes(100 + i, i + 1));
        const won = await Promise.all(bids.map((bytes) => backend.create(key, bytes)));
        const winners = bids.filter((_, i) => won[i]);
        const [winner] = winners;
        assert.equal(winners.length, 1);
        assertBytes(await backend.read(key), winner ?? new Uint8Array());
      }
      assert.equal((await listed(backend, '')).length, 8);
    },
  },
  {
    name: 'shows no file before it is complete',
    async run({ backend }) {
      const bytes = sampleBytes(5 * MiB);
      let isDone = false;
      const creating = backend.create('big/file', bytes).finally(() => {
        isDone = true;
      });
      while (!isDone) {
        const [read, size, keys] = [
          await backend.read('big/file'),
          await backend.size('big/file'),
          await listed(backend, ''),
        ];
        if (read !== undefined) assertBytes(read, bytes);
        assert.ok(size === undefined || size === bytes.length);
        assert.ok(keys.length === 0 || (keys.length === 1 && keys[0]?.[1] === bytes.length));
        await new Promise((resolve) => setImmediate(resolve));
      }
      assert.equal(await creating, true);
    },
  },
  {
    name: 'serves many readers at once',
    async run({ backend }) {
      const bytes = sampleBytes(MiB);
      await backend.create('shared', bytes);
      await Promise.all(
        Array.from({ length: 64 }, async (_, i) => {
          const range = { offset: i * 1000, length: 50_000 };
          assertBytes(
            await backend.read('shared', range),
            bytes.subarray(range.offset, range.offset + range.length),
          );
        }),
      );
    },
  },
  {
    name: 'creates, lists and deletes at the same time',
    async run({ backend }) {
      await Promise.all(
        Array.from({ length: 20 }, async (_, i) => {
          await backend.create(`churn/${i}`, sampleBytes(i));
          for (const [key, size] of await listed(backend, 'churn/')) assert.equal(key, `churn/${size}`);
          if (i % 2 === 1) await backend.delete(`churn/${i}`);
        }),
      );
      assert.equal((await listed(backend, 'churn/')).length, 10);
    },
  },
];
