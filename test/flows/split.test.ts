import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeMembers, SEGMENT_BITS } from '#src/entities/members.js';
import { encodeSamples } from '#src/entities/samples.js';
import { encodeSplit, type Split } from '#src/entities/split.js';
import { checkout } from '#src/flows/checkout.js';
import { findLeaks } from '#src/flows/leaks.js';
import { listSamples } from '#src/flows/list-samples.js';
import { log } from '#src/flows/log.js';
import type { Repository } from '#src/flows/repository.js';
import { readSplit } from '#src/flows/samples/population.js';
import { readSamples } from '#src/flows/samples/recorded.js';
import { recordSamples } from '#src/flows/samples.js';
import { show } from '#src/flows/show.js';
import { shuffle } from '#src/flows/shuffle.js';
import { diffSplits } from '#src/flows/split/diff.js';
import { type RecordedSplit, type SplitOptions, split } from '#src/flows/split.js';
import { type CID, contentId } from '#src/id/cid.js';
import { splitDigest, uOf } from '#src/ops/split/u.js';
import { codeOf, failure } from '../support/errors.js';
import { addPath, all, type Files, openRepository, problems, write } from '../support/repository.js';
import { keys, listed, numbers, parts, printed, publish, state, table } from '../support/samples.js';

const WEIGHTS = [
  { name: 'train', weight: 8 },
  { name: 'val', weight: 1 },
  { name: 'test', weight: 1 },
];

const two = (a: number, b: number) => [
  { name: 'a', weight: a },
  { name: 'b', weight: b },
];

async function withData(files: Files = { 'a.csv': table(200) }): Promise<{ repo: Repository; root: string }> {
  const { repo, root } = await openRepository();
  write(join(root, 'data'), files);
  await addPath(repo, 'data');
  return { repo, root };
}

function divide(repo: Repository, options: Partial<SplitOptions> = {}): Promise<RecordedSplit> {
  const bare = options.method !== undefined || options.like !== undefined;
  return split(repo, { reference: 'data', ...(bare ? {} : { parts: WEIGHTS, seed: '42' }), ...options });
}

/** Numbers of each part, by its name. */
async function partNumbers(
  repo: Repository,
  { split: made, id }: RecordedSplit,
): Promise<Map<string, number[]>> {
  const found = new Map<string, number[]>();
  for (const { name } of made.parts) found.set(name, await numbers(repo, `${id}/${name}`));
  return found;
}

const ascending = (list: readonly number[]): number[] => list.toSorted((a, b) => a - b);
const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe('the same split has the same ID', () => {
  test('and is recorded once, with the samples that it needs', async () => {
    const { repo } = await withData();
    const first = await divide(repo, { name: 's', key: 'id' });
    expect(first).toMatchObject({ isNew: true, name: 's', version: 1, total: 200, carried: undefined });
    const { seq } = repo.store.head;
    expect(await divide(repo, { name: 's', key: 'id' })).toMatchObject({
      id: first.id,
      isNew: false,
      version: 1,
    });
    expect(await divide(repo, { key: 'id' })).toMatchObject({ id: first.id, isNew: false });
    expect(repo.store.head.seq).toBe(seq);
    expect((await all(log(repo))).map(({ name, version }) => `${name}:v${version}`)).toEqual([
      's:v1',
      'data:v1',
    ]);
    const samples = await recordSamples(repo, { reference: 'data', key: 'id' });
    expect(samples).toMatchObject({ id: first.split.samples, isNew: false });
    expect(await divide(repo, { reference: samples.id.toString() })).toMatchObject({
      id: first.id,
      isNew: false,
    });
    expect(await problems(repo)).toEqual([]);
  });

  test('on another machine, with files added in another order', async () => {
    const files = { 'b.csv': table(60, 100), 'a.csv': table(100) };
    const { repo } = await withData(files);
    const other = await openRepository();
    for (const [path, text] of Object.entries(files)) {
      write(join(other.root, 'data'), { [path]: text });
      await addPath(other.repo, 'data');
    }
    for (const options of [
      {},
      { key: 'id', name: 's' },
      { method: 'exact', parts: WEIGHTS, seed: 'x' },
      { method: 'stratify', parts: WEIGHTS, seed: 'x', label: 'label' },
      { method: 'k-fold', folds: 3, seed: 'x' },
      { method: 'group', parts: WEIGHTS, seed: 'x', group: 'group' },
      { method: 'time', parts: WEIGHTS, time: 'day' },
    ] satisfies Partial<SplitOptions>[]) {
      const [here, there] = [await divide(repo, options), await divide(other.repo, options)];
      expect(there.id).toEqual(here.id);
      const orders = [repo, other.repo].map((at) =>
        shuffle(at, { reference: `${here.id}/${here.split.parts[0]?.name}`, seed: '7' }),
      );
      expect((await orders[0])?.id).toEqual((await orders[1])?.id);
    }
  });

  test('and weights count by their shares', async () => {
    const { repo } = await withData();
    const tenfold = WEIGHTS.map(({ name, weight }) => ({ name, weight: 10 * weight }));
    expect((await divide(repo, { parts: tenfold })).id).toEqual((await divide(repo)).id);
    expect((await divide(repo, { seed: '43' })).id).not.toEqual((await divide(repo)).id);
  });
});

