import { describe, expect, test } from 'vitest';
import type { SampleFacts } from '#src/ops/split/facts.js';
import { type Recipe, recipe } from '#src/ops/split/method.js';
import { fromColumn } from '#src/ops/split/methods/from-column.js';
import { stratify } from '#src/ops/split/methods/stratify.js';
import { time } from '#src/ops/split/methods/time.js';
import { failure } from '../../support/errors.js';
import { byLists, keyed, listOf, partsOf, scratchHere } from './support.js';

const byTime = recipe(time, { parts: ['early', 'late'], weights: [1, 1] });

const timed = (...times: (string | undefined)[]): SampleFacts[] =>
  times.map((time, number) => ({ number, key: `key ${number}`, time }));

async function refused(by: Recipe, samples: readonly SampleFacts[]): Promise<string> {
  const scratch = await scratchHere();
  const { code, message } = await failure(async () =>
    partsOf(samples, await by.divide(listOf(samples), { scratch })),
  );
  return `${code}: ${message}`;
}

describe('times', () => {
  const neither = (time: string) =>
    `E_DATA: sample 1 (key "key 1") has the time ${JSON.stringify(time)}, which is neither a number nor of RFC 3339`;

  test.each([
    '',
    ' 1',
    '1 ',
    '1\n',
    '1e3',
    '0x10',
    '.5',
    '5.',
    '--1',
    '1,5',
    '١',
    'NaN',
    'Infinity',
    '2024-05-01',
    '2024-05-01T12:00:00',
    '2024-05-01T12:00Z',
    '2024-00-01T00:00:00Z',
    '2024-13-01T00:00:00Z',
    '2023-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2024-04-31T00:00:00Z',
    '2024-05-01T24:00:00Z',
    '2024-05-01T00:60:00Z',
    '2024-05-01T00:00:61Z',
    '2024-05-01T23:58:60Z',
    '2024-05-01T23:59:60+01:00',
    '2024-05-01T00:00:00.Z',
    '2024-05-01T00:00:00+24:00',
    '2024-05-01T00:00:00+00:60',
    '2024-05-01T00:00:00+0000',
    '24-05-01T00:00:00Z',
  ])('%j is none', async (text) => {
    expect(await refused(byTime, timed('1', text))).toBe(neither(text));
  });

  test('of two kinds are refused, and so is none', async () => {
    expect(await refused(byTime, timed('1', '2024-05-01T00:00:00Z'))).toBe(
      'E_DATA: sample 1 (key "key 1") has the time "2024-05-01T00:00:00Z", where others have a number',
    );
    expect(await refused(byTime, timed('2024-05-01T00:00:00Z', '1'))).toBe(
      'E_DATA: sample 1 (key "key 1") has the time "1", where others have a date',
    );
    expect(await refused(byTime, timed('1', undefined))).toBe('E_DATA: sample 1 (key "key 1") has no time');
  });

  // Each line is in ascending order, what stands together being the same time.
  test.each<string[][]>([
    [
      ['-10'],
      ['-9.51'],
      ['-9.5', '-09.50'],
      ['-1'],
      ['-0.001'],
      ['0', '-0', '+0.00'],
      ['0.001'],
      ['1', '1.0'],
      ['9.5'],
      ['10'],
    ],
    [['9007199254740992'], ['9007199254740993'], ['9007199254740993.1'], [`1${'0'.repeat(400)}`]],
    [
      ['0000-01-01T00:00:00+23:59'],
      ['0000-02-29T00:00:00Z'],
      ['1969-12-31T23:59:59.999Z'],
      ['1970-01-01T00:00:00Z', '1970-01-01t01:00:00+01:00', '1969-12-31 23:30:00-00:30'],
      ['2000-02-29T12:00:00Z'],
      ['2016-12-31T23:59:59.999z'],
      ['2016-12-31T23:59:60Z', '2017-01-01T00:59:60.000+01:00'],
      ['2016-12-31T23:59:60.5Z'],
      ['2017-01-01T00:00:00Z'],
      ['9999-12-31T23:59:59-23:59'],
    ],
  ])('are in order by value: %#', async (...groups) => {
    const all = groups.flat();
    const samples = all.map((text, number) => ({ number, key: '', time: text })).toReversed();
    for (const [i, sample] of samples.entries()) samples[i] = { ...sample, number: i };
    const names = samples.map((_, i) => `p${i}`);
    const each = recipe(time, { parts: names, weights: names.map(() => 1) });
    const parts = await partsOf(
      samples,
      await each.divide(listOf(samples), { scratch: await scratchHere() }),
    );
    const order = samples.toSorted((a, b) => (parts[a.number] ?? 0) - (parts[b.number] ?? 0));
    // Those of the same time are in the order of their numbers, which is the reverse.
    expect(order.map((sample) => sample.time)).toEqual(groups.flatMap((group) => group.toReversed()));
  });

  test('may be all the same, and keys all but their ends', async () => {
    const long = 'x'.repeat(5000);
    const samples = Array.from({ length: 300 }, (_, number) => ({
      number,
      key: `${long}${(number * 7) % 150}${'y'.repeat(100)}`,
      time: '1',
    }));
    const parts = await partsOf(
      samples,
      await byTime.divide(listOf(samples), { scratch: await scratchHere() }),
    );
    const sorted = samples.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.number - b.number));
    expect(sorted.map(({ number }) => parts[number])).toEqual(sorted.map((_, i) => (i < 150 ? 0 : 1)));
  });
});

