import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { add } from '#src/flows/add.js';
import { checkout } from '#src/flows/checkout.js';
import { diff } from '#src/flows/diff.js';
import type { Repository } from '#src/flows/repository.js';
import { status } from '#src/flows/status.js';
import { untrack } from '#src/flows/untrack.js';
import { keepView, makeView } from '#src/flows/view.js';
import { readLock } from '#src/workspace/lock.js';
import { matcher } from '#src/workspace/patterns.js';
import { datasetId } from '../support/dataset-id.js';
import { failure } from '../support/errors.js';
import { addPath, type Opened, openRepository, problems, read, write } from '../support/repository.js';

const FILES = {
  'labels.csv': 'cat\ndog\n',
  'train/0': 'zero',
  'train/1': 'one',
  'val/0': 'another zero',
  'val/deep/1': 'another one',
};

/** A workspace whose `data` was added and is not on disk, and what was checked out of it then. */
async function withPart(...patterns: string[]): Promise<Opened & { data: string }> {
  const opened = await openRepository();
  const data = join(opened.root, 'data');
  write(data, FILES);
  await addPath(opened.repo, 'data');
  rmSync(data, { recursive: true });
  if (patterns.length > 0) await part(opened.repo, ...patterns);
  return { ...opened, data };
}

async function part(repo: Repository, ...patterns: string[]): Promise<void> {
  await checkout(repo, { reference: 'data', cwd: repo.workspace.root, patterns });
}

/** What `status` says of `data`: its state, and a letter and path for each change. */
async function changes(repo: Repository): Promise<string[]> {
  const [tracked] = (await status(repo)).tracked;
  if (tracked === undefined) return [];
  const { added, removed, modified, renamed } = tracked.diff;
  return [
    tracked.state,
    ...[...added].map(({ path }) => `A ${path}`),
    ...[...removed].map(({ path }) => `D ${path}`),
    ...[...modified].map(({ path }) => `M ${path}`),
    ...[...renamed].map(({ path }) => `R ${path}`),
  ];
}