describe('every sample is in exactly one part', () => {
  const METHODS: Partial<SplitOptions>[] = [
    { method: 'stable', parts: WEIGHTS, seed: '42' },
    { method: 'exact', parts: WEIGHTS, seed: '42' },
    { method: 'stratify', parts: WEIGHTS, seed: '42', label: 'label' },
    { method: 'group', parts: WEIGHTS, seed: '42', group: 'group' },
    { method: 'time', parts: WEIGHTS, time: 'day' },
    { method: 'from-column', column: 'label' },
  ];
  test.each(METHODS)('by $method', async (options) => {
    const { repo } = await withData({ 'a.csv': table(120), 'b.csv': table(80, 120) });
    const made = await divide(repo, { key: 'id', ...options });
    const all = await partNumbers(repo, made);
    expect(ascending([...all.values()].flat())).toEqual(upTo(200));
    for (const { name, count } of made.split.parts) {
      const own = all.get(name) ?? [];
      expect(own.length).toBe(count);
      expect(own).toEqual(ascending(own));
    }
    expect(await parts(repo, made.id.toString())).toEqual(
      made.split.parts.map(({ name, count }) => `${name}=${count}`),
    );
  });

  test('by the file that each row lies in, or its folder', async () => {
    const { repo } = await withData({ 'one/a.csv': table(3), 'two/b.csv': table(2, 3) });
    const made = await divide(repo, { method: 'from-column', column: 'parent' });
    expect(await partNumbers(repo, made)).toEqual(
      new Map([
        ['one', [0, 1, 2]],
        ['two', [3, 4]],
      ]),
    );
    const same = await divide(repo, { method: 'from-column', column: 'path:^([^/]+)/' });
    expect(await partNumbers(repo, same)).toEqual(await partNumbers(repo, made));
  });

  test('of k-fold in one test fold, and in the train part of all others', async () => {
    const { repo } = await withData();
    const made = await divide(repo, { method: 'k-fold', folds: 5, seed: '1', key: 'id' });
    const all = await partNumbers(repo, made);
    expect([...all.keys()].length).toBe(10);
    const tests = upTo(5).map((fold) => all.get(`fold-${fold}/test`) ?? []);
    expect(ascending(tests.flat())).toEqual(upTo(200));
    for (const [fold, own] of tests.entries()) {
      expect(ascending([...own, ...(all.get(`fold-${fold}/train`) ?? [])])).toEqual(upTo(200));
    }
  });

  test('as dvs-split-1 says, by key', async () => {
    const { repo } = await withData();
    const made = await divide(repo, { key: 'id' });
    const digest = splitDigest('42');
    const ends = [Math.floor((2 ** 52 * 8) / 10), Math.floor((2 ** 52 * 9) / 10), 2 ** 52];
    for (const [t, { name }] of WEIGHTS.entries()) {
      const expected = upTo(200).filter((i) => ends.findIndex((end) => uOf(digest(`k${i}`)) < end) === t);
      expect(await numbers(repo, `${made.id}/${name}`)).toEqual(expected);
    }
  });
});