describe('a column that names parts', () => {
  const inParts = (...parts: (string | undefined)[]): SampleFacts[] =>
    parts.map((part, number) => ({ number, key: `key ${number}`, part }));
  const byColumn = recipe(fromColumn, { column: 'parent' });

  test('gives them in byte order', async () => {
    const samples = inParts('val', 'Train', 'test', 'val');
    const division = await byColumn.divide(listOf(samples), { scratch: await scratchHere() });
    expect(division.parts.map(({ name }) => name)).toEqual(['Train', 'test', 'val']);
    expect(await partsOf(samples, division)).toEqual([2, 0, 1, 2]);
  });

  test('has to name one that there can be, for each sample', async () => {
    expect(await refused(byColumn, inParts('a', undefined))).toBe(
      'E_DATA: sample 1 (key "key 1") has nothing in the column that names its part',
    );
    expect(await refused(byColumn, inParts('a', 'b/c'))).toBe(
      'E_DATA: sample 1 (key "key 1") is in part "b/c", which cannot name a part',
    );
    const many = Array.from({ length: 1001 }, (_, i) => `p${i}`);
    expect(await refused(byColumn, inParts(...many))).toBe('E_USAGE: the column names more than 1000 parts');
  });
});

describe('lists of keys', () => {
  const samples = keyed(['a', 'b', 'c', 'a', 'd']);

  async function divided(
    parameters: { readonly parts: readonly string[]; readonly rest?: string },
    lists: Record<string, readonly string[]>,
  ): Promise<number[] | string> {
    const scratch = await scratchHere();
    async function* keys(part: string) {
      for (const one of lists[part] ?? expect.fail(`${part} was asked for`)) yield [one];
    }
    try {
      const division = await byLists(parameters.parts, parameters.rest).divide(listOf(samples), {
        scratch,
        keys,
      });
      return await partsOf(samples, division);
    } catch (error) {
      const { code, message } = await failure(() => Promise.reject(error));
      return `${code}: ${message}`;
    }
  }

  test('put all samples of a key into its part, and others into the rest', async () => {
    const lists = { train: ['d', 'a', 'a'], test: ['b'] };
    expect(await divided({ parts: ['train', 'test', 'more'], rest: 'more' }, lists)).toEqual([0, 1, 2, 0, 0]);
    expect(await divided({ parts: ['test', 'train'], rest: 'train' }, lists)).toEqual([1, 0, 1, 1, 1]);
  });

  test('have every key once', async () => {
    expect(await divided({ parts: ['p', 'q'] }, { p: ['a', 'b', 'c'], q: ['c', 'd', 'a'] })).toBe(
      'E_USAGE: keys are in the lists of two parts: "c", "a"',
    );
  });

  test('have keys of samples only', async () => {
    const unknown = Array.from({ length: 9 }, (_, i) => `unknown ${i}`);
    expect(await divided({ parts: ['p', 'q'], rest: 'q' }, { p: ['a', ...unknown] })).toBe(
      'E_USAGE: keys are in a list, but no sample has them: "unknown 0", "unknown 1", "unknown 2", "unknown 3", "unknown 4" and 4 more',
    );
  });

  test('have all samples, unless a part takes the rest', async () => {
    expect(await divided({ parts: ['p', 'q'] }, { p: ['b'], q: ['d'] })).toBe(
      'E_USAGE: samples are in no list: "a", "c", "a"',
    );
  });

  test('are asked for when they are not given', async () => {
    const by = byLists(['p', 'q']);
    expect(await refused(by, samples)).toBe('E_USAGE: the list of keys of the part p is not at hand');
  });
});

test('labels that are no classes are refused before they fill the memory', async () => {
  const long = 'x'.repeat(2 ** 20);
  const samples = Array.from({ length: 80 }, (_, number) => ({ number, key: '', label: `${number}${long}` }));
  const by = recipe(stratify, { seed: '', parts: ['a'], weights: [1] });
  expect(await refused(by, samples)).toMatch(/^E_LIMIT: there are more than 63 labels$/);
});
