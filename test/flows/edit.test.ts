import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkout } from '#src/flows/checkout.js';
import { log } from '#src/flows/log.js';
import { move } from '#src/flows/move.js';
import { put } from '#src/flows/put.js';
import { findId } from '#src/flows/references.js';
import { relocate } from '#src/flows/relocate.js';
import { remove } from '#src/flows/remove.js';
import type { Repository } from '#src/flows/repository.js';
import { show } from '#src/flows/show.js';
import { status } from '#src/flows/status.js';
import { untrack } from '#src/flows/untrack.js';
import { readLock } from '#src/workspace/lock.js';
import { noteMerged } from '#src/workspace/merged.js';
import { datasetId } from '../support/dataset-id.js';
import { failure } from '../support/errors.js';
import { addPath, all, leftovers, openRepository, problems, read, write } from '../support/repository.js';

const FILES = { 'labels.csv': 'cat\n', 'train/0': 'zero', 'train/1': 'one', 'val/0': 'other' };

/** A workspace with `data` as data:v1, and a folder of more files beside it. */
async function workspace() {
  const opened = await openRepository();
  const data = join(opened.root, 'data');
  const more = join(opened.root, 'more');
  write(data, FILES);
  write(more, { '2': 'two', 'deep/3': 'three' });
  await addPath(opened.repo, 'data');
  return { ...opened, data, more };
}

async function state(repo: Repository): Promise<string | undefined> {
  return (await status(repo)).tracked[0]?.state;
}