describe('a split of a part', () => {
  test('has the numbers of the samples, and divides just that part', async () => {
    const { repo } = await withData();
    await divide(repo, { name: 's', key: 'id' });
    const inner = await divide(repo, {
      reference: 's/train',
      name: 'inner',
      method: 'exact',
      seed: '9',
      parts: [
        { name: 'a', weight: 1 },
        { name: 'b', weight: 1 },
      ],
    });
    const train = await numbers(repo, 's/train');
    const all = await partNumbers(repo, inner);
    expect(ascending([...all.values()].flat())).toEqual(train);
    expect(inner.total).toBe(train.length);
    expect(Math.abs((all.get('a') ?? []).length - (all.get('b') ?? []).length)).toBeLessThanOrEqual(1);
    for (const row of await listed(repo, 'inner/b')) {
      expect(await printed(repo, 'inner/b', row.number)).toBe(await printed(repo, 's/train', row.number));
      expect(row.key).toBe(`k${row.number}`);
    }
    const folds = await divide(repo, { reference: 'inner/a', method: 'k-fold', folds: 3, seed: '9' });
    const tests = [...(await partNumbers(repo, folds))].flatMap(([name, own]) =>
      name.endsWith('/test') ? own : [],
    );
    expect(ascending(tests)).toEqual(all.get('a'));
    const trains = await numbers(repo, `${folds.id}/fold-1/train`);
    expect(ascending([...trains, ...(await numbers(repo, `${folds.id}/fold-1/test`))])).toEqual(all.get('a'));
  });

  test('by label and by list', async () => {
    const { repo, root } = await withData();
    await divide(repo, { name: 's', key: 'id', label: 'label' });
    const halves = [
      { name: 'a', weight: 1 },
      { name: 'b', weight: 1 },
    ];
    const made = await divide(repo, { reference: 's/train', method: 'stratify', seed: '9', parts: halves });
    const [a, b] = (await show(repo, made.id.toString())).split?.parts ?? [];
    for (const { label, count } of a?.labels ?? []) {
      const other = b?.labels?.find((found) => found.label === label)?.count ?? 0;
      expect(Math.abs(count - other)).toBeLessThanOrEqual(1);
    }
    const [first = '', second = ''] = await keys(repo, 's/train');
    const [outside = ''] = await keys(repo, 's/test');
    const list = join(root, 'list.txt');
    writeFileSync(list, `${first}\r\n\n${second}`);
    const options = {
      reference: 's/train',
      method: 'from-files',
      lists: [{ name: 'few', path: list }],
      rest: 'others',
    };
    const listed = await divide(repo, options);
    expect(await keys(repo, `${listed.id}/few`)).toEqual([first, second]);
    expect(listed.split.parts.map(({ count }) => count)).toEqual([
      2,
      (await keys(repo, 's/train')).length - 2,
    ]);
    writeFileSync(list, `${first}\n${outside}\n`);
    expect((await failure(() => divide(repo, options))).message).toContain(outside);
  });
});

