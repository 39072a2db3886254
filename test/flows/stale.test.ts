import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { add } from '#src/flows/add.js';
import { checkout } from '#src/flows/checkout.js';
import { readBytes } from '#src/flows/read.js';
import { failure } from '../support/errors.js';
import { addPath, openRepository, write } from '../support/repository.js';

/** Longer than any tick of the file system: what is older counts as settled. */
const TICK_MS = 50;

/** A lock at data:v2, in which `a` changed, and the files of data:v1: as after a `git checkout` without a hook. */
async function behind() {
  const { repo, root } = await openRepository();
  const data = join(root, 'data');
  write(data, { a: 'old a', b: 'b' });
  await sleep(TICK_MS);
  await addPath(repo, 'data');
  writeFileSync(join(data, 'a'), 'new a');
  await addPath(repo, 'data');
  const lock = readFileSync(repo.workspace.lockPath);
  await checkout(repo, { reference: 'data:v1', cwd: root });
  writeFileSync(repo.workspace.lockPath, lock);
  return { repo, root, data };
}

describe('add of files that are from before what dvs.lock has by now', () => {
  test('refuses to take that version back, and names what to bring', async () => {
    const { repo } = await behind();
    const error = await failure(() => add(repo, { paths: [] }));
    expect(error).toMatchObject({ code: 'E_UNSAFE', about: ['a'] });
    expect(error.hint).toContain('dvs checkout data -- a');
  });

  test('keeps what was changed since, once the rest was brought', async () => {
    const { repo, root, data } = await behind();
    writeFileSync(join(data, 'b'), 'work');
    expect(await failure(() => add(repo, { paths: ['data'] }))).toMatchObject({ code: 'E_UNSAFE' });
    await checkout(repo, { reference: 'data', cwd: root, patterns: ['a'] });
    await addPath(repo, 'data');
    const texts = await Promise.all(['a', 'b'].map((name) => readBytes(repo, `data/${name}`)));
    expect(texts.map((bytes) => Buffer.from(bytes).toString())).toEqual(['new a', 'work']);
  });

  test('records a change of the same file, and with force all of them', async () => {
    const { repo, data } = await behind();
    writeFileSync(join(data, 'a'), 'mine');
    expect((await addPath(repo, 'data')).version).toBe(3);
    const other = await behind();
    const { versions } = await add(other.repo, { paths: ['data'], force: true });
    expect(versions[0]?.version).toBe(3);
  });
});
