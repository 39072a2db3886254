import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type CheckedOut, type CheckoutOptions, checkout } from '#src/flows/checkout.js';
import type { Repository } from '#src/flows/repository.js';
import { status } from '#src/flows/status.js';
import { readLock } from '#src/workspace/lock.js';
import { lines, noise } from '../support/bytes.js';
import { codeOf, failure } from '../support/errors.js';
import { addPath, type Files, leftovers, openRepository, read, write } from '../support/repository.js';
import { tempDir } from '../support/tmp.js';

/** `dvs checkout` from the workspace's root, which must leave nothing unfinished behind. */
async function get(repo: Repository, options: Omit<CheckoutOptions, 'cwd'> = {}) {
  const { root } = repo.workspace;
  try {
    return await checkout(repo, { cwd: root, ...options });
  } finally {
    expect(leftovers(root)).toEqual([]);
  }
}

/** A workspace in which `data` had these versions; the last is on disk. */
async function withVersions(...versions: readonly Files[]) {
  const opened = await openRepository();
  const data = join(opened.root, 'data');
  for (const files of versions) {
    rmSync(data, { recursive: true, force: true });
    write(data, files);
    await addPath(opened.repo, 'data');
  }
  return { ...opened, data };
}

const leftOf = (result: CheckedOut | undefined): string[] => [...(result?.left ?? [])];

describe('checkout', () => {
  test('brings exactly those bytes, whatever their size, to a new folder', async () => {
    const files = {
      empty: '',
      'deep/er/text': lines(300_000),
      'deep/large': noise(9_000_000, 3),
      'deep/zeros': Buffer.alloc(5_000_000),
      link: { link: 'deep/er' },
      'ünï/日本': 'text',
    };
    const { repo, data } = await withVersions(files);
    const dest = join(await tempDir(), 'a', 'b');
    const [result] = await get(repo, { reference: 'data', dest });
    expect(result).toMatchObject({ written: 6, removed: 0, unchanged: 0, bytes: 14_300_004 });
    expect(read(dest)).toEqual(read(data));
    expect(existsSync(join(dest, '.dvs'))).toBe(false);
  });

  test('goes back to a version of a tracked path, and touches only what differs', async () => {
    const v1 = { same: 'same', changed: 'old', gone: 'was here', 'folder/x': 'x' };
    const { repo, root, data } = await withVersions(v1, { same: 'same', changed: 'new', added: 'added' });
    const before = lstatSync(join(data, 'same'), { bigint: true });
    const [result] = await get(repo, { reference: 'data:v1' });
    expect(result).toMatchObject({ version: 1, written: 3, removed: 1, unchanged: 1 });
    expect(leftOf(result)).toEqual([]);
    expect(read(data)).toEqual(v1);
    expect(lstatSync(join(data, 'same'), { bigint: true }).ctimeNs).toBe(before.ctimeNs);
    expect((await readLock(repo.workspace)).get('data')?.id.toString()).toBe(result?.id.toString());
    expect(existsSync(join(root, 'data'))).toBe(true);
  });

  test('is clean right afterwards without reading any file', async () => {
    const { repo, events } = await withVersions({ a: 'one', b: lines(10_000) }, { a: 'two' });
    await get(repo, { reference: 'data:v1' });
    events.length = 0;
    expect(await status(repo)).toMatchObject({ clean: true, tracked: [{ state: 'clean', version: 1 }] });
    expect(events.filter(({ phase }) => phase === 'reading')).toEqual([]);
    expect(await status(repo, { rehash: true })).toMatchObject({ clean: true });
  });

  test('without arguments brings every tracked path to its recorded ID', async () => {
    const { repo, root } = await openRepository();
    write(root, { 'data/a': '1', 'other/b': '2', 'single.txt': '3' });
    for (const path of ['data', 'other', 'single.txt']) await addPath(repo, path);
    rmSync(join(root, 'data'), { recursive: true });
    rmSync(join(root, 'single.txt'));
    const results = await get(repo);
    expect(results.map(({ tracked, written }) => [tracked, written])).toEqual([
      ['data', 1],
      ['other', 0],
      ['single.txt', 1],
    ]);
    expect(read(root)).toMatchObject({ 'data/a': '1', 'other/b': '2', 'single.txt': '3' });
  });

  test('a tracked single file keeps to itself', async () => {
    const { repo, root } = await openRepository();
    write(root, { 'model.bin': 'v1', 'neighbour.txt': 'mine' });
    await addPath(repo, 'model.bin');
    write(root, { 'model.bin': 'v2' });
    await addPath(repo, 'model.bin');
    const [result] = await get(repo, { reference: 'model.bin:v1' });
    expect(result).toMatchObject({ written: 1, removed: 0 });
    expect(leftOf(result)).toEqual([]);
    expect(read(root)).toMatchObject({ 'model.bin': 'v1', 'neighbour.txt': 'mine' });
    expect((await status(repo)).clean).toBe(true);
  });

  test.each([
    ['a folder of the dataset', { reference: 'data/deep' }, { x: '1', 'er/y': '2' }],
    ['a file of the dataset, under the name given', { reference: 'data/deep/x' }, '1'],
    ['paths', { reference: 'data', patterns: ['deep/er', 'top'] }, { 'deep/er/y': '2', top: '3' }],
    ['globs', { reference: 'data', patterns: ['**/*.csv'] }, { 'deep/z.csv': '4' }],
  ])('brings only %s', async (_, options, expected) => {
    const { repo } = await withVersions({ 'deep/x': '1', 'deep/er/y': '2', top: '3', 'deep/z.csv': '4' });
    const dest = join(await tempDir(), 'dest');
    const { 'deep/z.csv': _z, ...rest } = { 'deep/z.csv': '4' };
    await get(repo, { ...options, dest });
    if (typeof expected === 'string') expect(readFileSync(dest, 'utf8')).toBe(expected);
    else expect(read(dest)).toMatchObject({ ...rest, ...expected });
  });

  test('a part of a version leaves the rest and the lock as they are', async () => {
    const { repo, data } = await withVersions({ a: 'old', b: 'old' }, { a: 'new', b: 'new', c: 'new' });
    const lock = readFileSync(repo.workspace.lockPath, 'utf8');
    await get(repo, { reference: 'data:v1', patterns: ['a'] });
    expect(read(data)).toEqual({ a: 'old', b: 'new', c: 'new' });
    expect(readFileSync(repo.workspace.lockPath, 'utf8')).toBe(lock);
    const modified = (await status(repo)).tracked[0]?.diff.modified ?? [];
    expect([...modified]).toMatchObject([{ path: 'a' }]);
  });

  test('a dry run counts and changes nothing', async () => {
    const { repo, data } = await withVersions({ a: 'old' }, { a: 'new', b: 'new' });
    const [result] = await get(repo, { reference: 'data:v1', dryRun: true });
    expect(result).toMatchObject({ written: 1, removed: 1 });
    expect(read(data)).toEqual({ a: 'new', b: 'new' });
  });

  const file = { x: 'a file' };
  const folder = { 'x/y/z': 'in a folder', 'x/w': 'too' };
  const link = { x: { link: 'other' }, other: 'other' };
  test.each([
    ['file', 'folder', file, folder],
    ['folder', 'file', folder, file],
    ['file', 'link', file, link],
    ['link', 'file', link, file],
    ['folder', 'link', folder, link],
    ['link', 'folder', link, folder],
  ])('a %s becomes a %s', async (_from, _to, now, then) => {
    const { repo, data } = await withVersions(then, now);
    await get(repo, { reference: 'data:v1' });
    expect(read(data)).toEqual(then);
  });

  test('a file takes the place of folders in which nothing is', async () => {
    const { repo, data } = await withVersions(file);
    rmSync(join(data, 'x'));
    mkdirSync(join(data, 'x/empty/inner'), { recursive: true });
    await get(repo);
    expect(read(data)).toEqual(file);
  });

  test('goes on where it was stopped: what is there already is not written again', async () => {
    const { repo, data } = await withVersions({ a: '1', b: '2', c: '3' });
    rmSync(data, { recursive: true });
    write(data, { a: '1' }); // as if killed after the first file
    expect((await get(repo))[0]).toMatchObject({ written: 2, unchanged: 1 });
    expect((await get(repo))[0]).toMatchObject({ written: 0, unchanged: 3 });
  });
});

