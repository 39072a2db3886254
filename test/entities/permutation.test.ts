import { expect, test } from 'vitest';
import { encodePermutation, parsePermutation } from '#src/entities/permutation.js';
import { decode, isMap, type Value } from '#src/id/codec.js';
import { assertStrict, type Change, CONTENT, changed, NODE, refusal } from './strict.js';

const PERMUTATION = {
  dvs: 1,
  kind: 'permutation',
  of: NODE,
  part: 'train',
  algorithm: 'dvs-perm-1',
  seed: '42',
  n: '7',
};

test.each([1n, 2n ** 53n + 1n, 2n ** 64n])('a permutation of %s is read as it was written', (n) => {
  const permutation = { of: NODE, part: undefined, algorithm: 'dvs-perm-1', seed: '', n };
  expect(parsePermutation(decode(encodePermutation(permutation).bytes))).toEqual(permutation);
});

test('a permutation has just its fields', () => {
  // Any text may be a seed, an algorithm that is yet to come, or a part that there is not.
  const { seed: _, part: __, algorithm: ___, ...texts } = PERMUTATION;
  const parse = (value: Value): unknown =>
    parsePermutation(isMap(value) ? { seed: '', algorithm: 'x', ...value } : value);
  return assertStrict(parse, texts);
});

test.each<[string, Change, string]>([
  ...['0', '01', '-1', '1.0', '1e3', ' 1', '', '18446744073709551617', '99999999999999999999999'].map(
    (n): [string, Change, string] => [`n is ${JSON.stringify(n)}`, { n }, 'E_ENCODING'],
  ),
  ['n is a number', { n: 7 }, 'E_ENCODING'],
  ['a seed of two lines', { seed: 'a\nb' }, 'E_ENCODING'],
  ['a seed that is no text', { seed: 42 }, 'E_ENCODING'],
  ['a long seed', { seed: 'x'.repeat(1001) }, 'E_LIMIT'],
  ['of a content', { of: CONTENT }, 'E_ENCODING'],
  ['more fields', { more: 1 }, 'E_ENCODING'],
])('no permutation: %s', async (_, change, code) => {
  expect(await refusal(parsePermutation, changed(PERMUTATION, change))).toBe(code);
});