describe('lists of keys', () => {
  async function withLists(lists: Readonly<Record<string, string | Buffer>>, rest?: string) {
    const { repo, root } = await withData({ 'a.csv': table(6) });
    for (const [name, text] of Object.entries(lists)) writeFileSync(join(root, name), text);
    const options = {
      key: 'id',
      method: 'from-files',
      lists: Object.keys(lists).map((name) => ({ name, path: join(root, name) })),
      ...(rest === undefined ? {} : { rest }),
    };
    return { repo, root, options };
  }

  test('say which part each sample is in, and are kept in the store', async () => {
    const { repo, root, options } = await withLists({ test: 'k3\nk1\n', val: 'k0\n' }, 'train');
    const made = await divide(repo, options);
    expect(await partNumbers(repo, made)).toEqual(
      new Map([
        ['test', [1, 3]],
        ['val', [0]],
        ['train', [2, 4, 5]],
      ]),
    );
    rmSync(join(root, 'test'));
    const { lists } = (await readSplit(repo, made.id)).method;
    expect(lists).toEqual([contentId(Buffer.from('k3\nk1\n')), contentId(Buffer.from('k0\n'))]);
    expect(await problems(repo)).toEqual([]);
  });

  test('may begin with a byte order mark, as editors write it', async () => {
    const { repo, options } = await withLists({ test: '\ufeffk3\nk1\n', val: '\ufeff\r\nk0' }, 'train');
    const found = await partNumbers(repo, await divide(repo, options));
    expect([found.get('test'), found.get('val')]).toEqual([[1, 3], [0]]);
  });

  const bad: [string, Record<string, string | Buffer>, string | undefined, string, RegExp][] = [
    ['with a key that no sample has', { test: 'k1\nk77\n' }, 'train', 'E_USAGE', /no sample.*k77/],
    ['with a key in two of them', { test: 'k1\n', val: 'k1\n' }, 'train', 'E_USAGE', /two parts.*k1/],
    [
      'that leave samples out',
      { test: 'k1\nk2\nk3\n', val: 'k0\nk4\n' },
      undefined,
      'E_USAGE',
      /no list.*k5/,
    ],
    ['that are no UTF-8', { test: Buffer.from('k1\nk\xe4\n', 'latin1') }, 'train', 'E_DATA', /test.*line 2/],
    ['whose rest has the name of one', { test: 'k1\n' }, 'test', 'E_USAGE', /test/],
    ['that are no lists', {}, 'train', 'E_USAGE', /list/],
  ];
  test.each(bad)('%s are refused, and nothing stays', async (_, lists, rest, code, message) => {
    const { repo, options } = await withLists(lists, rest);
    const before = await state(repo);
    const error = await failure(() => divide(repo, options));
    expect([error.code, error.message]).toEqual([code, expect.stringMatching(message)]);
    expect(await state(repo)).toEqual(before);
  });

  test('that are not there are refused', async () => {
    const { repo, root } = await withData({ 'a.csv': table(6) });
    const before = await state(repo);
    for (const path of [join(root, 'nowhere'), root]) {
      const error = await failure(() =>
        divide(repo, { method: 'from-files', lists: [{ name: 'test', path }], rest: 'train' }),
      );
      expect(error.message).toContain(path);
    }
    expect(await state(repo)).toEqual(before);
  });
});

