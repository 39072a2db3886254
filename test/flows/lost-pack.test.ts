import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { add } from '#src/flows/add.js';
import { checkout } from '#src/flows/checkout.js';
import { log } from '#src/flows/log.js';
import { find } from '#src/flows/references.js';
import { reindex } from '#src/flows/reindex.js';
import { verify } from '#src/flows/verify.js';
import { noise } from '../support/bytes.js';
import { codeOf } from '../support/errors.js';
import { addPath, all, openRepository, problems, read, write } from '../support/repository.js';
import { tempDir } from '../support/tmp.js';

/** Two datasets, and then the packs of the first are lost. */
async function halfLost() {
  const opened = await openRepository();
  const { repo, root } = opened;
  const packs = join(root, '.dvs', 'packs');
  write(root, { 'a/x': noise(300_000, 1), 'b/y': noise(300_000, 2) });
  await addPath(repo, 'a');
  const first = readdirSync(packs);
  await addPath(repo, 'b');
  for (const name of first) rmSync(join(packs, name));
  return opened;
}

test('a lost pack hides what was in it, and nothing else, also after the index is made again', async () => {
  const { repo, root } = await halfLost();
  await reindex(repo);
  const dest = join(await tempDir(), 'b');
  await checkout(repo, { reference: 'b', dest, cwd: root });
  expect(read(dest)).toEqual(read(join(root, 'b')));
  expect([...(await verify(repo, 'b')).missing]).toEqual([]);
  expect([...(await verify(repo)).missing]).not.toEqual([]);
});

test('what was lost is stored again from what is on disk', async () => {
  const { repo } = await halfLost();
  await add(repo, { paths: ['a'], rehash: true });
  // The packs stay lost, and so does the run of that commit; every file is there again.
  const left = (await problems(repo)).map((problem) => problem.split(' ')[0]?.split('/')[0]);
  expect(new Set(left)).toEqual(new Set(['packs', 'commit']));
});

test('the last copy of what was lost is not overwritten', async () => {
  const { repo, root } = await openRepository();
  const packs = join(root, '.dvs', 'packs');
  write(root, { 'a/x': noise(300_000, 1) });
  await addPath(repo, 'a');
  const first = readdirSync(packs);
  write(root, { 'a/x': noise(300_000, 2) });
  await addPath(repo, 'a');
  for (const name of readdirSync(packs)) if (!first.includes(name)) rmSync(join(packs, name));
  expect(await codeOf(() => checkout(repo, { reference: 'a:v1', cwd: root }))).toBe('E_UNSAFE');
});

/** A store of three commits. */
async function threeCommits() {
  const { repo, root } = await openRepository();
  for (const text of ['one', 'two', 'three']) {
    write(root, { 'a/x': text });
    await addPath(repo, 'a');
  }
  write(root, { 'a/x': 'four' });
  const logFolder = join(root, '.dvs', 'log');
  const lose = (slot: number) => rmSync(join(logFolder, `000000000000000${slot}`));
  const forget = async () => {
    await repo.close();
    rmSync(join(root, '.dvs', 'catalogue'), { recursive: true });
  };
  return { repo, lose, forget, slots: () => readdirSync(logFolder).map(Number) };
}

describe('a log that lost an entry', () => {
  test.each([
    [1, [2, 3]],
    [2, [1, 3]],
    [3, [1, 2]],
  ])('%i: nothing is added, and the hole is not filled', async (slot, left) => {
    const { repo, lose, slots } = await threeCommits();
    lose(slot);
    expect(await codeOf(() => addPath(repo, 'a'))).toBe('E_DAMAGED');
    expect(slots()).toEqual(left);
    if (slot === 3) return;
    expect(await codeOf(() => reindex(repo))).toBe('E_DAMAGED');
    expect(slots()).toEqual(left);
  });

  test.each([1, 2])('%i and the catalogue: no question is answered from what is left', async (slot) => {
    const { repo, lose, forget, slots } = await threeCommits();
    lose(slot);
    await forget();
    for (let again = 0; again < 2; again++) expect(await codeOf(() => find(repo, 'a:v1'))).toBe('E_DAMAGED');
    expect(await codeOf(() => addPath(repo, 'a'))).toBe('E_DAMAGED');
    expect(slots()).not.toContain(slot);
  });

  test('in the middle: the log is not told as if that had never been', async () => {
    const { repo, lose } = await threeCommits();
    lose(2);
    expect(await codeOf(() => all(log(repo, 'a')))).toBe('E_DAMAGED');
  });

  test('the last: a new index goes on without it', async () => {
    const { repo, lose, slots } = await threeCommits();
    lose(3);
    expect(await codeOf(() => find(repo, 'a:v1'))).toBe('E_DAMAGED');
    await reindex(repo);
    expect((await find(repo, 'a:latest')).version).toBe(2);
    await addPath(repo, 'a');
    expect(slots()).toEqual([1, 2, 3]);
  });
});
