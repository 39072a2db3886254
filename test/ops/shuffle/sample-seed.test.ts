import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { sampleSeed, sampleSeedHalves } from '#src/ops/shuffle/sample-seed.js';
import { codeOf } from '../../support/errors.js';

/* The values in fixtures/splits are frozen, as those of permutations. */
const SPLITS = new URL('../../../fixtures/splits/', import.meta.url);

interface Vector {
  readonly seed: string;
  readonly epoch: string;
  readonly number: string;
  readonly value: string;
}
const VECTORS: readonly Vector[] = JSON.parse(readFileSync(new URL('sample-seed.json', SPLITS), 'utf8'));

describe('the seed of a sample', () => {
  test('is that of the vectors, whole and in halves', () => {
    for (const { seed, epoch, number, value } of VECTORS) {
      const use = { seed, epoch: BigInt(epoch), number: BigInt(number) };
      expect(sampleSeed(use)).toBe(BigInt(value));
      const { high, low } = sampleSeedHalves(use);
      expect((BigInt(high) << 32n) | BigInt(low)).toBe(BigInt(value));
    }
    expect(VECTORS).toHaveLength(175);
  });

  test('is the same for numbers as for bigints', () => {
    const use = { seed: '42', epoch: 3, number: 2 ** 53 - 1 };
    expect(sampleSeed(use)).toBe(sampleSeed({ seed: '42', epoch: 3n, number: 2n ** 53n - 1n }));
  });

  test.each([
    { seed: 'a\nb', epoch: 0, number: 0 },
    { seed: '\ud83c', epoch: 0, number: 0 },
    { seed: '', epoch: -1, number: 0 },
    { seed: '', epoch: 0, number: 0.5 },
    { seed: '', epoch: 0, number: 2 ** 53 },
  ])('refuses %j', async (use) => {
    expect(await codeOf(() => sampleSeed(use))).toBe('E_USAGE');
    expect(await codeOf(() => sampleSeedHalves(use))).toBe('E_USAGE');
  });

  const python = spawnSync('python3', ['--version']).status === 0;
  test.skipIf(!python)('the vectors are those of sample-seed.py (skipped without python3)', () => {
    const { status, stderr } = spawnSync('python3', [fileURLToPath(new URL('sample-seed.py', SPLITS))], {
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
  });
});
