import { describe, expect, test } from 'vitest';
import {
  exactMatcher,
  literalPattern,
  matcher,
  patternsWithin,
  prefixesOf,
} from '#src/workspace/patterns.js';

const PATHS = ['a', 'a/b', 'a/b/c', 'a-b', 'n[1]', 'n1', 'x*', 'xy', 'd/e/f.txt'];

/** The paths that patterns choose. */
function chosen(...patterns: string[]): string[] {
  return PATHS.filter(matcher(patterns));
}

describe('patterns', () => {
  test('choose a path and what is beneath it', () => {
    expect(chosen('a')).toEqual(['a', 'a/b', 'a/b/c']);
    expect(chosen('./a/b/')).toEqual(['a/b', 'a/b/c']);
    expect(chosen()).toEqual(PATHS);
  });

  test('have wildcards that stay in a folder, and one that does not', () => {
    expect(chosen('a/*')).toEqual(['a/b', 'a/b/c']);
    expect(chosen('**/*.txt')).toEqual(['d/e/f.txt']);
    expect(chosen('?-[ab]')).toEqual(['a-b']);
  });

  test('also mean the path that is written just so', () => {
    expect(chosen('n[1]')).toEqual(['n[1]', 'n1']);
    expect(chosen(literalPattern('n[1]'))).toEqual(['n[1]']);
    expect(chosen(literalPattern('x*'))).toEqual(['x*']);
  });

  test('can be held to the paths that they name', () => {
    expect(PATHS.filter(exactMatcher(['a', 'd*', 'a/*']))).toEqual(['a', 'a/b']);
  });

  test('for a workspace are told as those of a folder in it', () => {
    expect(patternsWithin('raw/d/', 'raw/d/train/*')).toEqual(['train/*']);
    expect(patternsWithin('raw/d/', '*/d/x')).toEqual(['x']);
    expect(patternsWithin('raw/d/', 'raw')).toEqual(['**']);
    expect(patternsWithin('raw/d/', 'other/x')).toEqual([]);
    expect(patternsWithin('raw/d/', '**/x')).toEqual(['**/x']);
    expect(patternsWithin('n[1]/', 'n[1]/x')).toEqual(['x']);
    expect(patternsWithin('', 'x')).toEqual(['x']);
  });

  test('with a set that makes no sense are refused', () => {
    expect(() => matcher(['[z-a]'])).toThrow('makes no sense');
  });

  test('tell where to look for what they choose', () => {
    expect(prefixesOf(['b/*.txt', 'a/x', 'a', 'b/*'])).toEqual(['a', 'b/']);
    expect(prefixesOf([])).toEqual(['']);
    expect(prefixesOf(['**/x', 'a'])).toEqual(['']);
    const many = Array.from({ length: 100 }, (_, i) => `f${i}`);
    expect(prefixesOf(many)).toEqual(['']);
  });
});
