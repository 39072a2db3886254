import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { add } from '#src/flows/add.js';
import { checkout } from '#src/flows/checkout.js';
import { diff } from '#src/flows/diff.js';
import { list } from '#src/flows/list.js';
import type { Repository } from '#src/flows/repository.js';
import { status } from '#src/flows/status.js';
import { addPath, all, openRepository, write } from '../support/repository.js';

/** Longer than any tick, so that what was written before is settled and the stat cache may vouch for it. */
const TICK_MS = 50;

async function paths(repo: Repository, reference: string): Promise<string[]> {
  return (await all(list(repo, reference))).map(({ path }) => path);
}

/** What `status` says of the one tracked path. */
async function stateOf(repo: Repository) {
  const { tracked } = await status(repo);
  const [only] = tracked;
  if (only === undefined) throw new Error('nothing is tracked');
  return {
    state: only.state,
    removed: [...only.diff.removed].map(({ path }) => path),
    nowIgnored: only.nowIgnored,
  };
}

describe('add leaves out what is ignored', () => {
  test('by rules above the tracked folder and within, which are part of the dataset', async () => {
    const { repo, root } = await openRepository();
    write(root, {
      '.dvsignore': '*.tmp\n/in/data/top\n',
      'in/.dvsignore': 'data/deep/\n',
      'in/data/.dvsignore': '!keep.tmp\n',
      'in/data/keep.tmp': '',
      'in/data/drop.tmp': '',
      'in/data/top': '',
      'in/data/sub/top': '',
      'in/data/deep/file': '',
      'in/data/deep/keep.tmp': '',
    });
    const { ignored } = await addPath(repo, 'in/data', 'data');
    expect(await paths(repo, 'data')).toEqual(['.dvsignore', 'keep.tmp', 'sub/top']);
    expect(ignored).toEqual({ files: 2, folders: 1 });
    // Also when nothing has to be looked at again.
    await sleep(TICK_MS);
    for (let i = 0; i < 2; i++) {
      expect((await addPath(repo, 'in/data', 'data')).ignored).toEqual({ files: 2, folders: 1 });
    }
  });

  test('nothing is but .dvs and .git where no .dvsignore is', async () => {
    const { repo, root } = await openRepository();
    write(root, { 'data/.gitignore': '*', 'data/.DS_Store': '', 'data/.git/HEAD': '', 'data/a~': '' });
    await addPath(repo, 'data');
    expect(await paths(repo, 'data')).toEqual(['.DS_Store', '.gitignore', 'a~']);
  });

  test('a name or thing that no dataset may hold is none of its business then', async () => {
    const { repo, root } = await openRepository();
    write(root, {
      'data/.dvsignore': 'out\n*\x01*\n',
      'data/out': { link: '/etc' },
      'data/\x01': '',
      'data/a': '',
    });
    await addPath(repo, 'data');
    expect(await paths(repo, 'data')).toEqual(['.dvsignore', 'a']);
  });

  test('a path that is ignored is refused, unless it is tracked already', async () => {
    const { repo, root } = await openRepository();
    write(root, { '.dvsignore': '/data\n', 'data/a': '', 'b/c.bin': '' });
    await expect(addPath(repo, 'data')).rejects.toMatchObject({ code: 'E_USAGE', about: ['data'] });
    await addPath(repo, 'b/c.bin', 'c');
    write(root, { '.dvsignore': '*.bin\nb/\n', 'b/c.bin': 'more' });
    expect((await addPath(repo, 'b/c.bin', 'c')).version).toBe(2);
  });

  test.each<[string, (root: string) => void, string]>([
    ['is a link', (root) => symlinkSync('/etc/passwd', join(root, 'data/.dvsignore')), 'E_SYMLINK'],
    [
      'is larger than anybody writes',
      (root) => writeFileSync(join(root, '.dvsignore'), 'x\n'.repeat(200_000)),
      'E_LIMIT',
    ],
  ])('a .dvsignore that %s is refused', async (_, make, code) => {
    const { repo, root } = await openRepository();
    write(root, { 'data/a': '' });
    make(root);
    await expect(addPath(repo, 'data')).rejects.toMatchObject({ code, hint: expect.any(String) });
  });
});

