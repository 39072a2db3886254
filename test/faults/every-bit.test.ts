import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Flips } from '#faults/bits/flips.js';
import { Recorder } from '#faults/bits/recorder.js';
import { everyBit } from '#faults/rows/every-bit.js';
import { MemoryBackend } from '#src/backend/memory.js';
import { hex } from '#src/base/bytes.js';
import { Store } from '#src/store/store.js';
import { tempDir } from '../support/tmp.js';

test('a sample: every flipped bit is found, and no answer is wrong', async () => {
  const { counts, failures } = await everyBit.run({ scale: 1 / 1500, seed: 5, report() {} });
  expect(failures).toEqual([]);
  const { flips = 0, refused = 0, 'found by verify': found } = counts;
  expect(flips).toBeGreaterThan(300);
  expect(found).toBe(flips);
  expect(refused).toBeGreaterThan(flips);
}, 60_000);

test('what verify does not look at, and what nobody checks, is found out', async () => {
  const folder = await tempDir();
  const recorder = new Recorder(new MemoryBackend());
  const store = await Store.init({
    backend: recorder,
    catalogueDir: join(folder, 'catalogue'),
    scratchDir: join(folder, 'scratch'),
  });
  const key = 'log/0000000000000009'; // behind a hole, where reading the log does not come
  await recorder.create(key, Buffer.from('unread'));
  const flips = await Flips.of(store, recorder, [
    {
      name: 'unchecked',
      right: hex(Buffer.from('unread')),
      ask: async () => hex((await recorder.read(key)) ?? new Uint8Array()),
    },
    {
      name: 'a bug',
      right: '6',
      ask: async () => {
        const first = (await recorder.read(key))?.[0] ?? 0;
        if (first !== 'u'.charCodeAt(0)) throw new RangeError('not u');
        return '6';
      },
    },
  ]);
  await flips.flip(key, Buffer.from('unread'), 0);
  await store.close();
  expect(flips.failures).toEqual([
    `verify does not find bit 0 of ${key}`,
    `unchecked with bit 0 of ${key} flipped: 746e72656164`,
    `a bug with bit 0 of ${key} flipped: RangeError: not u`,
  ]);
});
