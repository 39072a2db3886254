import { describe, expect, test } from 'vitest';
import { contentId, nodeId } from '#src/id/cid.js';
import { decode, encode, isMap, type Value, type ValueMap } from '#src/id/codec.js';
import { recipe } from '#src/ops/split/method.js';
import { kFold } from '#src/ops/split/methods/k-fold.js';
import { stable } from '#src/ops/split/methods/stable.js';
import { METHODS, parseRecipe } from '#src/ops/split/methods.js';
import { normalWeights } from '#src/ops/split/parameters.js';
import { codeOf, failure } from '../../support/errors.js';
import { keyed, listOf, scratchHere } from './support.js';

const weighted = { parts: ['train', 'test'], weights: [9, 1] };
const seeded = { seed: '42', ...weighted };
const split = nodeId(Buffer.from('a split'));

/** One for each method, as entities have it, beside name and version. */
const EXAMPLES: Readonly<Record<string, ValueMap>> = {
  stable: seeded,
  exact: seeded,
  stratify: seeded,
  group: seeded,
  'k-fold': { seed: 'ünï', folds: 5 },
  time: weighted,
  'from-files': { parts: ['train', 'test'], rest: 'train', lists: [contentId(Buffer.from('a list'))] },
  'from-column': { column: 'column:split' },
  like: { split },
};

const asHeld = (name: string, parameters: ValueMap): ValueMap => ({ ...parameters, name, version: 1 });

describe('the method of a split as entities hold it', () => {
  test('every method has an example here', () => {
    expect(Object.keys(EXAMPLES).sort()).toEqual(METHODS.map(({ name }) => name).sort());
  });

  test.each(Object.entries(EXAMPLES))('%s is read, and is the same when written again', (name, example) => {
    const value = decode(encode(asHeld(name, example)));
    if (!isMap(value)) return expect.fail('no map');
    expect(parseRecipe(value)?.value).toEqual(value);
  });

  test.each(Object.entries(EXAMPLES))('%s takes no other fields and lacks none', async (name, example) => {
    expect(await codeOf(() => parseRecipe(asHeld(name, { ...example, other: 1 })))).toBe('E_ENCODING');
    for (const field of Object.keys(example)) {
      if (field === 'rest') continue;
      const { [field]: _, ...less } = example;
      expect(await codeOf(() => parseRecipe(asHeld(name, less))), field).toBe('E_ENCODING');
      expect(await codeOf(() => parseRecipe(asHeld(name, { ...example, [field]: null }))), field).toBe(
        'E_ENCODING',
      );
    }
  });

  const flawed: Record<string, [string, Record<string, Value>]> = {
    'a seed with a line feed': ['stable', { seed: 'a\nb' }],
    'a seed that is no text': ['stable', { seed: 42 }],
    'a seed of 1001 bytes': ['k-fold', { seed: `${'ü'.repeat(500)}x` }],
    'no parts': ['stable', { parts: [], weights: [] }],
    'too many parts': [
      'stable',
      { parts: Array.from({ length: 1001 }, (_, i) => `p${i}`), weights: new Array<number>(1001).fill(1) },
    ],
    'a part twice': ['exact', { parts: ['a', 'a'] }],
    'a part with a slash': ['exact', { parts: ['a', 'b/c'] }],
    'a part without a name': ['time', { parts: ['a', ''] }],
    'a name that is too long': ['time', { parts: ['a', 'x'.repeat(101)] }],
    'a name with a line feed at its end': ['time', { parts: ['a', 'b\n'] }],
    'a weight of zero': ['group', { weights: [1, 0] }],
    'a negative weight': ['group', { weights: [1, -1] }],
    'weights that have a common divisor': ['group', { weights: [4, 2] }],
    'one weight that is not 1': ['group', { parts: ['all'], weights: [2] }],
    'weights of 2³² together': ['group', { weights: [2 ** 32 - 1, 1] }],
    'a weight too few': ['stratify', { weights: [1] }],
    'one fold': ['k-fold', { folds: 1 }],
    'too many folds': ['k-fold', { folds: 1001 }],
    'a rest that is no part': ['from-files', { rest: 'val' }],
    'lists that are too few': ['from-files', { lists: [] }],
    'a list that is a node': ['from-files', { lists: [split] }],
    'a link to a content': ['like', { split: 'text' }],
  };
  test.each(Object.entries(flawed))('%s is refused', async (_, [name, fields]) => {
    expect(await codeOf(() => parseRecipe(asHeld(name, { ...EXAMPLES[name], ...fields })))).toBe(
      'E_ENCODING',
    );
  });

  test('the largest that there may be is read', () => {
    const parts = Array.from({ length: 1000 }, (_, i) => `${'x'.repeat(96)}${i}`.slice(-100));
    const most = { parts, weights: [2 ** 32 - 1000, ...new Array<number>(999).fill(1)] };
    expect(parseRecipe(asHeld('stable', { seed: 'ü'.repeat(500), ...most }))).toBeDefined();
    expect(parseRecipe(asHeld('k-fold', { seed: '', folds: 1000 }))).toBeDefined();
  });

  test('one that is not known is no error', async () => {
    expect(parseRecipe({ name: 'by-moon', version: 1 })).toBeUndefined();
    expect(parseRecipe({ ...asHeld('stable', seeded), version: 2 })).toBeUndefined();
    expect(await codeOf(() => parseRecipe({ version: 1 }))).toBe('E_ENCODING');
  });
});

