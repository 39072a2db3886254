import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { verify } from '#src/flows/verify.js';
import { flipped } from '../support/bytes.js';
import { addPath, openRepository, write } from '../support/repository.js';

/** Flips a bit of `text`, which some pack holds as it is. */
function damage(root: string, text: string): void {
  const packs = join(root, '.dvs/packs');
  for (const name of readdirSync(packs, { recursive: true, encoding: 'utf8' })) {
    if (!/[0-9a-f]{64}$/.test(name)) continue;
    const bytes = readFileSync(join(packs, name));
    const at = bytes.indexOf(text);
    if (at < 0) continue;
    rmSync(join(packs, name));
    writeFileSync(join(packs, name), flipped(bytes, 8 * at));
    return;
  }
  throw new Error(`no pack holds ${text}`);
}

test('a bad content is listed for every version that has it, and for no other', async () => {
  const { repo, root } = await openRepository();
  write(root, { 'data/a': 'first', 'data/b': 'stays' });
  await addPath(repo, 'data');
  write(root, { 'data/c': 'the one that is damaged' });
  await addPath(repo, 'data');
  write(root, { 'data/a': 'changed' });
  await addPath(repo, 'data');
  rmSync(join(root, 'data/c'));
  await addPath(repo, 'data');
  expect([...(await verify(repo)).damaged]).toEqual([]);
  damage(root, 'the one that is damaged');
  const { damaged, missing } = await verify(repo);
  const paths = [...damaged].map(({ path }) => path).filter((path) => !path.startsWith('packs/'));
  expect(paths.sort()).toEqual(['data:v2 c', 'data:v3 c']);
  expect([...missing]).toEqual([]);
});
