import { expect, test } from 'vitest';
import { encodeSplit, MAX_PARTS, parseSplit } from '#src/entities/split.js';
import { decode } from '#src/id/codec.js';
import { assertStrict, type Change, CONTENT, changed, NODE, refusal } from './strict.js';

const PART = { name: 'train', count: 2, members: NODE };
const SPLIT = {
  dvs: 1,
  kind: 'split',
  samples: NODE,
  of: { split: NODE, part: 'fold-0/train' },
  method: { name: 'stable', version: 1, seed: '42' },
  parts: [PART, { name: 'test', count: 0, members: NODE }],
};

test('a split is read as it was written', () => {
  const { dvs: _, kind: __, ...split } = SPLIT;
  expect(parseSplit(decode(encodeSplit(split).bytes))).toEqual(split);
  const whole = { ...split, of: undefined };
  expect(parseSplit(decode(encodeSplit(whole).bytes))).toEqual(whole);
});

test('a split has just its fields', () => assertStrict(parseSplit, SPLIT, ['of']));

test.each<[string, Change]>([
  ['two parts of one name', { parts: [PART, PART] }],
  ['no parts', { parts: [] }],
  [
    'too many parts',
    { parts: Array.from({ length: MAX_PARTS + 1 }, (_, i) => ({ ...PART, name: `p${i}` })) },
  ],
  ['a part that is a content', { parts: [{ ...PART, members: CONTENT }] }],
  ['a part with more', { parts: [{ ...PART, more: 1 }] }],
  ['a part without a count', { parts: [{ name: 'a', members: NODE }] }],
  ['a part with a count below zero', { parts: [{ ...PART, count: -1 }] }],
  ...['', '.', '..', '../a', '/a', 'a/', 'a/b/c', 'a//b', 'a b', '-a', 'ä', 'a\n'].map(
    (name): [string, Change] => [`a part called ${JSON.stringify(name)}`, { parts: [{ ...PART, name }] }],
  ),
  ...[
    ['fold-0/test'],
    ['train', 'fold-0/train', 'fold-0/test'],
    ['fold-0/train', 'fold-1/test'],
    ['fold-0/a', 'fold-0/b'],
    ['train/a', 'test/a'],
  ].map((names): [string, Change] => [
    `half a fold: ${names.join(' ')}`,
    { parts: names.map((name) => ({ ...PART, name })) },
  ]),
  ['a method without a version', { method: { name: 'stable' } }],
  ['a method without a name', { method: { version: 1 } }],
  ['samples that are a content', { samples: CONTENT }],
  ['of a content', { of: { split: CONTENT, part: 'train' } }],
  ['of no part', { of: { split: NODE } }],
])('no split: %s', async (_, change) => {
  expect(await refusal(parseSplit, changed(SPLIT, change))).toBe('E_ENCODING');
});

test('a name of a part has its limit', async () => {
  expect(await refusal(parseSplit, changed(SPLIT, { parts: [{ ...PART, name: 'x'.repeat(121) }] }))).toBe(
    'E_LIMIT',
  );
});
