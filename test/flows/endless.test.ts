import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EVIL, Forge } from '#faults/hostile/forge.js';
import { lies } from '#faults/hostile/lies.js';
import { checkout } from '#src/flows/checkout.js';
import { read } from '#src/flows/read.js';
import { verify } from '#src/flows/verify.js';
import { loadZstd } from '#src/store/pack/zstd.js';
import { codeOf } from '../support/errors.js';
import { addPath, all, openRepository, write } from '../support/repository.js';

/** A store with an honest version and a lie, which is called `evil`. */
async function lied(name: string) {
  await loadZstd();
  const { repo, root } = await openRepository();
  write(root, { 'data/a': 'data' });
  await addPath(repo, 'data');
  const lie = lies[name];
  if (lie === undefined) throw new Error(`no lie ${name}`);
  lie(new Forge(root));
  return { repo, root };
}

test('a small file that unpacks to two tebibytes is refused after a piece of it', async () => {
  const { repo, root } = await lied('a recipe for two tebibytes from one chunk');
  expect(await codeOf(() => all(read(repo, 'evil/f')))).toBe('E_DAMAGED');
  expect([...(await verify(repo, 'evil')).damaged]).toMatchObject([
    { why: expect.stringContaining('4 bytes') },
  ]);
  const dest = join(root, 'dest');
  expect(await codeOf(() => checkout(repo, { reference: 'evil', dest, cwd: root }))).toBe('E_DAMAGED');
});

test('a file that is longer than its dataset says is never cut', async () => {
  const { repo } = await lied('a node with a size too small');
  expect(Buffer.concat(await all(read(repo, 'evil/f'))).equals(EVIL)).toBe(true);
  expect([...(await verify(repo, 'evil')).damaged]).toHaveLength(1);
});
