import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runRounds } from '#faults/catalogue/rounds.js';
import { catalogueDamage } from '#faults/rows/catalogue-damage.js';
import { tempDir } from '../support/tmp.js';

test('a sample: a damaged catalogue gives the right answers', async () => {
  const { counts, failures } = await catalogueDamage.run({ scale: 0.003, seed: 3, report() {} });
  expect(failures).toEqual([]);
  expect(counts).toMatchObject({ 'damaged catalogues': 30 });
}, 60_000);

test('a wrong answer, and a process that ends before its time, are faults of their round', async () => {
  const child = join(await tempDir(), 'child.mjs');
  writeFileSync(
    child,
    `const [, , , , first, rounds] = process.argv.map(Number);
    for (let round = first; round < first + rounds; round++) {
      const tell = (more) => process.stdout.write(JSON.stringify({ round, done: 'harm', ...more }) + '\\n');
      tell({ over: false });
      if (round === 6) await new Promise((resolve) => setTimeout(() => resolve(process.abort()), 50));
      tell({ over: true, ...(round === 8 ? { wrong: 'another answer' } : {}) });
    }`,
  );
  const rounds = await runRounds(1, { first: 5, rounds: 5, child });
  expect(rounds.map(({ round }) => round)).toEqual([5, 6, 7, 8, 9]);
  expect(rounds.map(({ wrong }) => wrong)).toEqual([
    undefined,
    'the process ended with SIGABRT',
    undefined,
    'another answer',
    undefined,
  ]);
});