describe('put', () => {
  test('makes the version that add makes of the same files, and the tracked path follows', async () => {
    const { repo, data, more } = await workspace();
    const edited = await put(repo, {
      sources: [join(more, '2'), join(more, 'deep')],
      destination: 'data/train/',
    });
    const files = { ...FILES, 'train/2': 'two', 'train/deep/3': 'three' };
    expect(edited).toMatchObject({ version: 2, isNew: true, files: 6, tracked: 'data', left: undefined });
    expect(edited.id.toString()).toBe(await datasetId(files));
    expect(read(data)).toEqual(files);
    expect(await state(repo)).toBe('clean');
    expect(await problems(repo)).toEqual([]);
    expect(leftovers(repo.workspace.root)).toEqual([]);
  });

  test('goes on, when it is repeated, where it was stopped between the version and the files', async () => {
    const { repo, data, more } = await workspace();
    const what = { sources: [join(more, '2')], destination: 'data/train/2' };
    await put(repo, what);
    // As a kill leaves it: dvs.lock has the version, and the file is not there yet.
    rmSync(join(data, 'train', '2'));
    await noteMerged(repo.workspace, [...(await readLock(repo.workspace)).values()]);
    expect(await put(repo, what)).toMatchObject({ version: 2, isNew: false, tracked: 'data' });
    expect(read(data)).toEqual({ ...FILES, 'train/2': 'two' });
    expect(await state(repo)).toBe('clean');
  });

  test('replaces a file, goes into a folder that is there, or takes the name that is written', async () => {
    const { repo, data, more } = await workspace();
    await put(repo, { sources: [join(more, '2')], destination: 'data/train/0' });
    await put(repo, { sources: [join(more, '2')], destination: 'data/val' });
    await put(repo, { sources: [join(more, 'deep')], destination: 'data/test' });
    await put(repo, { sources: [join(more, 'deep')], destination: 'data/test' });
    await put(repo, { sources: [join(more, '2')], destination: 'data' });
    expect(read(data)).toEqual({
      ...FILES,
      'train/0': 'two',
      'val/2': 'two',
      'test/3': 'three',
      'test/deep/3': 'three',
      '2': 'two',
    });
  });

  test('needs nothing on disk, and brings nothing there', async () => {
    const { repo, root, data, more } = await workspace();
    rmSync(data, { recursive: true });
    const { id, left } = await put(repo, { sources: [join(more, '2')], destination: 'data/train/2' });
    expect(left).toBeUndefined();
    expect(await state(repo)).toBe('absent');
    await checkout(repo, { cwd: root, reference: 'data', patterns: ['val'] });
    await put(repo, { sources: [join(more, '2')], destination: 'data/train/3' });
    expect(Object.keys(read(data))).toEqual(['val/0']);
    expect(await state(repo)).toBe('clean');
    expect((await readLock(repo.workspace)).get('data')?.id.equals(id)).toBe(false);
  });

  test('leaves files on disk alone that were never added, and says so', async () => {
    const { repo, root, data, more } = await workspace();
    writeFileSync(join(data, 'train/0'), 'never added');
    const edited = await put(repo, { sources: [join(more, '2')], destination: 'data/train/0' });
    expect(edited.left).toContain('train/0');
    expect(read(data)).toMatchObject({ 'train/0': 'never added' });
    expect(await state(repo)).toBe('modified');
    expect((await findId(repo, 'data')).equals(edited.id)).toBe(true);
    // An add would take the edit back, as long as its files are not here.
    expect(await failure(() => addPath(repo, 'data'))).toMatchObject({ code: 'E_UNSAFE' });
    await checkout(repo, { cwd: root, force: true });
    expect((await addPath(repo, 'data')).isNew).toBe(false);
  });

  test('writes nothing in a dry run, and makes no version of what is there already', async () => {
    const { repo, data, more } = await workspace();
    const before = await findId(repo, 'data');
    const dry = await put(repo, { sources: [more], destination: 'data/', dryRun: true });
    expect(dry).toMatchObject({ version: 2, isNew: true, storedBytes: 0, files: 6 });
    const same = await put(repo, { sources: [join(data, 'train/0')], destination: 'data/train/' });
    expect(same).toMatchObject({ version: 1, isNew: false });
    expect((await findId(repo, 'data:latest')).equals(before)).toBe(true);
  });

  test.each([
    ['a file as a folder', 'data/labels.csv/x', 'E_PATH'],
    ['a place outside', 'data/../x', 'E_PATH'],
    ['a reserved place', 'data/.git/hooks/', 'E_PATH_RESERVED'],
    ['an unknown dataset', 'dada/x', 'E_NOT_FOUND'],
  ])('refuses %s', async (_, destination, code) => {
    const { repo, more } = await workspace();
    const error = await failure(() => put(repo, { sources: [join(more, '2')], destination }));
    expect(error).toMatchObject({ code });
    expect(await all(log(repo))).toHaveLength(1);
  });

  test('refuses several files for what is no folder, twice the same name, a link, and nothing', async () => {
    const { repo, root, more } = await workspace();
    symlinkSync('2', join(more, 'link'));
    mkdirSync(join(root, 'again'));
    writeFileSync(join(root, 'again/2'), 'again');
    const refused = async (sources: string[], destination: string): Promise<string> =>
      (await failure(() => put(repo, { sources, destination }))).code;
    expect(await refused([join(more, '2'), join(more, 'deep')], 'data/new')).toBe('E_USAGE');
    expect(await refused([join(more, '2'), join(root, 'again/2')], 'data/')).toBe('E_USAGE');
    expect(await refused([join(more, 'link')], 'data/')).toBe('E_SYMLINK');
    expect(await refused([join(more, 'no')], 'data/')).toBe('E_NOT_FOUND');
    expect(await refused([], 'data/')).toBe('E_USAGE');
  });
});

describe('an edit', () => {
  test('of what is no longer the latest version is a conflict', async () => {
    const { repo, root, data, more } = await workspace();
    writeFileSync(join(data, 'train/0'), 'ZERO');
    await addPath(repo, 'data');
    await checkout(repo, { cwd: root, reference: 'data:v1' });
    const act = (destination: string) => put(repo, { sources: [join(more, '2')], destination });
    expect(await failure(() => act('data/x'))).toMatchObject({ code: 'E_CONFLICT' });
    expect(await act('data:latest/x')).toMatchObject({ version: 3, tracked: undefined });
    expect(await state(repo)).toBe('clean');
  });

  test('has a run that says from what it was made', async () => {
    const { repo, more } = await workspace();
    const before = await findId(repo, 'data');
    await put(repo, { sources: [more], destination: 'data/', message: 'more of it' });
    const [madeBy] = (await show(repo, 'data')).madeBy;
    const { entity } = await show(repo, String(madeBy));
    expect(entity?.links.map(({ role, id }) => [role, id.toString()])).toContainEqual([
      'inputs/base',
      before.toString(),
    ]);
    const [last] = await all(log(repo, 'data'));
    expect(last).toMatchObject({ version: 2, message: 'more of it' });
  });
});