describe('what was never added', () => {
  test('is not overwritten: E_UNSAFE lists it and nothing changes', async () => {
    const { repo, data } = await withVersions({ a: 'old', b: 'old' }, { a: 'new', b: 'new' });
    write(data, { a: 'precious', b: 'precious too', c: 'extra' });
    const error = await failure(() => get(repo, { reference: 'data:v1' }));
    expect(error).toMatchObject({ code: 'E_UNSAFE', about: ['a', 'b'] });
    expect(read(data)).toEqual({ a: 'precious', b: 'precious too', c: 'extra' });
    expect((await status(repo)).tracked[0]?.version).toBe(2);
  });

  test('is not removed, either, and said to be left', async () => {
    const { repo, data } = await withVersions({ a: 'old' }, { a: 'new', stored: 'in the store' });
    write(data, { 'notes/mine': 'never added' });
    const [result] = await get(repo, { reference: 'data:v1' });
    expect(result).toMatchObject({ removed: 1 });
    expect(leftOf(result)).toEqual(['notes/mine']);
    expect(read(data)).toEqual({ a: 'old', 'notes/mine': 'never added' });
  });

  test('goes with --force, when it is in the way', async () => {
    const { repo, data } = await withVersions({ a: 'old', 'x/y': 'old' });
    write(data, { a: 'precious', stranger: 'stays' });
    rmSync(join(data, 'x'), { recursive: true });
    write(data, { x: 'in the way of a folder' });
    expect(await failure(() => get(repo))).toMatchObject({ code: 'E_UNSAFE', about: ['a', 'x'] });
    await get(repo, { force: true });
    expect(read(data)).toEqual({ a: 'old', 'x/y': 'old', stranger: 'stays' });
  });

  test.each([
    ['a file in a folder that must become a file', { x: 'file' }, { 'x/mine': 'never added' }],
    ['a file that must become a folder', { 'x/y': 'file' }, { x: 'never added' }],
    ['a link', { x: 'file' }, { x: { link: 'elsewhere' } }],
  ])('%s', async (_, recorded, present) => {
    const { repo, data } = await withVersions(recorded);
    rmSync(data, { recursive: true });
    write(data, present);
    expect(await codeOf(() => get(repo))).toBe('E_UNSAFE');
    expect(read(data)).toEqual(present);
    await get(repo, { force: true });
    expect(read(data)).toEqual(recorded);
  });

  test('a folder that versioning passes by is not removed for a file, --force or not', async () => {
    const { repo, data } = await withVersions({ x: 'file' });
    rmSync(data, { recursive: true });
    write(data, { 'x/.git/config': 'a repository' });
    for (const force of [false, true]) expect(await codeOf(() => get(repo, { force }))).toBe('E_UNSAFE');
    expect(readFileSync(join(data, 'x/.git/config'), 'utf8')).toBe('a repository');
  });
});

