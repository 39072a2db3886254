import { chmodSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { add } from '#src/flows/add.js';
import { list } from '#src/flows/list.js';
import { log } from '#src/flows/log.js';
import { show } from '#src/flows/show.js';
import { status } from '#src/flows/status.js';
import { contentId } from '#src/id/cid.js';
import { LOG_START } from '#src/store/log/log.js';
import { readLock } from '#src/workspace/lock.js';
import { lines, noise } from '../support/bytes.js';
import { codeOf, failure } from '../support/errors.js';
import {
  addPath,
  all,
  leftovers,
  nameChanges,
  openRepository,
  problems,
  write,
} from '../support/repository.js';

describe('add', () => {
  test('records a version: ID, log, lock, and a run as its origin', async () => {
    const { repo, root } = await openRepository();
    write(root, {
      'data/mnist/a.txt': 'one',
      'data/mnist/deep/b.txt': 'two',
      'data/mnist/l': { link: 'a.txt' },
    });
    const { versions, storedBytes } = await add(repo, { paths: ['data/mnist'], message: 'first' });
    const [version] = versions;
    expect(version).toMatchObject({
      name: 'mnist',
      version: 1,
      isNew: true,
      files: 3,
      bytes: 6,
      newBytes: 6,
    });
    expect(storedBytes).toBeGreaterThan(0);
    const id = version?.id.toString() ?? '';
    expect((await readLock(repo.workspace)).get('data/mnist')?.id.toString()).toBe(id);
    const logged = await all(log(repo));
    expect(logged).toMatchObject([{ seq: 1, name: 'mnist', version: 1, by: 'tester', message: 'first' }]);
    const { madeBy } = await show(repo, 'mnist');
    const [run] = madeBy;
    expect((await show(repo, String(run))).entity?.value).toMatchObject({ kind: 'run', op: 'add' });
    const rows = await all(list(repo, 'mnist'));
    expect(rows.map(({ path, id }) => [path, id])).toEqual([
      ['a.txt', contentId(Buffer.from('one')).toString()],
      ['deep/b.txt', contentId(Buffer.from('two')).toString()],
      ['l', undefined],
    ]);
    expect(await problems(repo)).toEqual([]);
    expect(leftovers(root)).toEqual([]);
  });

  test('makes no version of what did not change', async () => {
    const { repo, root } = await openRepository();
    write(root, { 'data/a': 'one' });
    const first = await addPath(repo, 'data');
    for (const rehash of [false, true]) {
      const again = await add(repo, { paths: [], rehash });
      expect(again).toMatchObject({ storedBytes: 0, versions: [{ isNew: false, version: 1, newBytes: 0 }] });
      expect(again.versions[0]?.id.toString()).toBe(first.id.toString());
    }
    expect(await nameChanges(repo)).toHaveLength(1);
  });

  test('tells what changed, and stores only what is new', async () => {
    const { repo, root } = await openRepository();
    const large = noise(1_000_000, 5);
    write(root, { 'data/large': large, 'data/moved': 'moves', 'data/gone': 'goes', 'data/same': 'stays' });
    await addPath(repo, 'data');
    renameSync(join(root, 'data/moved'), join(root, 'data/renamed'));
    rmSync(join(root, 'data/gone'));
    const edited = Buffer.concat([large.subarray(0, 500_000), Buffer.from('!'), large.subarray(500_000)]);
    write(root, { 'data/large': edited, 'data/new': 'new' });
    const { diff, version, newBytes } = await addPath(repo, 'data');
    expect(version).toBe(2);
    const paths = (changes: Iterable<{ path: string }> = []) => Array.from(changes, ({ path }) => path);
    expect(paths(diff?.added)).toEqual(['new']);
    expect(paths(diff?.removed)).toEqual(['gone']);
    expect(paths(diff?.modified)).toEqual(['large']);
    expect([...(diff?.renamed ?? [])]).toMatchObject([{ from: 'moved', path: 'renamed' }]);
    expect(newBytes).toBeLessThan(400_000); // a few chunks around the byte that was put in
    expect(await problems(repo)).toEqual([]);
  });

  test('puts several paths into one commit', async () => {
    const { repo, root } = await openRepository();
    write(root, { 'a/x': '1', 'b/x': '2', 'c.txt': '3' });
    await add(repo, { paths: ['a', 'b', 'c.txt'] });
    const entries = await all(repo.store.log.after(LOG_START));
    expect(entries.map(({ names }) => names.map(({ name }) => name))).toEqual([['a', 'b', 'c.txt']]);
    write(root, { 'b/x': 'changed' });
    const { versions } = await add(repo, { paths: [] });
    expect(versions.map(({ name, version }) => `${name}:v${version}`)).toEqual(['a:v1', 'b:v2', 'c.txt:v1']);
  });

  test('a name that goes back to an older content gets a new version', async () => {
    const { repo, root } = await openRepository();
    write(root, { 'data/a': 'one' });
    const first = await addPath(repo, 'data');
    write(root, { 'data/a': 'two' });
    await addPath(repo, 'data');
    write(root, { 'data/a': 'one' });
    const third = await addPath(repo, 'data');
    expect(third).toMatchObject({ version: 3, isNew: true, newBytes: 0 });
    expect(third.id.toString()).toBe(first.id.toString());
  });

  test('a dry run says what would be, and changes nothing', async () => {
    const { repo, root } = await openRepository();
    write(root, { 'data/a': lines(300_000) });
    const { versions, storedBytes } = await add(repo, { paths: ['data'], dryRun: true });
    expect(versions).toMatchObject([{ version: 1, isNew: true, newBytes: 300_000 }]);
    expect(storedBytes).toBe(0);
    expect(await nameChanges(repo)).toEqual([]);
    expect((await readLock(repo.workspace)).size).toBe(0);
    expect((await addPath(repo, 'data')).id.toString()).toBe(versions[0]?.id.toString());
  });

  test('the same files give the same ID in any store, in any order', async () => {
    const ids: string[] = [];
    for (const order of [
      ['x', 'y/z', 'y!'],
      ['y!', 'y/z', 'x'],
    ]) {
      const { repo, root } = await openRepository();
      for (const path of order) {
        write(root, { [`d/${path}`]: `content of ${path}` });
        ids.push((await addPath(repo, 'd')).id.toString());
      }
    }
    expect(ids[2]).toBe(ids[5]);
  });

  test('what status has read is stored all the same: its digest is known, its bytes are not', async () => {
    const { repo, root } = await openRepository();
    write(root, { 'data/a': 'one', 'data/b': 'same' });
    await addPath(repo, 'data');
    write(root, { 'data/a': lines(300_000, 1), 'data/c': lines(5_000_000, 2) });
    await sleep(60); // until the stat cache believes what it sees
    await status(repo);
    expect(await addPath(repo, 'data')).toMatchObject({ version: 2, newBytes: 5_300_000 });
    expect(await problems(repo)).toEqual([]);
  });

  test('an edit of the same size within one tick of the clock is not missed', async () => {
    const { repo, root } = await openRepository();
    const path = join(root, 'data/a');
    write(root, { 'data/a': 'edit 00' });
    await addPath(repo, 'data');
    for (let edit = 1; edit <= 8; edit++) {
      const { atime, mtime } = statSync(path);
      const content = `edit 0${edit}`;
      writeFileSync(path, content);
      utimesSync(path, atime, mtime);
      const modified = (await status(repo)).tracked[0]?.diff.modified ?? [];
      expect(Array.from(modified, ({ path }) => path)).toEqual(['a']);
      if (edit % 2 === 0) continue; // status alone must not make it forget, either
      expect(await addPath(repo, 'data')).toMatchObject({ isNew: true });
      const [row] = await all(list(repo, 'data'));
      expect(row?.id).toBe(contentId(Buffer.from(content)).toString());
    }
  });
});

describe('what add refuses, names unmoved and nothing left behind', () => {
  test.each([
    ['a path out of the workspace', '../data', 'E_PATH'],
    ['an absolute path', '/etc', 'E_PATH'],
    ['the store itself', '.dvs', 'E_PATH_RESERVED'],
    ['a disguise of it', '.DVS/x', 'E_PATH_RESERVED'],
    ['a folder that holds a link out of it', 'leaving', 'E_SYMLINK'],
    ['a folder that holds an absolute link', 'absolute', 'E_SYMLINK'],
    ['a path beneath a link', 'link/a', 'E_SYMLINK'],
    ['a path that is a link', 'link', 'E_SYMLINK'],
    ['a name that no dataset may hold', 'control', 'E_PATH'],
    ['a disguise of a reserved name', 'disguised', 'E_PATH_RESERVED'],
  ])('%s', async (_, path, code) => {
    const { repo, root } = await openRepository();
    write(root, {
      'data/a': 'one',
      'leaving/l': { link: '../data/a' },
      'absolute/l': { link: '/etc/passwd' },
      link: { link: 'data' },
      'control/a\u0001b': 'x',
      'disguised/.GIT/config': 'x',
    });
    await addPath(repo, 'data');
    expect(await codeOf(() => add(repo, { paths: ['data', path] }))).toBe(code);
    expect(await nameChanges(repo)).toHaveLength(1);
    expect([...(await readLock(repo.workspace)).keys()]).toEqual(['data']);
    expect(leftovers(root)).toEqual([]);
  });

  test('what does not exist', async () => {
    const { repo } = await openRepository();
    expect(['E_NOT_FOUND', 'E_IO']).toContain(await codeOf(() => add(repo, { paths: ['nothing'] })));
  });

  test('an unreadable file, by its path', async ({ skip }) => {
    skip(process.getuid?.() === 0, 'root reads everything');
    const { repo, root } = await openRepository();
    write(root, { 'data/a': 'one', 'data/secret': 'two' });
    chmodSync(join(root, 'data/secret'), 0);
    const error = await failure(() => addPath(repo, 'data'));
    expect(error).toMatchObject({ code: 'E_ACCESS', about: [expect.stringContaining('secret')] });
  });

  test('two paths that would share a name', async () => {
    const { repo, root } = await openRepository();
    write(root, { 'a/data/x': '1', 'b/data/x': '2' });
    expect(await codeOf(() => add(repo, { paths: ['a/data', 'b/data'] }))).toBe('E_USAGE');
    await addPath(repo, 'a/data');
    expect(await codeOf(() => add(repo, { paths: ['b/data'] }))).toBe('E_USAGE');
    expect(await nameChanges(repo)).toHaveLength(1);
  });
});

test('the lock is left alone by an add that fails', async () => {
  const { repo, root } = await openRepository();
  write(root, { 'data/a': 'one' });
  await addPath(repo, 'data');
  const before = readFileSync(repo.workspace.lockPath, 'utf8');
  write(root, { 'data/a': 'two', 'data/out': { link: '../../elsewhere' } });
  expect(await codeOf(() => addPath(repo, 'data'))).toBe('E_SYMLINK');
  expect(readFileSync(repo.workspace.lockPath, 'utf8')).toBe(before);
});