describe('asking for a split', () => {
  test('weights are divided by their greatest common divisor', () => {
    const weights = (...all: number[]) => normalWeights(all.map((weight, i) => ({ name: `p${i}`, weight })));
    expect(weights(80, 10, 10)).toEqual([8, 1, 1]);
    expect(weights(7)).toEqual([1]);
    expect(weights(6 * 2 ** 40, 4 * 2 ** 40)).toEqual([3, 2]);
    expect(weights(2 ** 32 - 2, 1)).toEqual([2 ** 32 - 2, 1]);
  });

  test.each([0, -1, 0.5, Number.NaN, 2 ** 53])(
    'a weight of %d is refused, naming the part',
    async (weight) => {
      const { code, message } = await failure(() => normalWeights([{ name: 'val', weight }]));
      expect([code, message]).toEqual(['E_USAGE', `the weight of part "val" is ${weight}`]);
    },
  );

  test('weights of 2³² together are refused', async () => {
    const asked = [
      { name: 'a', weight: 2 ** 32 - 1 },
      { name: 'b', weight: 1 },
    ];
    const { code, about } = await failure(() => normalWeights(asked));
    expect([code, about]).toEqual(['E_USAGE', ['b']]);
  });

  test('what no entity may hold is wrong usage', async () => {
    const { code, message } = await failure(() => recipe(stable, { ...seeded, parts: ['train', 'a b'] }));
    expect(code).toBe('E_USAGE');
    expect(message).toMatch(/^stable: "a b" cannot name a part/);
  });

  test('no samples, and more folds than samples, are refused', async () => {
    const options = { scratch: await scratchHere() };
    expect(await codeOf(() => recipe(stable, seeded).divide(listOf([]), options))).toBe('E_USAGE');
    const three = recipe(kFold, { seed: '', folds: 3 });
    const { code, message } = await failure(() => three.divide(listOf(keyed(['a', 'b'])), options));
    expect([code, message]).toEqual(['E_USAGE', '3 folds are more than the 2 samples']);
    const one = await failure(() => three.divide(listOf(keyed(['a'])), options));
    expect(one.message).toBe('1 sample cannot be divided into folds');
    expect(one.hint).toContain('at least 2 folds');
    expect((await three.divide(listOf(keyed(['a', 'b', 'c'])), options)).parts).toEqual([
      { name: 'fold-0/train', index: 0, isComplement: true },
      { name: 'fold-0/test', index: 0, isComplement: false },
      { name: 'fold-1/train', index: 1, isComplement: true },
      { name: 'fold-1/test', index: 1, isComplement: false },
      { name: 'fold-2/train', index: 2, isComplement: true },
      { name: 'fold-2/test', index: 2, isComplement: false },
    ]);
  });

  test('a list of samples that does not keep its word is a bug', async () => {
    const options = { scratch: await scratchHere() };
    const samples = keyed(['a', 'b', 'c']);
    for (const broken of [
      listOf(samples.toReversed()),
      { ...listOf(samples), count: 4 },
      { ...listOf(samples), total: 2 },
    ]) {
      const divide = async () => {
        const division = await recipe(stable, seeded).divide(broken, options);
        for await (const _ of division.assigned());
      };
      expect(await codeOf(divide)).toBe('E_INTERNAL');
    }
  });
});