describe('a next version of a dataset', () => {
  /** `data` with `before` rows and a split of it, then with these files. */
  async function grown(options: Partial<SplitOptions>, before: Files, after: Files) {
    const { repo, root } = await withData(before);
    const first = await divide(repo, { name: 's', ...options });
    rmSync(join(root, 'data'), { recursive: true });
    write(join(root, 'data'), after);
    await addPath(repo, 'data');
    return { repo, root, first };
  }

  async function partOfKeys(
    repo: Repository,
    { id, split: made }: RecordedSplit,
  ): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for (const { name } of made.parts)
      for (const key of await keys(repo, `${id}/${name}`)) found.set(key, name);
    return found;
  }

  test('moves no old sample under stable', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 0, max: 40 }),
        fc.string(),
        async (before, more, seed) => {
          const options = { key: 'id', seed: seed.replaceAll('\n', ' ') };
          const { repo, first } = await grown(
            options,
            { 'm.csv': table(before) },
            { 'a.csv': table(more, before), 'm.csv': table(before) },
          );
          const second = await divide(repo, { name: 's', ...options });
          const [old, now] = [await partOfKeys(repo, first), await partOfKeys(repo, second)];
          expect(now.size).toBe(before + more);
          for (const [key, part] of old) expect(now.get(key)).toBe(part);
          // Even a table without rows is another file, so these are other samples.
          expect(second.version).toBe(2);
        },
      ),
      { numRuns: 5 },
    );
  });

  const METHODS: Partial<SplitOptions>[] = [
    { method: 'stable', parts: WEIGHTS, seed: '42' },
    { method: 'exact', parts: WEIGHTS, seed: '42' },
    { method: 'stratify', parts: WEIGHTS, seed: '42', label: 'label' },
    { method: 'group', parts: WEIGHTS, seed: '42', group: 'group' },
    { method: 'k-fold', folds: 4, seed: '42' },
    { method: 'time', parts: WEIGHTS, time: 'day' },
    { method: 'from-column', column: 'group' },
  ];
  test.each(METHODS)('is divided like the one before, by $method', async (options) => {
    const { repo, first } = await grown(
      { key: 'id', ...options },
      { 'm.csv': table(100) },
      { 'a.csv': table(30, 100), 'm.csv': table(95) },
    );
    const second = await divide(repo, { reference: 'data', like: 's', name: 's' });
    const carried = { from: 's:v1', kept: 95, gone: 5, moved: [] };
    expect(second).toMatchObject({ version: 2, total: 125, carried });
    expect(second.carried?.added.reduce((sum, { count }) => sum + count, 0)).toBe(30);
    const [old, now] = [await partOfKeys(repo, first), await partOfKeys(repo, second)];
    for (const [key, part] of now) if (old.has(key)) expect(part).toBe(old.get(key));
    // Also of the one that was carried over already.
    const third = await divide(repo, { reference: 'data', like: 's', name: 'third' });
    expect(third.carried).toMatchObject({ kept: 125, gone: 0, moved: [] });
    expect((await divide(repo, { reference: 'data', like: 's', name: 'third' })).isNew).toBe(false);
    expect(await problems(repo)).toEqual([]);
  });

  test('is read as the one before: reader, fields, delimiter and folder', async () => {
    const semicolons = (text: string): string => text.replaceAll(',', ';').replaceAll('"', '');
    const rows = (from: number, to: number): string =>
      upTo(to - from)
        .map((i) => `${from + i},x\n`)
        .join('');
    const { repo, first } = await grown(
      { reference: 'data/in', key: '1', header: false, delimiter: ';' },
      { 'in/a.csv': semicolons(rows(0, 50)), 'out.csv': 'no such\n' },
      { 'in/a.csv': semicolons(rows(0, 60)), 'out.csv': 'no such\n' },
    );
    const again = await divide(repo, { reference: 'data', like: 's' });
    expect(again).toMatchObject({ total: 60, carried: { kept: 50, gone: 0 } });
    expect(again.carried?.from).toBe('s:v1');
    const same = await divide(repo, { reference: 'data/in', like: first.id.toString() });
    expect([same.id, same.carried?.from]).toEqual([again.id, 's:v1']);
    expect(first.total).toBe(50);
  });

  test('of which no sample is known says so, rather than that nothing moved', async () => {
    const { repo } = await grown({ key: 'id' }, { 'm.csv': table(20) }, { 'm.csv': table(20, 100) });
    const before = await state(repo);
    const error = await failure(() => divide(repo, { reference: 'data', like: 's' }));
    expect([error.code, error.message]).toEqual(['E_USAGE', expect.stringMatching(/none.*key that s knows/)]);
    expect(await state(repo)).toEqual(before);
  });

  test('of keys that are in several parts says that nothing can be shown of them', async () => {
    const numbered = (numbers: number[]): Files => ({
      'a.csv': `id,x\n${numbers.map((i) => `${i < 6 ? 'same' : i},${i}\n`).join('')}`,
    });
    const halves = two(1, 1);
    const { repo } = await grown(
      { key: 'id', method: 'exact', parts: halves, seed: '1' },
      numbered(upTo(10)),
      numbered(upTo(10).reverse()),
    );
    const { carried } = await divide(repo, { reference: 'data', like: 's', name: 's' });
    expect(carried).toMatchObject({ kept: 10, moved: [], ambiguous: { keys: 1, samples: 6 } });
    expect(await diffSplits(repo, 's:v1', 's:v2')).toMatchObject({ kept: 10, ambiguous: 6, moves: [] });
    // Of the same samples it is known which is which.
    await divide(repo, {
      reference: 'data',
      key: 'id',
      method: 'exact',
      parts: halves,
      seed: '3',
      name: 'other',
    });
    const differ = await diffSplits(repo, 's:v2', 'other');
    expect(differ.ambiguous).toBe(0);
    const [before, after] = [await numbers(repo, 's:v2/a'), await numbers(repo, 'other/a')];
    const came = after.filter((number) => !before.includes(number));
    const told = differ.moves.find(({ to }) => to === 'a')?.examples.map(({ number }) => number);
    expect(ascending(told ?? [])).toEqual(ascending(came));
  });

  test('of folds of a part is for such a part alone: what was held out stays out', async () => {
    const { repo } = await grown(
      { key: 'id', name: 'outer' },
      { 'm.csv': table(50) },
      { 'm.csv': table(60) },
    );
    await split(repo, { reference: 'outer/train', method: 'k-fold', folds: 3, seed: '1', name: 'folds' });
    const error = await failure(() => divide(repo, { reference: 'data', like: 'folds' }));
    expect([error.code, error.hint]).toEqual([
      'E_USAGE',
      expect.stringContaining('<new>/train --like folds'),
    ]);
    await divide(repo, { reference: 'data', like: 'outer', name: 'outer' });
    const folds = await split(repo, { reference: 'outer/train', like: 'folds', name: 'folds' });
    expect(folds.carried).toMatchObject({ from: 'folds:v1', gone: 0, moved: [] });
  });

  test('takes nothing that says how to divide', async () => {
    const { repo } = await withData();
    await divide(repo, { name: 's' });
    for (const options of [{ method: 'stable' }, { seed: '1' }, { parts: WEIGHTS }, { folds: 2 }])
      expect(await codeOf(() => split(repo, { reference: 'data', like: 's', ...options }))).toBe('E_USAGE');
    expect(await codeOf(() => split(repo, { reference: 'data', like: 'data' }))).toBe('E_USAGE');
    expect(await codeOf(() => split(repo, { reference: 'data', like: 's/train' }))).toBe('E_USAGE');
  });
});

