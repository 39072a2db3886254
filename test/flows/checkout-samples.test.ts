import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { type CheckoutOptions, checkout } from '#src/flows/checkout.js';
import type { Repository } from '#src/flows/repository.js';
import { recordSamples } from '#src/flows/samples.js';
import { type SplitOptions, split } from '#src/flows/split.js';
import { codeOf, failure } from '../support/errors.js';
import { addPath, type Files, leftovers, openRepository, read, write } from '../support/repository.js';
import { listed, numbers, printed, table } from '../support/samples.js';

const PARTS = [
  { name: 'train', weight: 2 },
  { name: 'test', weight: 1 },
];

/** A dataset of these files that is split as `s`, and a place beside it. */
async function withSplit(
  files: Files,
  options: Partial<SplitOptions> = {},
): Promise<{ repo: Repository; root: string; dest: string }> {
  const { repo, root } = await openRepository();
  write(join(root, 'data'), files);
  await addPath(repo, 'data');
  await split(repo, { reference: 'data', parts: PARTS, seed: '1', name: 's', ...options });
  return { repo, root, dest: join(root, 'out') };
}

function bring(repo: Repository, reference: string, options: Partial<CheckoutOptions> = {}) {
  return checkout(repo, { reference, cwd: repo.workspace.root, ...options });
}

const ROWS: Files = { 'a.csv': table(40), 'deep/er/b.csv': table(25, 40), 'notes.md': 'not a row' };

describe('a part that is rows', () => {
  test('is checked out as files of just those rows, in order, each in its format', async () => {
    const { repo, dest } = await withSplit(ROWS);
    for (const part of ['s/train', 's/test']) {
      const to = join(dest, part);
      const [result] = await bring(repo, part, { dest: to });
      const found = read(to);
      expect(Object.keys(found).sort()).toEqual(['a.csv', 'deep/er/b.csv']);
      expect(result).toMatchObject({ dest: to, written: 2, removed: 0, tracked: undefined });
      for (const [path, text] of Object.entries(found)) {
        const rows: string[] = [];
        for (const sample of await listed(repo, part)) {
          if (sample.path === path) rows.push(await printed(repo, part, sample.number));
        }
        expect(text).toBe(`id,text,label,group,day\n${rows.join('')}`);
      }
    }
    expect(leftovers(repo.workspace.root)).toEqual([]);
  });

  test('all parts together are the dataset', async () => {
    const line = fc.stringMatching(/^[a-z ",]{1,8}$/).filter((text) => text.trim() !== '');
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { minLength: 1, maxLength: 60 }),
        fc.constantFrom('\n', '\r\n'),
        async (lines, ending) => {
          const text = lines.map((row) => row + ending).join('');
          const { repo, dest } = await withSplit({ 'a.txt': text }, { reader: 'lines' });
          const rows = new Map<number, string>();
          for (const part of ['train', 'test']) {
            const own = await numbers(repo, `s/${part}`);
            await bring(repo, `s/${part}`, { dest: join(dest, part) });
            if (own.length === 0) expect(read(join(dest, part))).toEqual({});
            else {
              const found = readFileSync(join(dest, part, 'a.txt'), 'utf8').split(ending);
              expect(found.pop()).toBe('');
              for (const [i, number] of own.entries()) rows.set(number, found[i] ?? '');
              expect(found.length).toBe(own.length);
            }
          }
          expect(lines.map((_, i) => rows.get(i))).toEqual(lines);
        },
      ),
      { numRuns: 8 },
    );
  });

  test('is samples again, with the keys that it had', async () => {
    const { repo, root } = await withSplit({
      'a.jsonl': Array.from({ length: 50 }, (_, i) => `{"n": ${i}}\n`).join(''),
    });
    await bring(repo, 's/test', { dest: join(root, 'part') });
    await addPath(repo, 'part');
    const { id } = await recordSamples(repo, { reference: 'part' });
    expect((await listed(repo, id.toString())).map(({ key }) => key)).toEqual(
      (await listed(repo, 's/test')).map(({ key }) => key),
    );
  });

  test('of a part, and all of samples', async () => {
    const { repo, dest } = await withSplit(ROWS, { key: 'id' });
    const { id } = await split(repo, { reference: 's/train', method: 'k-fold', folds: 3, seed: '1' });
    await bring(repo, `${id}/fold-1/test`, { dest });
    const keys = Object.values(read(dest)).flatMap((text) =>
      [...String(text).matchAll(/^k\d+/gm)].map(String),
    );
    expect(keys).toEqual((await listed(repo, `${id}/fold-1/test`)).map(({ key }) => key));
    const samples = await recordSamples(repo, { reference: 'data', key: 'id' });
    await bring(repo, samples.id.toString(), { dest: join(dest, 'all') });
    const { 'notes.md': _, ...rows } = ROWS;
    expect(read(join(dest, 'all'))).toEqual(rows);
  });

  test('by patterns only some files, and a dry run none', async () => {
    const { repo, dest } = await withSplit(ROWS);
    expect(await bring(repo, 's/train', { dest, dryRun: true })).toMatchObject([{ written: 2 }]);
    expect(existsSync(dest)).toBe(false);
    await bring(repo, 's/train', { dest, patterns: ['deep'] });
    expect(Object.keys(read(dest))).toEqual(['deep/er/b.csv']);
    expect(await codeOf(() => bring(repo, 's/train', { dest, patterns: ['nothing'] }))).toBe('E_NOT_FOUND');
  });

  test('goes to a folder that is called like it', async () => {
    const { repo, root } = await withSplit(ROWS);
    const [result] = await bring(repo, 's/test');
    expect(result?.dest).toBe(join(root, 'test'));
  });
});

