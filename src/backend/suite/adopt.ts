import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MiB } from '../../base/limits.js';
import type { AdoptedFile } from '../interface.js';
import { assertBytes, assertFails, type Check, listed, sampleBytes } from './check.js';

/** Handing over local files. */
export const adoptChecks: readonly Check[] = [
  {
    name: 'adopts many files and removes the originals',
    async run({ backend, scratchDir }) {
      const sizes = [0, 1, 1000, 5 * MiB, 70_000];
      const files: AdoptedFile[] = [];
      for (const [i, size] of sizes.entries()) {
        const path = join(scratchDir, `file-${i}`);
        await writeFile(path, sampleBytes(size, i + 1));
        files.push({ key: `packs/${i % 2}/${i}`, path });
      }
      await backend.adopt(files);
      for (const [i, { key, path }] of files.entries()) {
        assertBytes(await backend.read(key), sampleBytes(sizes[i] ?? 0, i + 1));
        assert.equal(existsSync(path), false);
      }
      assert.equal((await listed(backend, 'packs/')).length, sizes.length);
    },
  },
  {
    name: 'adopts nothing',
    async run({ backend }) {
      await backend.adopt([]);
      assert.deepEqual(await listed(backend, ''), []);
    },
  },
  {
    name: 'adopts under no key that is there',
    async run({ backend, scratchDir }) {
      await backend.create('packs/a', sampleBytes(10));
      const path = join(scratchDir, 'file');
      await writeFile(path, sampleBytes(20, 2));
      await assertFails('E_EXISTS', () => backend.adopt([{ key: 'packs/a', path }]));
      assertBytes(await backend.read('packs/a'), sampleBytes(10));
      assert.equal(existsSync(path), true, 'the original is gone');
      assert.equal(await backend.create('packs/a', sampleBytes(1)), false);
    },
  },
  {
    name: 'does not adopt what is missing',
    async run({ backend, scratchDir }) {
      await assert.rejects(() => backend.adopt([{ key: 'packs/a', path: join(scratchDir, 'none') }]));
      assert.equal(await backend.read('packs/a'), undefined);
    },
  },
];