describe('what cannot be divided leaves nothing', () => {
  const bad: [string, Partial<SplitOptions>, string, RegExp][] = [
    ['a weight of zero', { parts: two(1, 0) }, 'E_USAGE', /"b" is 0/],
    ['a weight below zero', { parts: two(-1, 2) }, 'E_USAGE', /"a" is -1/],
    ['a weight that is no whole number', { parts: two(1, 0.5) }, 'E_USAGE', /"b" is 0\.5/],
    ['no weight', { parts: two(1, Number.NaN) }, 'E_USAGE', /"b" is NaN/],
    ['weights beyond all bounds', { parts: two(2 ** 32, 1) }, 'E_USAGE', /sum up/],
    ['no parts', { parts: [] }, 'E_USAGE', /parts/],
    ['parts of one name', { parts: [...two(1, 1), { name: 'a', weight: 1 }] }, 'E_USAGE', /named a/],
    ['the name of a part that is none', { parts: [{ name: '../a', weight: 1 }] }, 'E_USAGE', /\.\.\/a/],
    ['the name of a part with a slash', { parts: [{ name: 'a/test', weight: 1 }] }, 'E_USAGE', /a\/test/],
    ['a seed of two lines', { seed: 'a\nb' }, 'E_USAGE', /seed/],
    ['more folds than samples', { method: 'k-fold', folds: 201, seed: '1' }, 'E_USAGE', /201 folds.*200/],
    ['one fold', { method: 'k-fold', folds: 1, seed: '1' }, 'E_USAGE', /folds/],
    ['no seed', { method: 'exact', parts: two(1, 1) }, 'E_USAGE', /seed/],
    ['a method that there is not', { method: 'random' }, 'E_USAGE', /random/],
    ['folds of stable', { folds: 3, parts: two(1, 1), seed: '1' }, 'E_USAGE', /stable.*folds/],
    ['stratify without labels', { method: 'stratify', parts: two(1, 1), seed: '1' }, 'E_USAGE', /label/],
    ['time without times', { method: 'time', parts: two(1, 1) }, 'E_USAGE', /time/],
    ['times that are none', { method: 'time', parts: two(1, 1), time: 'text' }, 'E_DATA', /a\.csv/],
    ['a column that is missing', { method: 'from-column', column: 'fold' }, 'E_DATA', /a\.csv.*"fold"/],
    ['a column of what cannot name parts', { method: 'from-column', column: 'text' }, 'E_DATA', /text, 0/],
    ['a path in the data that is not there', { reference: 'data/nowhere' }, 'E_DATA', /nowhere/],
    ['a name of nothing', { reference: 'nothing' }, 'E_NOT_FOUND', /nothing/],
  ];
  test.each(bad)('%s', async (_, options, code, message) => {
    const { repo } = await withData();
    const before = await state(repo);
    const error = await failure(() => divide(repo, { name: 's', ...options }));
    expect([error.code, error.message]).toEqual([code, expect.stringMatching(message)]);
    expect(await state(repo)).toEqual(before);
  });

  test('a reference to the wrong kind, or to no part', async () => {
    const { repo } = await withData();
    const made = await divide(repo, { name: 's' });
    const order = await shuffle(repo, { reference: 's/train', seed: '1' });
    for (const reference of ['s', order.id.toString()]) {
      expect(await codeOf(() => divide(repo, { reference }))).toBe('E_USAGE');
    }
    const error = await failure(() => divide(repo, { reference: 's/dev' }));
    expect([error.code, error.about]).toEqual(['E_NOT_FOUND', ['train', 'val', 'test']]);
    expect(await codeOf(() => numbers(repo, `${made.id}/train/0`))).toBe('E_NOT_FOUND');
    expect(await codeOf(() => divide(repo, { reference: 's/train', key: 'id' }))).toBe('E_USAGE');
    expect(await codeOf(() => printed(repo, 'data', 3))).toBe('E_USAGE');
    const [outside] = await numbers(repo, 's/test');
    expect((await failure(() => printed(repo, 's/train', outside ?? 0))).message).toContain(
      'not in the part train',
    );
  });

  test('a part that is empty', async () => {
    const { repo } = await withData({ 'a.csv': table(1) });
    await divide(repo, { name: 's' });
    const counts = await parts(repo, 's');
    const empty = counts.find((part) => part.endsWith('=0'))?.replace('=0', '') ?? '';
    expect(await numbers(repo, `s/${empty}`)).toEqual([]);
    const before = await state(repo);
    expect(await codeOf(() => shuffle(repo, { reference: `s/${empty}`, seed: '1' }))).toBe('E_USAGE');
    expect(await codeOf(() => divide(repo, { reference: `s/${empty}` }))).toBe('E_USAGE');
    expect(await state(repo)).toEqual(before);
  });
});