describe('nothing is written outside of the target', () => {
  test.each([
    ['a folder within it is a link', 'x'],
    ['the parent of a folder within it is a link', 'x/deep/er'],
  ])('when %s', async (_, path) => {
    const { repo, data } = await withVersions({ [`${path}/file`]: 'data' });
    const outside = await tempDir();
    rmSync(data, { recursive: true });
    mkdirSync(data);
    symlinkSync(outside, join(data, 'x'));
    for (const force of [false, true]) {
      expect(['E_SYMLINK', 'E_UNSAFE']).toContain(await codeOf(() => get(repo, { force })));
      expect(read(outside)).toEqual({});
    }
  });

  test('nor through a link that stays inside: what it leads to is another path', async () => {
    const { repo, data } = await withVersions({ 'x/file': 'data', 'y/mine': 'data' });
    rmSync(join(data, 'x'), { recursive: true });
    symlinkSync('y', join(data, 'x'));
    for (const force of [false, true]) {
      const options = { reference: 'data', patterns: ['x/file'], force };
      expect(await codeOf(() => get(repo, options))).toBe('E_SYMLINK');
      expect(read(data)).toEqual({ x: { link: 'y' }, 'y/mine': 'data' });
    }
  });

  test('when the tracked path itself is a link', async () => {
    const { repo, data } = await withVersions({ file: 'data' });
    const outside = await tempDir();
    rmSync(data, { recursive: true });
    symlinkSync(outside, data);
    expect(await codeOf(() => get(repo, { force: true }))).toBe('E_SYMLINK');
    expect(read(outside)).toEqual({});
  });

  test.each(['link', 'dangling'])('when the destination is a %s', async (name) => {
    const { repo } = await withVersions({ file: 'data' });
    const outside = await tempDir();
    const folder = await tempDir();
    mkdirSync(join(outside, 'there'));
    symlinkSync(join(outside, 'there'), join(folder, 'link'));
    symlinkSync(join(outside, 'nowhere'), join(folder, 'dangling'));
    const dest = join(folder, name);
    expect(await codeOf(() => get(repo, { reference: 'data', dest }))).toBe('E_SYMLINK');
    expect(read(outside)).toEqual({ there: undefined });
  });
});

describe('destinations', () => {
  test.each([
    ['the workspace', '.', 'E_UNSAFE'],
    ['a folder above it', '..', 'E_UNSAFE'],
    ['the store', '.dvs', 'E_UNSAFE'],
    ['a folder in the store', '.dvs/packs', 'E_UNSAFE'],
    ['a folder that holds a tracked path', 'holder', 'E_UNSAFE'],
    ['beneath a file', 'file/x', 'E_'],
    ['a file, for a folder', 'file', 'E_'],
  ])('%s is refused', async (_, dest, code) => {
    const { repo, root } = await withVersions({ a: 'data' });
    write(root, { 'holder/tracked/x': 'x', file: 'mine' });
    await addPath(repo, 'holder/tracked');
    const before = read(root);
    expect(await codeOf(() => get(repo, { reference: 'data', dest: join(root, dest) }))).toContain(code);
    expect(read(root)).toEqual(before);
  });

  test.each([
    ['nothing of that name', 'nothing', 'E_NOT_FOUND'],
    ['no such version', 'data:v9', 'E_NOT_FOUND'],
    ['no such path', 'data/nothing', 'E_NOT_FOUND'],
    ['an unknown ID', 'bafyreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku', 'E_NOT_FOUND'],
  ])('%s: nothing is made', async (_, reference, code) => {
    const { repo, root } = await withVersions({ a: 'data' });
    expect(await codeOf(() => get(repo, { reference, dest: join(root, 'new') }))).toBe(code);
    expect(existsSync(join(root, 'new'))).toBe(false);
  });

  test('a second checkout to the same place elsewhere switches versions', async () => {
    const { repo } = await withVersions({ a: 'old', b: 'old' }, { a: 'new' });
    const dest = join(await tempDir(), 'dest');
    await get(repo, { reference: 'data:v1', dest });
    await get(repo, { reference: 'data:v2', dest });
    expect(read(dest)).toEqual({ a: 'new' });
  });
});