describe('rules that change are noticed, also when no time of the tracked folder tells', () => {
  async function tracked() {
    const opened = await openRepository();
    write(opened.root, { 'data/a.log': 'log', 'data/b': 'b', 'data/sub/c.log': 'log' });
    await addPath(opened.repo, 'data');
    await sleep(TICK_MS);
    expect(await stateOf(opened.repo)).toMatchObject({ state: 'clean' });
    return opened;
  }

  test('outside of it', async () => {
    const { repo, root } = await tracked();
    write(root, { '.dvsignore': '*.log' });
    const gone = { state: 'modified', removed: ['a.log', 'sub/c.log'], nowIgnored: 2 };
    expect(await stateOf(repo)).toEqual(gone);
    const [compared] = await diff(repo, { references: [] });
    expect(compared).toMatchObject({ nowIgnored: 2 });
    expect((await addPath(repo, 'data')).files).toBe(1);
    await sleep(TICK_MS);
    expect(await stateOf(repo)).toMatchObject({ state: 'clean' });
    // And back: they are there again.
    rmSync(join(root, '.dvsignore'));
    expect((await addPath(repo, 'data')).files).toBe(3);
  });

  test('in a .dvsignore that ignores itself', async () => {
    const { repo, root } = await tracked();
    write(root, { 'data/.dvsignore': '.dvsignore\n' });
    await addPath(repo, 'data');
    await sleep(TICK_MS);
    expect(await stateOf(repo)).toMatchObject({ state: 'clean' });
    write(root, { 'data/.dvsignore': '.dvsignore\n*.log\n' });
    expect(await stateOf(repo)).toMatchObject({ state: 'modified', nowIgnored: 2 });
  });

  test('whatever the rules and their order: as if it was added for the first time', async () => {
    const rule = fc.constantFrom(
      '*.log',
      '!a.log',
      'sub/',
      '!sub',
      '/data/b',
      'data/sub/*',
      'b',
      '.dvsignore',
      '*',
    );
    const rules = fc.array(rule, { maxLength: 3 }).map((lines) => lines.join('\n'));
    const change = fc.record({
      file: fc.constantFrom('.dvsignore', 'data/.dvsignore', 'data/sub/.dvsignore'),
      rules,
    });
    const { repo, root } = await tracked();
    const fresh = await openRepository();
    mkdirSync(join(fresh.root, 'data/sub'), { recursive: true });
    for (const file of ['data/a.log', 'data/b', 'data/sub/c.log']) {
      write(fresh.root, { [file]: readFileSync(join(root, file)) });
    }
    await addPath(fresh.repo, 'data');
    await fc.assert(
      fc.asyncProperty(change, fc.boolean(), async ({ file, rules: text }, looks) => {
        for (const at of [root, fresh.root]) write(at, { [file]: text });
        if (looks) await status(repo);
        const { versions } = await add(fresh.repo, { paths: ['data'], rehash: true });
        const [expected] = versions;
        const found = await addPath(repo, 'data');
        expect(found.id.toString()).toBe(expected?.id.toString());
        expect(found.ignored).toEqual(expected?.ignored);
        expect(await stateOf(repo)).toMatchObject({ state: 'clean' });
      }),
      { numRuns: 15 },
    );
  });
});

describe('checkout', () => {
  /** data:v1 has a.log and b; by now *.log is ignored. */
  async function afterwards() {
    const { repo, root } = await openRepository();
    write(root, { 'data/a.log': 'recorded', 'data/b': 'b' });
    await addPath(repo, 'data');
    write(root, { '.dvsignore': '*.log\n', 'data/b': 'b2' });
    await addPath(repo, 'data');
    const to = (reference: string, force = false) => checkout(repo, { reference, cwd: root, force });
    return { repo, root, to, log: () => readFileSync(join(root, 'data/a.log'), 'utf8') };
  }

  test('leaves what is ignored alone, and does not list it', async () => {
    const { root, to, log } = await afterwards();
    write(root, { 'data/a.log': 'never added', 'data/other.log': '' });
    const [done] = await to('data:v2');
    expect([...(done?.left ?? [])]).toEqual([]);
    expect(log()).toBe('never added');
  });

  test('writes what the version has at an ignored path', async () => {
    const { repo, root, to, log } = await afterwards();
    rmSync(join(root, 'data/a.log'));
    const [done] = await to('data:v1');
    expect(done).toMatchObject({ written: 2, unchanged: 0 });
    expect(log()).toBe('recorded');
    // It is there as recorded, and yet the next version will not have it.
    expect(await stateOf(repo)).toEqual({ state: 'modified', removed: ['a.log'], nowIgnored: 1 });
    expect((await to('data:v1'))[0]).toMatchObject({ written: 0, unchanged: 2 });
  });

  test('overwrites nothing that differs there, but with --force', async () => {
    const { root, to, log } = await afterwards();
    write(root, { 'data/a.log': 'never added' });
    await expect(to('data:v1')).rejects.toMatchObject({
      code: 'E_UNSAFE',
      about: ['a.log'],
      hint: expect.stringContaining('Move them away'),
    });
    expect(log()).toBe('never added');
    // Not even what the store has the bytes of, if it is recorded at no such path: it was put there on purpose.
    write(root, { 'data/a.log': 'b' });
    await expect(to('data:v1')).rejects.toMatchObject({ code: 'E_UNSAFE' });
    await to('data:v1', true);
    expect(log()).toBe('recorded');
  });
});
