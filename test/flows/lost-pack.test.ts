import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { add } from '#src/flows/add.js';
import { checkout } from '#src/flows/checkout.js';
import { reindex } from '#src/flows/reindex.js';
import { verify } from '#src/flows/verify.js';
import { noise } from '../support/bytes.js';
import { codeOf } from '../support/errors.js';
import { addPath, openRepository, problems, read, write } from '../support/repository.js';
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
  expect((await verify(repo, 'b')).missing).toEqual([]);
  expect((await verify(repo)).missing).not.toEqual([]);
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

test('an index made from a log with a hole is refused, and the hole is not filled', async () => {
  const { repo, root } = await openRepository();
  for (const text of ['one', 'two', 'three']) {
    write(root, { 'a/x': text });
    await addPath(repo, 'a');
  }
  rmSync(join(root, '.dvs', 'log', '0000000000000001'));
  expect(await codeOf(() => reindex(repo))).toBe('E_DAMAGED');
  write(root, { 'a/x': 'four' });
  await addPath(repo, 'a');
  expect(readdirSync(join(root, '.dvs', 'log'))).not.toContain('0000000000000001');
});
