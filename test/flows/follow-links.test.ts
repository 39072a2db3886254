import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { add } from '#src/flows/add.js';
import { checkout } from '#src/flows/checkout.js';
import { diff } from '#src/flows/diff.js';
import { relocate } from '#src/flows/relocate.js';
import { Repository } from '#src/flows/repository.js';
import { status } from '#src/flows/status.js';
import { untrack } from '#src/flows/untrack.js';
import { readLock } from '#src/workspace/lock.js';
import { addPath, openRepository, read, write } from '../support/repository.js';
import { tempDir } from '../support/tmp.js';

/** Longer than any tick, so that what was written before is settled and the stat cache may vouch for it. */
const TICK_MS = 50;

/** A workspace as DVC and the hf cache leave them: links in `data` to a file and a folder elsewhere. */
async function linked() {
  const opened = await openRepository();
  const outside = await tempDir();
  write(outside, { blob: 'blob', 'folder/x': 'x', 'folder/deep/y': 'y' });
  write(opened.root, {
    'data/own': 'own',
    'data/blob': { link: join(outside, 'blob') },
    'data/same': { link: 'own' },
    'data/folder': { link: join(outside, 'folder') },
  });
  return { ...opened, outside };
}

const follow = (repo: Repository) => add(repo, { paths: ['data'], followLinks: true });

async function stateOf(repo: Repository): Promise<string | undefined> {
  return (await status(repo)).tracked[0]?.state;
}

describe('with links followed', () => {
  test('a dataset is what it would be with the files themselves', async () => {
    const { repo } = await linked();
    const { versions } = await follow(repo);
    const plain = await openRepository();
    write(plain.root, {
      'data/own': 'own',
      'data/blob': 'blob',
      'data/same': 'own',
      'data/folder/x': 'x',
      'data/folder/deep/y': 'y',
    });
    const { id } = await addPath(plain.repo, 'data');
    expect(versions[0]?.id.toString()).toBe(id.toString());
  });

  test('that is remembered: add, status and diff see through them, and notice changes', async () => {
    const { repo, root, outside } = await linked();
    await follow(repo);
    expect((await readLock(repo.workspace)).get('data')?.links).toBe('followed');
    await sleep(TICK_MS);
    for (let i = 0; i < 2; i++) {
      expect(await stateOf(repo)).toBe('clean');
      expect((await addPath(repo, 'data')).version).toBe(1);
    }
    write(outside, { 'folder/deep/y': 'Y' });
    expect(await stateOf(repo)).toBe('modified');
    const [compared] = await diff(repo, { references: [] });
    expect([...(compared?.diff.modified ?? [])].map(({ path }) => path)).toEqual(['folder/deep/y']);
    expect((await addPath(repo, 'data')).version).toBe(2);
    await sleep(TICK_MS);
    expect(await stateOf(repo)).toBe('clean');
    // Another target, with a file that is just as long.
    write(outside, { other: 'BLOB' });
    rmSync(join(root, 'data/blob'));
    symlinkSync(join(outside, 'other'), join(root, 'data/blob'));
    expect(await stateOf(repo)).toBe('modified');
    // A name more beyond a link.
    await addPath(repo, 'data');
    await sleep(TICK_MS);
    expect(await stateOf(repo)).toBe('clean');
    write(outside, { 'folder/z': '' });
    expect(await stateOf(repo)).toBe('modified');
  });

  test('and forgotten when somebody says so', async () => {
    const { repo, root } = await linked();
    await follow(repo);
    for (const name of ['blob', 'folder']) rmSync(join(root, 'data', name));
    const { versions } = await add(repo, { paths: ['data'], followLinks: false });
    expect(versions[0]?.diff?.modified.length).toBe(1); // `same` is a link again
    expect((await readLock(repo.workspace)).get('data')?.links).toBeUndefined();
  });

  test('a single file that is a link is stored as the file that it leads to, and written as one', async () => {
    const { repo, root, outside } = await linked();
    symlinkSync(join(outside, 'blob'), join(root, 'model.bin'));
    await expect(addPath(repo, 'model.bin')).rejects.toMatchObject({ code: 'E_SYMLINK' });
    await add(repo, { paths: ['model.bin'], followLinks: true });
    await sleep(TICK_MS);
    expect(await stateOf(repo)).toBe('clean');
    write(outside, { blob: 'trained on' });
    expect(await stateOf(repo)).toBe('modified');
    await checkout(repo, { reference: 'model.bin', cwd: root, force: true });
    expect(lstatSync(join(root, 'model.bin')).isFile()).toBe(true);
    expect(readFileSync(join(root, 'model.bin'), 'utf8')).toBe('blob');
    expect(readFileSync(join(outside, 'blob'), 'utf8')).toBe('trained on');
  });
});

