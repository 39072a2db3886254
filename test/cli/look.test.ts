import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contentId } from '#src/id/cid.js';
import { lines } from '../support/bytes.js';
import { Scratch } from './support.js';

const BIG = lines(300_000);
const ZERO = contentId(Buffer.from('zero\n')).toString();

/** data:v1 and, with big.jsonl, data:v2. Nothing here changes it, but for tags. */
let scratch: Scratch;
let remove: () => Promise<void>;
let first: string;
let second: string;

beforeAll(async () => {
  ({ scratch, remove } = await Scratch.shared());
  await scratch.addData();
  first = (await scratch.ok('resolve', 'data')).trim();
  scratch.write('data/big.jsonl', BIG);
  second = (await scratch.ok('add', '-q')).trim();
});

afterAll(() => remove());

describe('dvs resolve', () => {
  test.each<[string, () => string, () => string]>([
    ['a name', () => 'data', () => second],
    ['a version', () => 'data:v1', () => first],
    ['the latest version', () => 'data:latest', () => second],
    ['a tracked path', () => 'data/', () => second],
    ['an ID', () => first, () => first],
    ['the beginning of an ID', () => first.slice(0, 16), () => first],
    ['the same without its constant part', () => first.slice(7, 16), () => first],
    ['a file in a version', () => 'data:v1/train/0.txt', () => ZERO],
  ])('%s', async (_, reference, id) => {
    expect(await scratch.ok('resolve', reference())).toBe(`${id()}\n`);
  });

  test('as JSON', async () => {
    expect(await scratch.json('resolve', 'data:v1')).toEqual({
      reference: 'data:v1',
      id: first,
      kind: 'dataset',
      name: 'data',
      version: 1,
      path: '',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(await scratch.json('resolve', 'data/train/0.txt')).toMatchObject({ id: ZERO, kind: 'content' });
  });

  test.each<[string, string, number, string]>([
    ['a misspelt name', 'dat', 3, 'Did you mean data?'],
    ['a version too high', 'data:v9', 3, 'its latest is v2'],
    ['an unknown tag', 'data:prod', 3, 'has no tag prod'],
    ['an unknown file', 'data/nope', 3, 'no file of that dataset'],
    ['an unknown ID', contentId(Buffer.from('?')).toString(), 3, 'E_NOT_FOUND'],
    ['no reference at all', ':v1', 2, 'not a reference'],
  ])('%s', async (_, reference, status, message) => {
    const ran = await scratch.run(['resolve', reference]);
    expect(ran).toMatchObject({ status, stdout: '', stderr: expect.stringContaining(message) });
  });
});

describe('dvs log', () => {
  test('has a block for each change, newest first', async () => {
    expect(await scratch.ok('log')).toBe(
      `data:v2  ${second}\n  commit 2, 2026-01-02 03:04:05 UTC, ada, before: ${first.slice(7, 19)}\n\n` +
        `data:v1  ${first}\n  commit 1, 2026-01-02 03:04:05 UTC, ada\n  first\n`,
    );
    expect(await scratch.ok('log', 'data', '-q')).toBe(`${second}\n${first}\n`);
  });

  test('as JSON, and not all of it', async () => {
    expect(await scratch.json('log', '-n', '1')).toEqual([
      {
        seq: 2,
        time: '2026-01-02T03:04:05.000Z',
        by: 'ada',
        name: 'data',
        version: 2,
        tag: null,
        from: first,
        to: second,
        message: null,
      },
    ]);
    expect(await scratch.json('log', '-n', '0')).toEqual([]);
  });

  test('of an unknown name', async () => {
    expect(await scratch.run(['log', 'dta'])).toMatchObject({ status: 3 });
  });
});

describe('dvs show', () => {
  test('a dataset and its run', async () => {
    const text = await scratch.ok('show', 'data:v1');
    const run = /made by {2}(\w+)/.exec(text)?.[1] ?? '';
    expect(text).toBe(
      `dataset  ${first}\n  name     data:v1\n  entries  3\n  size     17 bytes\n  made by  ${run}\n\n` +
        '  ├─ labels.csv           8 B\n' +
        '  └─ train/      2 files  9 B\n' +
        '     ├─ 0.txt             5 B\n' +
        '     └─ 1.txt             4 B\n',
    );
    const shown = await scratch.json('show', 'data:v1');
    expect(shown).toMatchObject({ id: first, kind: 'dataset', names: ['data:v1'], madeBy: [run], level: 0 });
    expect(shown.entries[1]).toEqual(['train/0.txt', ZERO, 5]);
    expect(await scratch.ok('show', run)).toContain(`outputs/data  ${first}\n`);
    expect(await scratch.json('show', run)).toMatchObject({
      id: run,
      kind: 'run',
      op: 'add',
      outputs: { data: first },
      who: 'ada',
      start: '2026-01-02T03:04:05.000Z',
    });
  });

  test('a folder, as deep and as wide as asked for', async () => {
    expect(await scratch.ok('show', 'data:v1/train/')).toBe(
      'folder  train\n  in       data:v1\n  entries  2\n  size     9 bytes\n\n' +
        '  ├─ 0.txt  5 B\n  └─ 1.txt  4 B\n',
    );
    expect(await scratch.ok('show', 'data:v1', '-L1')).toMatch(
      /\n {2}├─ labels\.csv {11}8 B\n {2}└─ train\/ {6}2 files {2}9 B\n$/,
    );
    expect(await scratch.ok('show', 'data:v1', '--width', '1')).toMatch(
      /\n {2}├─ labels\.csv {11}8 B\n {2}└─ and more {4}2 files {2}9 B\n$/,
    );
    expect(await scratch.ok('show', 'data:v1/train', '-q')).toBe('');
    expect(await scratch.json('show', 'data:v1/train', '--width', '1')).toEqual({
      id: null,
      kind: 'folder',
      names: [],
      tags: [],
      madeBy: [],
      usedBy: [],
      about: { entries: '2', bytes: '9' },
      dataset: first,
      outline: {
        path: 'train',
        type: 'folder',
        files: 2,
        bytes: 9,
        children: [{ path: 'train/0.txt', type: 'file', bytes: 5 }],
        more: { files: 1, bytes: 4 },
      },
    });
    expect(await scratch.run(['show', 'data:v1/trai'])).toMatchObject({ status: 3 });
  });

  test('a content', async () => {
    expect(await scratch.ok('show', 'data/big.jsonl')).toContain('  size  293.0 KiB (300,000 bytes)\n');
    expect(await scratch.json('show', 'data/big.jsonl')).toMatchObject({
      kind: 'content',
      about: { bytes: '300000' },
    });
    expect(await scratch.ok('show', '-q', 'data/train/0.txt')).toBe(`${ZERO}\n`);
  });
});

describe('dvs ls', () => {
  test('the names', async () => {
    expect(await scratch.ok('ls')).toBe(`data:v2  ${second.slice(7, 19)}  4 files  293.0 KiB\n`);
    expect(await scratch.json('ls')).toEqual([
      { name: 'data', version: 2, id: second, kind: 'dataset', files: 4, bytes: 300_017 },
    ]);
    expect(await scratch.ok('ls', '-q')).toBe(`${second}\n`);
  });

  test('the files of a dataset, or of a folder in it', async () => {
    expect(await scratch.ok('ls', 'data:v1')).toMatch(
      /^ {7}8 B {2}\w{12} {2}labels\.csv\n {7}5 B {2}\w{12} {2}train\/0\.txt\n {7}4 B {2}\w{12} {2}train\/1\.txt\n$/,
    );
    expect(await scratch.json('ls', 'data/train')).toMatchObject([
      { path: 'train/0.txt', type: 'file', id: ZERO, size: 5 },
      { path: 'train/1.txt', type: 'file', size: 4 },
    ]);
    expect(await scratch.ok('ls', 'data/train/0.txt', '-q')).toBe(`${ZERO}\n`);
    expect(await scratch.run(['ls', 'data/nope'])).toMatchObject({ status: 3, stdout: '' });
  });

  test('--folders sums up', async () => {
    expect(await scratch.ok('ls', 'data:v1', '--folders')).toContain(
      '       9 B  ------------  train/  2 files\n',
    );
    expect(await scratch.json('ls', 'data:v1', '--folders')).toMatchObject([
      { path: 'labels.csv', type: 'file' },
      { path: 'train', type: 'folder', id: null, size: 9, files: 2 },
    ]);
  });
});

describe('dvs cat', () => {
  test('prints exactly the bytes', async () => {
    scratch.write('expected', BIG);
    expect(await scratch.shell('$DVS cat data/big.jsonl | cmp - expected')).toEqual({
      status: 0,
      stdout: '',
      stderr: '',
    });
    expect(await scratch.ok('cat', ZERO)).toBe('zero\n');
  });

  test.each<[string[], number, number]>([
    [['--offset', '100000', '--length', '1000'], 100_000, 101_000],
    [['--offset', '299990'], 299_990, 300_000],
    [['--length', '7'], 0, 7],
    [['--length', '0'], 0, 0],
    [['--offset', '400000'], 300_000, 300_000],
  ])('%j', async (args, from, to) => {
    expect(await scratch.ok('cat', 'data/big.jsonl', ...args)).toBe(BIG.toString('latin1', from, to));
  });

  test('a reader that has seen enough is no error', async () => {
    const { status, stdout, stderr } = await scratch.shell('$DVS cat data/big.jsonl | head -c 10');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toBe(BIG.toString('latin1', 0, 10));
  });

  test('only files have bytes, and they are no JSON', async () => {
    expect(await scratch.run(['cat', 'data'])).toMatchObject({ status: 2, stdout: '' });
    expect(await scratch.run(['cat', 'data/labels.csv', '--json'])).toMatchObject({ status: 2, stdout: '' });
  });
});

describe('dvs tag', () => {
  test('sets, moves, lists and deletes', async () => {
    expect(await scratch.ok('tag', 'data')).toBe('data has no tags.\n');
    expect(await scratch.ok('tag', 'data:v1', 'prod')).toBe(`data:prod → ${first}\n`);
    expect(await scratch.ok('tag', 'data:v1', 'prod')).toBe('data:prod was there already\n');
    expect(await scratch.json('tag', 'data:v2', 'prod')).toEqual({ name: 'data', tag: 'prod', id: second });
    expect(await scratch.ok('resolve', 'data:prod')).toBe(`${second}\n`);
    expect(await scratch.ok('tag', 'data')).toBe(`data:prod  ${second.slice(7, 19)}\n`);
    expect(await scratch.json('tag', 'data')).toEqual([{ name: 'data', tag: 'prod', id: second }]);
    expect(await scratch.ok('tag', '-d', 'data:prod')).toBe(
      `data:prod deleted (was ${second.slice(7, 19)})\n`,
    );
    expect(await scratch.run(['tag', '-d', 'data:prod'])).toMatchObject({ status: 3 });
    expect(await scratch.ok('log', '-n1')).toContain('data:prod  deleted\n');
  });

  test('refuses what is no version, and no tag', async () => {
    expect(await scratch.run(['tag', 'data:v1', 'v7'])).toMatchObject({ status: 2 });
    expect(await scratch.run(['tag', 'data/labels.csv', 'x'])).toMatchObject({ status: 2 });
    expect(await scratch.run(['tag', '-d', 'data', 'x'])).toMatchObject({ status: 2 });
    expect(await scratch.run(['tag', 'nope'])).toMatchObject({ status: 3 });
  });
});