test('a split shows its parts with their labels', async () => {
  const { repo } = await withData();
  const made = await divide(repo, { name: 's', label: 'label' });
  const shown = (await show(repo, 's')).split;
  expect(shown?.total).toBe(200);
  for (const { name, count, labels } of shown?.parts ?? []) {
    const own = (await listed(repo, `${made.id}/${name}`)).map(({ label }) => label);
    expect(count).toBe(own.length);
    for (const { label, count: some } of labels ?? [])
      expect(own.filter((found) => found === label).length).toBe(some);
    expect((labels ?? []).reduce((sum, { count: some }) => sum + some, 0)).toBe(count);
  }
  expect((await show(repo, 's/val')).split?.parts.map(({ name }) => name)).toEqual(['val']);
  const folds = await divide(repo, { reference: 's/train', method: 'k-fold', folds: 3, seed: '1' });
  for (const { name, labels } of (await show(repo, folds.id.toString())).split?.parts ?? []) {
    const own = (await listed(repo, `${folds.id}/${name}`)).map(({ label }) => label);
    for (const { label, count: some } of labels ?? [])
      expect(own.filter((found) => found === label).length).toBe(some);
  }
});

describe('a split that somebody wrote by hand is refused where it lies', () => {
  interface Written {
    readonly bits: Buffer;
    readonly count?: number;
    readonly total?: number;
    /** Of its parts; by default what members say. */
    readonly said?: number;
  }

  /** A split of the 20 samples of a table into parts of these members. */
  async function written(parts: readonly Written[]): Promise<{ repo: Repository; id: CID; samples: CID }> {
    const { repo } = await withData({ 'a.csv': table(20) });
    const { id: samples } = await recordSamples(repo, { reference: 'data', key: 'id', label: 'label' });
    const id = await publish(repo, async (writer) => {
      const described: Split['parts'][number][] = [];
      for (const [i, { bits, count = 0, total = 20, said = count }] of parts.entries()) {
        const segment = await writer.addContent(bits);
        const node = encodeMembers({ level: 0, bits: total, count, items: [{ id: segment, count }] });
        await writer.addNode(node.id, node.bytes);
        described.push({ name: 'ab'[i] ?? 'c', count: said, members: node.id });
      }
      const method = { name: 'exact', version: 1, seed: '1', parts: ['a', 'b'], weights: [1, 1] };
      return encodeSplit({ samples, of: undefined, method, parts: described });
    });
    return { repo, id, samples };
  }

  const FIRST = Buffer.of(0xff, 0x03, 0x00);
  const REST = Buffer.of(0x00, 0xfc, 0x0f);

  test('while an honest one is as good as any', async () => {
    const { repo, id } = await written([
      { bits: FIRST, count: 10 },
      { bits: REST, count: 10 },
    ]);
    expect(await numbers(repo, `${id}/b`)).toEqual(upTo(10).map((i) => 10 + i));
    expect((await show(repo, id.toString())).split?.parts.map(({ count }) => count)).toEqual([10, 10]);
  });

  test.each<[string, Written]>([
    ['a count that members have not', { bits: FIRST, count: 10, said: 11 }],
    ['members that have fewer ones', { bits: FIRST, count: 11 }],
    ['members of fewer samples', { bits: Buffer.of(0xff, 0x03), count: 10, total: 12 }],
    ['members of more samples', { bits: Buffer.concat([FIRST, Buffer.alloc(9)]), count: 10, total: 90 }],
    ['members of many more samples', { bits: Buffer.alloc(SEGMENT_BITS / 8), count: 0, total: SEGMENT_BITS }],
    ['spare bits that are set', { bits: Buffer.of(0xff, 0x03, 0x80), count: 11 }],
    ['a segment that is too long', { bits: Buffer.concat([FIRST, Buffer.of(0)]), count: 10 }],
    ['members of the other part', { bits: Buffer.of(0x00, 0x04, 0x00), count: 1 }],
  ])('%s', async (what, first) => {
    const { repo, id } = await written([first, { bits: REST, count: 10 }]);
    const uses: [string, () => Promise<unknown>][] = [
      ['show', () => show(repo, id.toString())],
      ['leaks', () => findLeaks(repo, { reference: id.toString(), dryRun: true })],
      ['like', () => split(repo, { reference: 'data', like: id.toString() })],
    ];
    const ofOne: typeof uses = [
      ['ls', () => numbers(repo, `${id}/a`)],
      ['cat', () => printed(repo, `${id}/a`, 11)],
      [
        'checkout',
        () =>
          checkout(repo, {
            reference: `${id}/a`,
            dest: join(repo.workspace.root, 'out'),
            cwd: repo.workspace.root,
          }),
      ],
    ];
    for (const [name, use] of what === 'members of the other part' ? uses : [...uses, ...ofOne]) {
      const codes = ['E_ENCODING', 'E_DAMAGED'];
      expect([name, codes.includes(await codeOf(use))]).toEqual([name, true]);
    }
  });

  test('parts that are not those of its method are not carried over', async () => {
    const { repo, samples } = await written([{ bits: FIRST, count: 10 }]);
    const { split: honest } = await divide(repo, { reference: samples.toString() });
    const swapped = honest.parts.map((part, i) => ({ ...part, name: honest.parts.at(-1 - i)?.name ?? '' }));
    const id = await publish(repo, async () => encodeSplit({ ...honest, parts: swapped }));
    const error = await failure(() => divide(repo, { reference: 'data', like: id.toString() }));
    expect([error.code, error.message]).toEqual(['E_DAMAGED', expect.stringContaining('its method makes')]);
  });

  test('a count of samples that the dataset has not', async () => {
    const { repo, samples } = await written([{ bits: FIRST, count: 10 }]);
    const honest = await readSamples(repo, samples);
    const lying = await publish(repo, async () => encodeSamples({ ...honest, count: 21 }));
    expect(await codeOf(() => numbers(repo, lying.toString()))).toBe('E_DAMAGED');
    expect(await codeOf(() => divide(repo, { reference: lying.toString() }))).toBe('E_DAMAGED');
    expect(await listSamples(repo, samples.toString())).toBeDefined();
  });
});
