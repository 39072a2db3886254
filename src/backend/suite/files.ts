import assert from 'node:assert/strict';
import { MiB } from '../../base/limits.js';
import { assertBytes, assertFails, type Check, listed, sampleBytes } from './check.js';

const BAD_KEYS = [
  ...['', '/', '/a', 'a/', 'a//b', '.', '..', 'a/..', '../a', 'a/../b', 'a/./b', '.hidden', 'a/.hidden'],
  ...['tmp', 'tmp/a', 'a b', 'a\\b', 'a:b', 'a\nb', 'a\0b', 'ä', 'a%2fb', 'a*', 'a?b', 'C:/a', '~/a'],
  'x'.repeat(201),
];

/** What a single caller sees. */
export const fileChecks: readonly Check[] = [
  {
    name: 'keeps what was created',
    async run({ backend }) {
      assert.equal(await backend.create('log/0001', sampleBytes(1000)), true);
      assertBytes(await backend.read('log/0001'), sampleBytes(1000));
      assert.equal(await backend.size('log/0001'), 1000);
    },
  },
  {
    name: 'keeps a file without bytes',
    async run({ backend }) {
      assert.equal(await backend.create('empty', new Uint8Array()), true);
      assertBytes(await backend.read('empty'), new Uint8Array());
      assertBytes(await backend.read('empty', { offset: 0, length: 10 }), new Uint8Array());
      assert.equal(await backend.size('empty'), 0);
      assert.equal(await backend.create('empty', sampleBytes(1)), false);
    },
  },
  {
    name: 'never replaces a file',
    async run({ backend }) {
      await backend.create('a/b', sampleBytes(10, 1));
      assert.equal(await backend.create('a/b', sampleBytes(20, 2)), false);
      assert.equal(await backend.create('a/b', sampleBytes(10, 1)), false);
      assertBytes(await backend.read('a/b'), sampleBytes(10, 1));
    },
  },
  {
    name: 'tells what is absent',
    async run({ backend }) {
      await backend.create('a/b/c', sampleBytes(1));
      for (const key of ['x', 'a', 'a/b', 'a/x', 'a/b/c/d', 'a/b/cc', 'A/b/c']) {
        assert.equal(await backend.read(key), undefined, key);
        assert.equal(await backend.read(key, { offset: 0, length: 1 }), undefined, key);
        assert.equal(await backend.size(key), undefined, key);
        await backend.delete(key);
      }
      assert.deepEqual(await listed(backend, ''), [['a/b/c', 1]]);
    },
  },
  {
    name: 'reads ranges',
    async run({ backend }) {
      const bytes = sampleBytes(1000);
      await backend.create('r', bytes);
      for (const [offset, length] of [
        ...[
          [0, 1000],
          [0, 1],
          [999, 1],
          [10, 20],
          [0, 0],
          [500, 0],
          [1000, 0],
        ],
        ...[
          [1000, 5],
          [1001, 5],
          [990, 50],
          [0, 5000],
          [5000, 1],
          [0, Number.MAX_SAFE_INTEGER],
        ],
      ] as const) {
        const expected = bytes.subarray(offset, Math.min(offset + length, bytes.length));
        assertBytes(await backend.read('r', { offset, length }), expected);
      }
    },
  },
  {
    name: 'keeps large files',
    async run({ backend }) {
      const bytes = sampleBytes(5 * MiB + 1);
      await backend.create('large', bytes);
      assertBytes(await backend.read('large'), bytes);
      const range = { offset: 3 * MiB - 7, length: MiB };
      assertBytes(
        await backend.read('large', range),
        bytes.subarray(range.offset, range.offset + range.length),
      );
      assert.equal(await backend.size('large'), bytes.length);
    },
  },
  {
    name: 'lists by folder',
    async run({ backend }) {
      assert.deepEqual(await listed(backend, ''), []);
      assert.deepEqual(await listed(backend, 'packs/'), []);
      const keys = ['packs/aa/1', 'packs/aa/2', 'packs/ab', 'packs-2/x', 'log/1', 'z'];
      for (const [i, key] of keys.entries()) await backend.create(key, sampleBytes(i));
      const all = keys.map((key, i): [string, number] => [key, i]).sort(([a], [b]) => (a < b ? -1 : 1));
      for (const prefix of ['', 'packs/', 'packs/aa/', 'packs-2/', 'log/', 'none/', 'packs/aa/1/']) {
        const expected = all.filter(([key]) => key.startsWith(prefix));
        assert.deepEqual(await listed(backend, prefix), expected, prefix);
      }
    },
  },
  {
    name: 'lists more files than fit in one answer',
    async run({ backend }) {
      for (let i = 0; i < 25; i++) await backend.create(`many/${i}`, sampleBytes(i));
      assert.equal((await listed(backend, 'many/')).length, 25);
    },
  },
  {
    name: 'deletes',
    async run({ backend }) {
      await backend.create('d/1', sampleBytes(1));
      await backend.create('d/2', sampleBytes(2));
      await backend.delete('d/1');
      await backend.delete('d/1');
      assert.equal(await backend.read('d/1'), undefined);
      assert.equal(await backend.size('d/1'), undefined);
      assert.deepEqual(await listed(backend, ''), [['d/2', 2]]);
      assert.equal(await backend.create('d/1', sampleBytes(3)), true);
    },
  },
  {
    name: 'refuses bad keys',
    async run({ backend, scratchDir }) {
      for (const key of BAD_KEYS) {
        await assertFails('E_PATH', () => backend.create(key, new Uint8Array()));
        await assertFails('E_PATH', () => backend.adopt([{ key, path: `${scratchDir}/none` }]));
        await assertFails('E_PATH', () => backend.read(key));
        await assertFails('E_PATH', () => backend.size(key));
        await assertFails('E_PATH', () => backend.delete(key));
        if (key !== '') await assertFails('E_PATH', () => listed(backend, `${key}/`));
      }
      await assertFails('E_PATH', () => listed(backend, 'a'));
      for (const key of ['a', '-', '_', 'A.b-c_d/0', 'a..b', 'tmpx', 'a/tmp/b', 'x'.repeat(200)]) {
        assert.equal(
          await backend.create(`k${key.length}/${key}`.slice(0, 200), new Uint8Array()),
          true,
          key,
        );
      }
    },
  },
  {
    name: 'shares no memory with its callers',
    async run({ backend }) {
      const given = Buffer.from(sampleBytes(100));
      await backend.create('m', given);
      given.fill(0);
      const taken = await backend.read('m');
      assertBytes(taken, sampleBytes(100));
      taken?.fill(0);
      const part = await backend.read('m', { offset: 5, length: 10 });
      assertBytes(part, sampleBytes(100).subarray(5, 15));
      part?.fill(0);
      assertBytes(await backend.read('m'), sampleBytes(100));
    },
  },
];