describe('what is in the way is refused, and stays as it is', () => {
  const ways: [string, Files, boolean, string][] = [
    ['a file', { 'deep/er/b.csv': 'mine' }, false, 'E_EXISTS'],
    ['a folder where a file goes', { 'deep/er/b.csv/mine': 'mine' }, false, 'E_EXISTS'],
    ['a folder where a file goes, with force', { 'deep/er/b.csv/mine': 'mine' }, true, 'E_EXISTS'],
    ['a file where a folder goes', { deep: 'mine' }, false, 'E_EXISTS'],
    ['a file where a folder goes, with force', { deep: 'mine' }, true, 'E_EXISTS'],
    [
      'a link where a folder goes',
      { 'elsewhere/mine': 'mine', deep: { link: 'elsewhere' } },
      true,
      'E_SYMLINK',
    ],
    ['a link where a file goes', { 'deep/er/b.csv': { link: '../../mine' } }, true, 'E_SYMLINK'],
    ['a link to nothing', { 'deep/er/b.csv': { link: 'nowhere' } }, false, 'E_SYMLINK'],
  ];
  test.each(ways)('%s', async (_, files, force, code) => {
    const { repo, dest } = await withSplit(ROWS);
    write(dest, files);
    const before = read(dest);
    const error = await failure(() => bring(repo, 's/train', { dest, force }));
    expect(error.code).toBe(code);
    expect(error.message).toContain('deep');
    expect(read(dest)).toEqual(before);
    expect(leftovers(repo.workspace.root)).toEqual([]);
  });

  test('unless it is a file that may be overwritten', async () => {
    const { repo, dest } = await withSplit(ROWS);
    write(dest, { 'deep/er/b.csv': 'mine', 'deep/other': 'stays' });
    await bring(repo, 's/train', { dest, force: true });
    expect(read(dest)['deep/other']).toBe('stays');
    expect(read(dest)['deep/er/b.csv']).toMatch(/^id,text/);
  });

  test('unless it is one of another part, none of whose rows belongs there, and may be removed', async () => {
    const files = { 'a.csv': table(10), 'b.csv': table(10, 10), 'c.md': 'no rows' };
    const { repo, root, dest } = await withSplit(files, {
      method: 'from-column',
      column: 'path:^(.)',
      parts: undefined,
      seed: undefined,
    });
    await bring(repo, 's/a', { dest });
    write(dest, { 'c.md': 'mine' });
    const error = await failure(() => bring(repo, 's/b', { dest }));
    expect([error.code, error.message]).toEqual(['E_EXISTS', expect.stringContaining('a.csv')]);
    expect(Object.keys(read(dest)).sort()).toEqual(['a.csv', 'c.md']);
    expect(await bring(repo, 's/b', { dest, force: true, dryRun: true })).toMatchObject([
      { removed: 1, written: 1 },
    ]);
    const [result] = await bring(repo, 's/b', { dest, force: true });
    expect(result).toMatchObject({ removed: 1, written: 1 });
    expect([...(result?.left ?? [])]).toEqual(['c.md']);
    expect(Object.keys(read(dest)).sort()).toEqual(['b.csv', 'c.md']);
    expect(leftovers(root)).toEqual([]);
  });

  test('or has what would be written, so that what was interrupted goes on', async () => {
    const { repo, dest } = await withSplit(ROWS);
    await bring(repo, 's/train', { dest });
    const whole = read(dest);
    rmSync(join(dest, 'deep'), { recursive: true });
    expect(await bring(repo, 's/train', { dest })).toMatchObject([{ written: 1, unchanged: 1 }]);
    expect(await bring(repo, 's/train', { dest, dryRun: true })).toMatchObject([
      { written: 0, unchanged: 2 },
    ]);
    expect(read(dest)).toEqual(whole);
    const text = String(whole['deep/er/b.csv']);
    for (const other of [text.slice(0, -1), `${text}x`, text.replace(/.$/s, 'x'), '']) {
      write(dest, { 'deep/er/b.csv': other });
      expect(await codeOf(() => bring(repo, 's/train', { dest }))).toBe('E_EXISTS');
      expect(read(dest)['deep/er/b.csv']).toBe(other);
    }
  });

  test('the workspace, what is tracked, and the store', async () => {
    const { repo, root } = await withSplit(ROWS);
    const inside = join(root, 'data', 'deep');
    for (const dest of [root, join(root, 'data'), inside, join(root, '.dvs', 'x'), join(root, '.git', 'x')])
      expect(await codeOf(() => bring(repo, 's/train', { dest }))).toBe('E_UNSAFE');
    write(root, { file: 'mine' });
    expect(await codeOf(() => bring(repo, 's/train', { dest: join(root, 'file') }))).toBe('E_UNSAFE');
  });

  test('for whole files too', async () => {
    const { repo, dest } = await withSplit(
      { 'a/1': 'one', 'a/2': 'two', 'b/1': 'three' },
      { reader: 'files' },
    );
    const [first] = await listed(repo, 's/train');
    write(dest, { [first?.path ?? '']: 'mine' });
    expect(await codeOf(() => bring(repo, 's/train', { dest }))).toBe('E_UNSAFE');
    expect(read(dest)).toEqual({ [first?.path ?? '']: 'mine' });
  });
});