describe('rm', () => {
  test('removes files, globs, and folders when told so', async () => {
    const { repo, data } = await workspace();
    await remove(repo, { references: ['data/train/*', 'data/labels.csv'] });
    expect(read(data)).toEqual({ 'val/0': 'other', train: undefined });
    expect(await failure(() => remove(repo, { references: ['data/val'] }))).toMatchObject({
      code: 'E_USAGE',
    });
    const { files, id } = await remove(repo, { references: ['data/val'], recursive: true });
    expect(files).toBe(0);
    expect((await findId(repo, 'data')).equals(id)).toBe(true);
  });

  test('takes a glob for files alone unless told so', async () => {
    const { repo, data } = await workspace();
    await remove(repo, { references: ['data/*'] });
    expect(read(data)).toEqual({ 'train/0': 'zero', 'train/1': 'one', 'val/0': 'other' });
    const folders = { references: ['data/t*'] };
    expect(await failure(() => remove(repo, folders))).toMatchObject({ code: 'E_USAGE' });
    await remove(repo, { ...folders, recursive: true });
    expect(read(data)).toMatchObject({ 'val/0': 'other' });
  });

  test('says which files stay because they were never added', async () => {
    const { repo, data } = await workspace();
    writeFileSync(join(data, 'train/0'), 'mine');
    const { left } = await remove(repo, { references: ['data/train/0'] });
    expect(left).toContain('train/0');
    expect(read(data)).toMatchObject({ 'train/0': 'mine' });
  });

  test('names what comes near a path that is not there', async () => {
    const { repo } = await workspace();
    const error = await failure(() => remove(repo, { references: ['data/train/O'] }));
    expect(error).toMatchObject({ code: 'E_NOT_FOUND', hint: expect.stringContaining('data/train/0') });
    const whole = await failure(() => remove(repo, { references: ['data'] }));
    expect(whole.hint).toContain('dvs untrack data');
  });
});

