import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkPath, foldedPath, isReservedSegment, isSkippedName } from '#src/entities/path.js';
import { hasCode } from '../tree/support.js';

const refuses = (code: 'E_PATH' | 'E_PATH_RESERVED') => (path: string) =>
  expect(() => checkPath(path)).toThrow(expect.toSatisfy(hasCode(code)));

describe('the path of a dataset', () => {
  test.each([
    'a',
    'train/cat/0001.jpg',
    'names with spaces and ünïcödé/日本語/😀',
    'back\\slash',
    '...',
    '.hidden',
    'a:b',
    '-rf',
    '.gitignore',
    '.github/workflows',
    '.dvsignore',
    'git',
    'x.git',
    'gitk~1',
    's'.repeat(255),
    `${'s/'.repeat(2047)}ss`,
    'é'.repeat(127),
  ])('may be %j', (path) => {
    expect(() => checkPath(path)).not.toThrow();
  });

  test.each([
    '',
    '/etc/passwd',
    '/',
    'a/',
    'a//b',
    '.',
    '..',
    'a/./b',
    'a/../b',
    '../b',
    'nul\0',
    'line\nfeed',
    'escape\u001b[31m',
    'delete\u007f',
    'c1\u0085',
    '\ud800 alone',
    'alone \udc00',
    's'.repeat(256),
    'é'.repeat(128),
    `${'s/'.repeat(2047)}sss`,
  ])('may not be %j', refuses('E_PATH'));

  test.each([
    '.git',
    '.dvs',
    'a/.git/config',
    '.GIT',
    '.Dvs',
    '.dvſ',
    '.git.',
    '.git ',
    '.git . .',
    '.git::$INDEX_ALLOCATION',
    '.git:stream',
    'git~1',
    'GIT~1/hooks',
    'dvs~2',
    '.g\u200cit',
    '\ufeff.git',
    '.git\u202e',
    '.d\u206av\u200fs',
    'a\\.git',
    '.git\\hooks',
  ])('may not be %j, which some file system takes for a reserved name', refuses('E_PATH_RESERVED'));

  test('is one or the other for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (path) => {
        try {
          checkPath(path);
        } catch (error) {
          expect(hasCode('E_PATH')(error) || hasCode('E_PATH_RESERVED')(error)).toBe(true);
        }
      }),
    );
  });
});

test('only the very names .dvs and .git are passed by in silence', () => {
  expect(['.dvs', '.git', '.GIT', '.git.', 'git~1', '.dvsignore'].filter(isSkippedName)).toEqual([
    '.dvs',
    '.git',
  ]);
});

test('a reserved name stays reserved however it is disguised', () => {
  const disguise = fc.record({
    name: fc.constantFrom('.git', '.dvs', 'git~1', 'dvs~1'),
    ignored: fc.array(fc.constantFrom('\u200c', '\u200d', '\u202a', '\u206f', '\ufeff')),
    upper: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
    end: fc.constantFrom('', '.', ' ', ' . ', ':x', '::$DATA'),
  });
  fc.assert(
    fc.property(disguise, ({ name, ignored, upper, end }) => {
      const letters = [...name].map(
        (letter, i) => (ignored[i] ?? '') + (upper[i] ? letter.toUpperCase() : letter),
      );
      expect(isReservedSegment(letters.join('') + end)).toBe(true);
    }),
  );
});

test.each([
  ['Readme.md', 'README.MD'],
  ['straße', 'STRASSE'],
  ['caf\u00e9', 'cafe\u0301'],
  ['CAF\u00c9', 'cafe\u0301'],
  ['σίσυφος', 'ΣΊΣΥΦΟΣ'],
])('%j and %j would be one file on some file system', (a, b) => {
  expect(foldedPath(a)).toBe(foldedPath(b));
});

test('different names stay different when folded', () => {
  expect(new Set(['a', 'b', 'a/b', 'ab', 'é', 'e'].map(foldedPath)).size).toBe(6);
});