describe('checkout with links followed', () => {
  const to = (repo: Repository, root: string, force = false) =>
    checkout(repo, { reference: 'data:v1', cwd: root, force });

  test('leaves links that lead to the right bytes', async () => {
    const { repo, root } = await linked();
    await follow(repo);
    const [done] = await to(repo, root);
    expect(done).toMatchObject({ written: 0, removed: 0, unchanged: 5 });
    expect(lstatSync(join(root, 'data/blob')).isSymbolicLink()).toBe(true);
  });

  test('puts a plain file where a link leads to others, and never writes through it', async () => {
    const { repo, root, outside } = await linked();
    await follow(repo);
    write(outside, { blob: 'never added' });
    await expect(to(repo, root)).rejects.toMatchObject({ code: 'E_UNSAFE', about: ['blob'] });
    await to(repo, root, true);
    expect(readFileSync(join(root, 'data/blob'), 'utf8')).toBe('blob');
    expect(lstatSync(join(root, 'data/blob')).isFile()).toBe(true);
    expect(readFileSync(join(outside, 'blob'), 'utf8')).toBe('never added');
    await sleep(TICK_MS);
    expect(await stateOf(repo)).toBe('clean');
  });

  test('touches nothing beyond a link to a folder, not even with --force', async () => {
    const { repo, root, outside } = await linked();
    await follow(repo);
    write(outside, { 'folder/x': 'X' });
    const before = read(outside);
    for (const force of [false, true]) {
      await expect(to(repo, root, force)).rejects.toMatchObject({ code: 'E_UNSAFE' });
    }
    await addPath(repo, 'data');
    await expect(to(repo, root)).rejects.toMatchObject({
      code: 'E_UNSAFE',
      hint: expect.stringContaining('rm '),
    });
    // What one is told to do helps.
    rmSync(join(root, 'data/folder'));
    await to(repo, root);
    expect(readFileSync(join(root, 'data/folder/x'), 'utf8')).toBe('x');
    expect(read(outside)).toEqual(before);
  });

  test('removes a link, not what it leads to', async () => {
    const { repo, root, outside } = await linked();
    await follow(repo);
    symlinkSync(join(outside, 'blob'), join(root, 'data/second'));
    await addPath(repo, 'data');
    const [done] = await to(repo, root);
    expect(done?.removed).toBe(1);
    expect(read(outside)).toMatchObject({ blob: 'blob' });
  });
});