describe('mv', () => {
  test('renames files and folders, and stores nothing again', async () => {
    const { repo, data } = await workspace();
    const first = await move(repo, { from: 'data/train', to: 'data/a/b' });
    expect(first.diff.renamed.length).toBe(2);
    expect(first.newBytes).toBe(0);
    await move(repo, { from: 'data/labels.csv', to: 'data/a/' });
    const files = { 'a/b/0': 'zero', 'a/b/1': 'one', 'a/labels.csv': 'cat\n', 'val/0': 'other' };
    const { id } = await move(repo, { from: 'data/val/0', to: 'data/a/0' });
    const { 'val/0': moved, ...rest } = files;
    expect(id.toString()).toBe(await datasetId({ ...rest, 'a/0': moved }));
    expect(Object.keys(read(data)).filter((path) => path.startsWith('a')).length).toBe(4);
    expect(await state(repo)).toBe('clean');
  });

  test('replaces a file only when told so', async () => {
    const { repo } = await workspace();
    const options = { from: 'data/train/0', to: 'data/train/1' };
    expect(await failure(() => move(repo, options))).toMatchObject({ code: 'E_EXISTS' });
    expect(await move(repo, { ...options, force: true })).toMatchObject({ files: 3 });
    const inside = { from: 'data/train', to: 'data/train/x' };
    expect(await failure(() => move(repo, inside))).toMatchObject({ code: 'E_USAGE' });
  });

  test('is what removing and putting would be, for any names', async () => {
    const path: fc.Arbitrary<string> = fc.constantFrom('a', 'a-b', 'a/x', 'b', 'b/c', 'b/c/d', 'b0', 'z');
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(path, { minLength: 1 }), path, path, async (paths, from, to) => {
        const flat = paths.filter((one) => !paths.some((other) => other.startsWith(`${one}/`)));
        const files = Object.fromEntries(flat.map((one) => [one, `content of ${one}`]));
        const { repo, root } = await openRepository();
        write(join(root, 'data'), files);
        await addPath(repo, 'data');
        rmSync(join(root, 'data'), { recursive: true });
        const isThere = (place: string): boolean =>
          flat.some((one) => one === place || one.startsWith(`${place}/`));
        const isFolder = flat.some((one) => one.startsWith(`${to}/`));
        const target = isFolder ? `${to}/${from.split('/').at(-1)}` : to;
        const result: Record<string, string> = {};
        for (const [one, content] of Object.entries(files)) {
          const isMoved = one === from || one.startsWith(`${from}/`);
          result[isMoved ? target + one.slice(from.length) : one] = content;
        }
        const keys = Object.keys(result);
        const fits = !keys.some((one) => keys.some((other) => other.startsWith(`${one}/`)));
        const isRefused =
          !isThere(from) || target === from || target.startsWith(`${from}/`) || flat.includes(target);
        if (isRefused || !fits) await failure(() => move(repo, { from: `data/${from}`, to: `data/${to}` }));
        else {
          const { id } = await move(repo, { from: `data/${from}`, to: `data/${to}` });
          expect(id.toString()).toBe(await datasetId(result));
        }
      }),
      { numRuns: 15 },
    );
  });
});

describe('a tracked path', () => {
  test('is moved with its lock, its part and its line in .gitignore', async () => {
    const { repo, root, data } = await workspace();
    mkdirSync(join(root, '.git'));
    rmSync(data, { recursive: true });
    await checkout(repo, { cwd: root, reference: 'data', patterns: ['train'] });
    await relocate(repo, { from: 'data', to: 'raw/pictures' });
    expect(read(join(root, 'raw/pictures'))).toEqual({ 'train/0': 'zero', 'train/1': 'one' });
    const [tracked] = (await status(repo)).tracked;
    expect(tracked).toMatchObject({ path: 'raw/pictures', name: 'data', state: 'clean' });
    expect(tracked?.partial).toEqual(['.dvsignore', 'train']);
    expect(read(root)).toMatchObject({ '.gitignore': '/raw/pictures\n' });
  });

  test('is found where somebody moved it, and is not moved onto something', async () => {
    const { repo, root } = await workspace();
    expect(await failure(() => relocate(repo, { from: 'data', to: 'more' }))).toMatchObject({
      code: 'E_EXISTS',
    });
    expect(await failure(() => relocate(repo, { from: 'data', to: 'data/x' }))).toMatchObject({
      code: 'E_USAGE',
    });
    rmSync(join(root, 'more'), { recursive: true });
    rmSync(join(root, 'data'), { recursive: true });
    expect(await failure(() => relocate(repo, { from: 'data', to: 'more' }))).toMatchObject({
      code: 'E_NOT_FOUND',
    });
    write(join(root, 'more'), FILES);
    expect(await relocate(repo, { from: 'data', to: 'more' })).toMatchObject({ isMoved: false });
    expect(await state(repo)).toBe('clean');
  });

  test('is tracked no longer, with its files and versions where they were', async () => {
    const { repo, root, data } = await workspace();
    write(root, { '.git/HEAD': '', '.gitignore': 'mine\r\n/data\n/data/x\n' });
    await untrack(repo, { paths: ['data'] });
    expect((await status(repo)).tracked).toEqual([]);
    expect(read(data)).toEqual(FILES);
    expect(read(root)).toMatchObject({ '.gitignore': 'mine\r\n/data/x\n' });
    expect(await all(log(repo, 'data'))).toHaveLength(1);
    expect(await failure(() => untrack(repo, { paths: ['data'] }))).toMatchObject({ code: 'E_NOT_FOUND' });
  });
});
