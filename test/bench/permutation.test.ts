import { expect, test } from 'vitest';
import { permutation } from '#bench/rows/permutation.js';

test('every size has its nanoseconds, and a limit to hold them against', async () => {
  const figures = await permutation.run({ rounds: 1, scale: 0.001, tools: [], report: () => {} });
  if ('skipped' in figures) throw new Error(figures.skipped);
  expect(figures.map(({ step }) => step)).toEqual([
    'one at: n = 1,000',
    'one at: n = 1,001',
    'one at: n = 65,537',
    'one at: n = 1,000,003',
    'one at: n = 4,294,967,297',
    'one at: n = 4,503,599,627,370,497',
    'one at: n = 9,007,199,254,740,992',
  ]);
  for (const { unit, values, verdicts } of figures) {
    expect(unit).toBe('ns');
    expect(values).toMatchObject({ dvs: expect.any(Number) });
    expect(verdicts).toMatchObject([{ target: { limit: 1000 / 6 } }]);
  }
});