describe('a partial checkout', () => {
  test('has the files that the patterns choose, and is clean', async () => {
    const { repo, data } = await withPart('train/*');
    expect(Object.keys(read(data)).sort()).toEqual(['train/0', 'train/1']);
    expect(await changes(repo)).toEqual(['clean']);
    const [tracked] = (await status(repo)).tracked;
    expect(tracked?.partial).toEqual(['.dvsignore', 'train/*', 'train/.dvsignore']);
  });

  test('is recorded with all that was never checked out', async () => {
    const { repo, data } = await withPart('train');
    writeFileSync(join(data, 'train/1'), 'ONE');
    writeFileSync(join(data, 'train/2'), 'two');
    rmSync(join(data, 'train/0'));
    expect(await changes(repo)).toEqual(['modified', 'A train/2', 'D train/0', 'M train/1']);
    const { id, files } = await addPath(repo, 'data');
    const { 'train/0': _gone, ...rest } = FILES;
    expect(id.toString()).toBe(await datasetId({ ...rest, 'train/1': 'ONE', 'train/2': 'two' }));
    expect(files).toBe(5);
    expect(await changes(repo)).toEqual(['clean']);
    expect(await problems(repo)).toEqual([]);
  });

  test('stays as it is in a dry run, and without changes makes no version', async () => {
    const { repo, data } = await withPart('train');
    expect((await addPath(repo, 'data')).isNew).toBe(false);
    writeFileSync(join(data, 'new'), 'new');
    const { versions } = await add(repo, { paths: [], dryRun: true });
    expect(versions[0]).toMatchObject({ isNew: true, files: 6, version: 2 });
    expect(await changes(repo)).toEqual(['modified', 'A new']);
  });

  test('is widened by more patterns, by files that are added outside of it, and ended by `all`', async () => {
    const { repo, root, data } = await withPart('train/0');
    await part(repo, 'labels.csv');
    expect(Object.keys(read(data)).sort()).toEqual(['labels.csv', 'train/0']);
    write(data, { 'val/new': 'new', 'fresh/a': 'a', 'fresh/b': 'b' });
    await addPath(repo, 'data');
    expect((await status(repo)).tracked[0]?.diff.removed.length).toBe(0);
    rmSync(join(data, 'val/new'));
    rmSync(join(data, 'fresh/b'));
    expect(await changes(repo)).toEqual(['modified', 'D fresh/b', 'D val/new']);
    const [tracked] = (await status(repo)).tracked;
    expect(tracked?.partial?.filter((pattern) => !pattern.endsWith('.dvsignore'))).toEqual([
      'fresh',
      'labels.csv',
      'train/0',
      'val/new',
    ]);
    await checkout(repo, { cwd: root, all: true });
    expect(read(data)).toEqual({ ...FILES, 'val/new': 'new', 'fresh/a': 'a', 'fresh/b': 'b' });
    expect((await status(repo)).tracked[0]?.partial).toBeUndefined();
  });

  test('brings the same part of another version', async () => {
    const { repo, root, data } = await withPart('train');
    writeFileSync(join(data, 'train/1'), 'ONE');
    await addPath(repo, 'data');
    await checkout(repo, { reference: 'data:v1', cwd: root });
    expect(read(data)).toEqual({ 'train/0': 'zero', 'train/1': 'one' });
    expect(await changes(repo)).toEqual(['clean']);
    const outside = { reference: 'data:v2', cwd: root, patterns: ['val/0'] };
    expect(await failure(() => checkout(repo, outside))).toMatchObject({ code: 'E_NOT_FOUND' });
  });

  test('looks at nothing outside when compared', async () => {
    const { repo, data } = await withPart('val');
    const [whole] = await diff(repo, { references: [] });
    expect([...(whole?.diff.removed ?? [])]).toEqual([]);
    rmSync(data, { recursive: true });
    const [gone] = await diff(repo, { references: [] });
    expect([...(gone?.diff.removed ?? [])].map(({ path }) => path)).toEqual(['val/0', 'val/deep/1']);
  });

  test('begins only where nothing of the path is on disk', async () => {
    const { repo, root, data } = await withPart();
    await checkout(repo, { cwd: root });
    rmSync(join(data, 'val/0'));
    await part(repo, 'val');
    expect((await status(repo)).tracked[0]?.partial).toBeUndefined();
    expect(await changes(repo)).toEqual(['clean']);
  });

  test('begins beside files that the dataset has not got, and anew where none of its files is left', async () => {
    const { repo, data } = await withPart();
    write(data, { '.gitkeep': '' });
    await part(repo, 'train');
    expect(await changes(repo)).toEqual(['modified', 'A .gitkeep']);
    rmSync(data, { recursive: true });
    await part(repo, 'val/*');
    expect(Object.keys(read(data)).sort()).toEqual(['val/0', 'val/deep/1']);
    expect(await changes(repo)).toEqual(['clean']);
  });

  test('comes with the rules that hold for it', async () => {
    const { repo, root, data } = await withPart();
    await checkout(repo, { cwd: root });
    write(data, { '.dvsignore': '*.tmp\n', 'train/.dvsignore': '*.bak\n' });
    await addPath(repo, 'data');
    rmSync(data, { recursive: true });
    await part(repo, 'train/0');
    write(data, { 'train/x.tmp': '', 'train/x.bak': '' });
    expect(await changes(repo)).toEqual(['clean']);
    expect((await addPath(repo, 'data')).isNew).toBe(false);
    await part(repo, 'val/deep/1');
    expect(Object.keys(read(data)).filter((path) => path.endsWith('1'))).toEqual(['val/deep/1']);
  });

  test('refuses patterns that choose nothing', async () => {
    const { repo, root } = await withPart();
    const nothing = { cwd: root, patterns: ['zzz'] };
    expect(await failure(() => checkout(repo, nothing))).toMatchObject({ code: 'E_NOT_FOUND' });
    expect(await failure(() => part(repo, 'trian/*'))).toMatchObject({ code: 'E_NOT_FOUND' });
    expect((await status(repo)).tracked[0]).toMatchObject({ state: 'absent', partial: undefined });
  });

  test('is of one dataset: that of another name, and a whole one that is added, are not in part', async () => {
    const { repo, data } = await withPart('train');
    await untrack(repo, { paths: ['data'] });
    await keepView(repo, { path: 'data', name: 'data' }, makeView(['train']));
    await addPath(repo, 'data', 'other');
    rmSync(join(data, 'train/0'));
    expect(await changes(repo)).toEqual(['modified', 'D train/0']);
  });

  test('counts what lay beside it, and was never added, for no more than it was', async () => {
    const { repo, data } = await withPart('train');
    write(data, { 'val/0': FILES['val/0'] });
    expect(await changes(repo)).toEqual(['clean']);
    rmSync(join(data, 'val'), { recursive: true });
    expect(await changes(repo)).toEqual(['clean']);
  });

  test('can be chosen from the workspace, also by a glob for the tracked path itself', async () => {
    const { repo, root, data } = await withPart();
    await checkout(repo, { cwd: root, patterns: ['d*/**/1'] });
    expect(Object.keys(read(data)).sort()).toEqual(['train/1', 'val/deep/1']);
    rmSync(data, { recursive: true });
    await checkout(repo, { cwd: root, patterns: ['data'] });
    expect(read(data)).toMatchObject({ 'train/1': 'one', 'val/deep/1': 'another one' });
  });

  test('is not begun by patterns that are for another tracked path', async () => {
    const { repo, root, data } = await withPart();
    write(join(root, 'other'), { file: 'bytes' });
    await addPath(repo, 'other');
    rmSync(join(root, 'other'), { recursive: true });
    await checkout(repo, { cwd: root, patterns: ['data/train/*'] });
    expect(Object.keys(read(data)).sort()).toEqual(['train/0', 'train/1']);
    const states = (await status(repo)).tracked.map(({ path, state, partial }) => [path, state, partial]);
    expect(states).toEqual([
      ['data', 'clean', ['.dvsignore', 'train/*', 'train/.dvsignore']],
      ['other', 'absent', undefined],
    ]);
  });

  test('refuses a file where the dataset has a folder that is not checked out', async () => {
    const { repo, data } = await withPart('train');
    writeFileSync(join(data, 'val'), 'a file');
    const error = await failure(() => add(repo, { paths: [] }));
    expect(error).toMatchObject({ code: 'E_PATH', hint: expect.stringContaining('dvs rm data/val/0') });
    expect((await readLock(repo.workspace)).get('data')?.id.toString()).toBe(await datasetId(FILES));
  });

  test('says what to do when the note of it is damaged', async () => {
    const { repo } = await withPart('train');
    for (const text of [
      '',
      '[]',
      '{"version":1,"paths":{"data":{"patterns":["x"]}}}',
      '{"version":1,"paths":[]}',
    ]) {
      writeFileSync(repo.workspace.partialPath, text);
      const error = await failure(() => status(repo));
      expect(error).toMatchObject({ code: 'E_ENCODING', hint: expect.stringContaining('Remove that file') });
    }
  });

  test('needs neither stat cache nor order: any edits give the dataset that the whole would be', async () => {
    const path: fc.Arbitrary<string> = fc.constantFrom(
      'a',
      'b/x',
      'b/y',
      'b/z/1',
      'b-c',
      'd/e/f',
      'd/g',
      'ä',
      '[h]',
      'i*',
    );
    const files = fc.dictionary(path, fc.constantFrom('1', '22', '333'), { minKeys: 1 });
    const patterns = fc.uniqueArray(fc.constantFrom('a', 'b', 'b/*', 'd/**', '*', '[[]h]', 'nothing'), {
      minLength: 1,
      maxLength: 3,
    });
    await fc.assert(
      fc.asyncProperty(
        files,
        patterns,
        files,
        fc.array(path),
        fc.boolean(),
        async (old, chosen, now, gone, drop) => {
          const { repo, root } = await openRepository();
          const data = join(root, 'data');
          write(data, old);
          await addPath(repo, 'data');
          rmSync(data, { recursive: true });
          const covers = matcher(chosen);
          const seen = Object.keys(old).filter(covers);
          if (seen.length === 0) return;
          await part(repo, ...chosen);
          for (const one of seen.filter((name) => gone.includes(name))) rmSync(join(data, one));
          write(data, now);
          if (drop) rmSync(repo.workspace.statDir, { recursive: true });
          const kept = Object.entries(old).filter(([name]) => !(seen.includes(name) && gone.includes(name)));
          const { id } = await addPath(repo, 'data');
          expect(id.toString()).toBe(await datasetId({ ...Object.fromEntries(kept), ...now }));
          expect(await changes(repo)).toEqual(['clean']);
          await checkout(repo, { cwd: root, all: true });
          expect(read(data)).toEqual({ ...Object.fromEntries(kept), ...now });
          expect(readdirSync(join(root, '.dvs', 'tmp'))).toEqual([]);
        },
      ),
      { numRuns: 15 },
    );
  });
});
