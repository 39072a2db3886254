import { describe, expect, test } from 'vitest';
import { assertNoCollisions, foldsNames } from '#src/ops/checkout/collisions.js';
import { codeOf, failure } from '../support/errors.js';
import { read } from '../support/repository.js';
import { tempDir } from '../support/tmp.js';

describe('names that one file system would merge', () => {
  test.each([
    ['case', ['Readme', 'readme']],
    ['case of a folder', ['Data/a', 'data/b']],
    ['case deep inside', ['a/B/c', 'a/b/d']],
    ['composed and decomposed', ['caf\u00e9', 'cafe\u0301']],
    ['sharp s', ['stra\u00dfe', 'STRASSE']],
    ['a file and a folder', ['x', 'X/y']],
  ])('by %s are refused', async (_, paths) => {
    for (const order of [paths, paths.toReversed()]) {
      expect(await codeOf(() => assertNoCollisions(order))).toBe('E_PATH_COLLISION');
    }
  });

  test('are named in the error', async () => {
    expect((await failure(() => assertNoCollisions(['Data/a', 'data/b']))).about).toEqual(['Data', 'data']);
  });

  test.each([[['a', 'b']], [['a/x', 'a/y', 'b/x']], [['a', 'a.', 'a ', '\u00e5']], [[]]])(
    '%j are fine',
    (paths) => {
      assertNoCollisions(paths);
    },
  );
});

test('asking a file system leaves nothing there', async () => {
  const folder = await tempDir();
  expect(foldsNames(folder)).toBe(process.platform === 'darwin' || process.platform === 'win32');
  expect(read(folder)).toEqual({});
});
