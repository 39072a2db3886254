import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkout } from '#src/flows/checkout.js';
import { list } from '#src/flows/list.js';
import { reindex } from '#src/flows/reindex.js';
import { codeOf } from '../support/errors.js';
import { addPath, all, openRepository, read, write } from '../support/repository.js';

test('a refusal for one tracked path leaves the others as they are, too', async () => {
  const { repo, root } = await openRepository();
  write(root, { 'a/x': 'recorded', 'b/y': 'recorded' });
  await addPath(repo, 'a');
  await addPath(repo, 'b');
  write(root, { 'a/x': 'recorded, and more', 'b/y': 'never added' });
  await addPath(repo, 'a');
  write(root, { 'a/x': 'recorded' });
  const before = read(root);
  expect(await codeOf(() => checkout(repo, { cwd: root }))).toBe('E_UNSAFE');
  expect(read(root)).toEqual(before);
});

test('while the index is made again the old one answers', async () => {
  const { repo, root } = await openRepository();
  const files = Array.from({ length: 300 }, (_, i) => [`data/${i}`, `content ${i}`]);
  write(root, Object.fromEntries(files));
  await addPath(repo, 'data');
  const counts: number[] = [];
  let isRebuilding = true;
  const rebuilding = reindex(repo).finally(() => {
    isRebuilding = false;
  });
  while (isRebuilding) counts.push((await all(list(repo, 'data'))).length);
  await rebuilding;
  expect(new Set(counts)).toEqual(new Set([300]));
  expect(read(join(root, 'data'))).toHaveProperty('7', 'content 7');
});
