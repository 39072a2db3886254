import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Forge } from '#faults/hostile/forge.js';
import { lies } from '#faults/hostile/lies.js';
import { Scratch } from '#src/base/scratch.js';
import { verify } from '#src/flows/verify.js';
import { type Problem, ProblemList } from '#src/ops/verify/problems.js';
import { countProblems } from '#src/ops/verify/report.js';
import { PACK_ENTRIES } from '#src/store/pack/layout.js';
import { loadZstd } from '#src/store/pack/zstd.js';
import { verifyView } from '#src/wire/verify.js';
import { openRepository } from '../support/repository.js';
import { tempDir } from '../support/tmp.js';

const MANY = 20_000;

function problem(i: number): Problem {
  return {
    path: `data:v1 ${i}/é`,
    pack: i % 2 === 0 ? undefined : 'a'.repeat(64),
    id: i % 3 === 0 ? undefined : String(i),
    why: `${'its bytes have another hash '.repeat(9)}${i}`,
  };
}

function listOf(folder: string, count: number): ProblemList {
  const scratch = new Scratch(folder);
  onTestFinished(() => scratch.close());
  const list = new ProblemList(scratch);
  for (let i = 0; i < count; i++) list.add(problem(i));
  return list;
}

test('a long list of problems gives back every one, as often as asked', async () => {
  const list = listOf(await tempDir(), MANY);
  for (let round = 0; round < 2; round++) {
    let i = 0;
    for (const found of list) expect(found).toEqual(problem(i++));
    expect(i).toBe(MANY);
  }
  expect(list).toMatchObject({ length: MANY, unlisted: 0 });
});

test('where no file can be written the first are listed and the others counted', async () => {
  const inTheWay = join(await tempDir(), 'file');
  writeFileSync(inTheWay, '');
  const list = listOf(inTheWay, MANY);
  expect(list.length).toBeGreaterThan(1_000);
  expect(list.length + list.unlisted).toBe(MANY);
  expect([...list]).toEqual(Array.from({ length: list.length }, (_, i) => problem(i)));
});

test('a text without end is cut, and what follows it is whole', async () => {
  const list = listOf(await tempDir(), 0);
  const endless = { path: 'é'.repeat(100_000), pack: undefined, id: 'id', why: 'why' };
  list.add(endless);
  list.add(problem(1));
  const [cut, next] = list;
  expect(cut).toMatchObject({ pack: undefined, id: 'id', why: 'why' });
  expect(endless.path.startsWith(cut?.path ?? '-')).toBe(true);
  expect(next).toEqual(problem(1));
});

test('every object of a pack that is all wrong is told', async () => {
  await loadZstd();
  const { repo, root } = await openRepository();
  lies['as many entries as a pack may have, none of them true']?.(new Forge(root));
  const report = await verify(repo);
  expect(countProblems(report)).toBe(PACK_ENTRIES + 1);
  const { damaged, missing, unlisted } = verifyView(report);
  expect(new Set([...damaged].map(({ id }) => id)).size).toBe(PACK_ENTRIES);
  expect([...missing]).toHaveLength(1);
  expect(unlisted).toBe(0);
});