describe('refused, with all that is wrong:', () => {
  async function refused(make: (data: string, outside: string) => void) {
    const { repo, root, outside } = await linked();
    make(join(root, 'data'), outside);
    return expect(follow(repo)).rejects;
  }

  test('links that lead nowhere, each named', async () => {
    const names = Array.from({ length: 30 }, (_, i) => `n${i + 10}`);
    const failed = await refused((data) => {
      for (const name of names) symlinkSync('nowhere', join(data, name));
    });
    await failed.toMatchObject({ code: 'E_SYMLINK', about: names });
  });

  test.each<[string, string, string, string]>([
    ['a link to itself', 'loop', 'loop', 'E_SYMLINK'],
    ['a link to the folder it is in', 'loop', '.', 'E_SYMLINK'],
    ['a link to a folder above the tracked one', 'loop', '..', 'E_SYMLINK'],
    ['a link into .dvs', 'store', '../.dvs/format', 'E_PATH_RESERVED'],
    ['a link to a folder in .dvs', 'store', '../.dvs/log', 'E_PATH_RESERVED'],
    ['a link to a device', 'null', '/dev/null', 'E_TYPE'],
  ])('%s', async (_, name, target, code) => {
    const failed = await refused((data) => symlinkSync(target, join(data, name)));
    await failed.toMatchObject({ code, message: expect.stringContaining(name), hint: expect.any(String) });
  });

  test('a link to a pipe, without waiting for it', async () => {
    const failed = await refused((data, outside) => {
      execFileSync('mkfifo', [join(outside, 'pipe')]);
      symlinkSync(join(outside, 'pipe'), join(data, 'pipe'));
    });
    await failed.toMatchObject({ code: 'E_TYPE' });
  });
});

describe('what dvs.lock says is not enough', () => {
  /** The same workspace for somebody who never approved anything. */
  async function elsewhere(change: (root: string) => void): Promise<Repository> {
    const { repo, root } = await linked();
    await follow(repo);
    change(root);
    const other = await Repository.open(root, { who: 'other', clock: () => 0, workers: 1 });
    await repo.close();
    return other;
  }

  test('without an approval on this machine links are refused, also in copies of .dvs', async () => {
    for (const change of [
      (root: string) => rmSync(join(root, '.dvs/approvals.json')),
      // As it would come with a clone: the inode is another.
      (root: string) => {
        const path = join(root, '.dvs/approvals.json');
        writeFileSync(path, readFileSync(path, 'utf8').replace(/"store": "\d+"/, '"store": "2"'));
      },
      (root: string) => writeFileSync(join(root, '.dvs/approvals.json'), '{"version":'),
    ]) {
      const repo = await elsewhere(change);
      const hint = expect.stringContaining('dvs add --follow-symlinks data');
      for (const act of [
        () => status(repo),
        () => add(repo, { paths: [] }),
        () => diff(repo, { references: [] }),
      ]) {
        await expect(act()).rejects.toMatchObject({ code: 'E_SYMLINK', hint });
      }
      await follow(repo);
      expect(await stateOf(repo)).toBe('clean');
      await repo.close();
    }
  });

  test('what is forgotten or untracked is not approved any more; what is moved still is', async () => {
    const { repo, root } = await linked();
    await follow(repo);
    await relocate(repo, { from: 'data', to: 'moved' });
    expect(await stateOf(repo)).toBe('clean');
    rmSync(join(root, 'moved/blob'));
    rmSync(join(root, 'moved/folder'));
    await add(repo, { paths: ['moved'], followLinks: false });
    expect(await repo.approvals.has({ kind: 'links', path: 'moved' })).toBe(false);
    await add(repo, { paths: ['moved'], followLinks: true });
    await untrack(repo, { paths: ['moved'] });
    expect(await repo.approvals.has({ kind: 'links', path: 'moved' })).toBe(false);
    expect(JSON.parse(readFileSync(join(root, '.dvs/approvals.json'), 'utf8')).given).toEqual([]);
  });

  test('a dry run approves nothing for later', async () => {
    const { repo, root } = await linked();
    await add(repo, { paths: ['data'], followLinks: true, dryRun: true });
    expect(() => readFileSync(join(root, '.dvs/approvals.json'))).toThrow('ENOENT');
  });

  test('without links there is nothing to approve', async () => {
    const repo = await elsewhere((root) => {
      rmSync(join(root, '.dvs/approvals.json'));
      rmSync(join(root, 'data'), { recursive: true });
      mkdirSync(join(root, 'data'));
    });
    await checkout(repo, { cwd: repo.workspace.root });
    expect(await stateOf(repo)).toBe('clean');
    await repo.close();
  });
});