describe('what fails midway leaves nothing at the destination', () => {
  test('when a chunk of the last file cannot be read', async () => {
    const { repo, dest } = await withSplit(ROWS);
    const { objects } = repo.store;
    const pieces = objects.pieces.bind(objects);
    let calls = 0;
    vi.spyOn(objects, 'pieces').mockImplementation((...args) => {
      // What the header and the rows of both files are read by: the last of them.
      if (++calls > 5) throw new Error('gone');
      return pieces(...args);
    });
    await expect(bring(repo, 's/train', { dest })).rejects.toThrow('gone');
    expect(existsSync(dest)).toBe(false);
    expect(leftovers(repo.workspace.root)).toEqual([]);
    vi.restoreAllMocks();
    await bring(repo, 's/train', { dest });
    expect(Object.keys(read(dest)).length).toBe(2);
  });

  test('when the place cannot be written to', async () => {
    const { repo, root } = await withSplit(ROWS);
    write(root, { file: 'mine' });
    expect(await codeOf(() => bring(repo, 's/train', { dest: join(root, 'file', 'out') }))).toBe('E_UNSAFE');
    expect(leftovers(root)).toEqual([]);
  });
});

describe('a part that is whole files', () => {
  const IMAGES: Files = Object.fromEntries(
    Array.from({ length: 60 }, (_, i) => [`${'abc'[i % 3]}/${i}.png`, `image ${i}`]),
  );

  test('is checked out as just those files', async () => {
    const { repo, dest } = await withSplit({ ...IMAGES, link: { link: 'a/0.png' } }, { label: 'parent' });
    const seen: string[] = [];
    for (const part of ['s/train', 's/test']) {
      const to = join(dest, part);
      const [result] = await bring(repo, part, { dest: to });
      const samples = await listed(repo, part);
      expect(read(to)).toEqual(Object.fromEntries(samples.map(({ path }) => [path, IMAGES[path]])));
      expect(result?.written).toBe(samples.length);
      for (const { number, path, label } of samples) {
        expect(await printed(repo, part, number)).toBe(IMAGES[path]);
        expect(label).toBe(path[0]);
        seen.push(path);
      }
      const [again] = await bring(repo, part, { dest: to });
      expect(again).toMatchObject({ written: 0, removed: 0 });
    }
    expect(seen.sort()).toEqual(Object.keys(IMAGES).sort());
  });

  test('takes the place of another part, and leaves what it knows nothing of', async () => {
    const { repo, dest } = await withSplit(IMAGES);
    await bring(repo, 's/train', { dest });
    writeFileSync(join(dest, 'mine'), 'mine');
    const [changed, ...others] = (await listed(repo, 's/train')).map(({ path }) => path);
    write(dest, { [changed ?? '']: 'changed' });
    const [result] = await bring(repo, 's/test', { dest });
    expect(result).toMatchObject({ removed: others.length });
    expect([...(result?.left ?? [])].sort()).toEqual([changed, 'mine'].sort());
    const test = (await listed(repo, 's/test')).map(({ path }) => [path, IMAGES[path]]);
    expect(read(dest)).toEqual({ ...Object.fromEntries(test), mine: 'mine', [changed ?? '']: 'changed' });
  });

  test('by patterns, of another part only what they choose', async () => {
    const { repo, dest } = await withSplit(IMAGES);
    await bring(repo, 's/train', { dest });
    await bring(repo, 's/test', { dest, patterns: ['a/*'] });
    const wanted = async (part: string, isIn: (path: string) => boolean) =>
      (await listed(repo, part)).map(({ path }) => path).filter(isIn);
    const inA = (path: string): boolean => path.startsWith('a/');
    const both = [...(await wanted('s/test', inA)), ...(await wanted('s/train', (path) => !inA(path)))];
    expect(Object.keys(read(dest)).sort()).toEqual(both.sort());
  });

  test('takes the place of an earlier version, also of what the dataset has no more', async () => {
    const { repo, root, dest } = await withSplit(IMAGES);
    await bring(repo, 's:v1/train', { dest });
    const [gone] = (await listed(repo, 's/train')).map(({ path }) => path);
    rmSync(join(root, 'data', gone ?? ''));
    await addPath(repo, 'data');
    await split(repo, { reference: 'data', like: 's', name: 's' });
    expect(await bring(repo, 's/train', { dest })).toMatchObject([{ removed: 1, written: 0 }]);
    const paths = (await listed(repo, 's/train')).map(({ path }) => path);
    expect(Object.keys(read(dest)).sort()).toEqual(paths.sort());
  });

  test('leaves files of the dataset that are no samples', async () => {
    const { repo, dest } = await withSplit({ ...IMAGES, 'README.md': 'read me' }, { patterns: ['*/*.png'] });
    await bring(repo, 'data:v1', { dest, patterns: ['README.md'] });
    await bring(repo, 's/train', { dest });
    expect(read(dest)['README.md']).toBe('read me');
  });

  test('is not written through a link', async () => {
    const { repo, root, dest } = await withSplit(IMAGES);
    mkdirSync(dest);
    mkdirSync(join(root, 'elsewhere'));
    symlinkSync(join(root, 'elsewhere'), join(dest, 'a'));
    await failure(() => bring(repo, 's/train', { dest }));
    expect(read(join(root, 'elsewhere'))).toEqual({});
  });
});

test('a split has to be checked out by part', async () => {
  const { repo, dest } = await withSplit(ROWS);
  expect(await codeOf(() => bring(repo, 's', { dest }))).toBe('E_USAGE');
  expect(await codeOf(() => bring(repo, 's/dev', { dest }))).toBe('E_NOT_FOUND');
  expect(existsSync(dest)).toBe(false);
});
