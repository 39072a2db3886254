import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isDvsError } from '#src/base/errors.js';
import { compileGlob } from '#src/workspace/glob.js';

/** What globs mean, by trying everything: which is short, and may take for ever. */
function means(pattern: string, path: string, beneath: boolean): boolean {
  if (pattern === '') return path === '' || (beneath && path.startsWith('/'));
  const [letter = ''] = [...path];
  if (pattern.startsWith('**/')) {
    const slashes = [...path].flatMap((character, i) => (character === '/' ? [i] : []));
    const units = slashes.map((i) => [...path].slice(0, i + 1).join('').length);
    return [0, ...units].some((start) => means(pattern.slice(3), path.slice(start), beneath));
  }
  if (pattern.startsWith('**'))
    return (
      means(pattern.slice(2), path, beneath) ||
      (path !== '' && means(pattern, path.slice(letter.length), beneath))
    );
  if (pattern.startsWith('*'))
    return (
      means(pattern.slice(1), path, beneath) ||
      (path !== '' && letter !== '/' && means(pattern, path.slice(letter.length), beneath))
    );
  const set = /^\[(!?)([^\]/]+)\]/u.exec(pattern);
  const rest = (length: number): boolean => means(pattern.slice(length), path.slice(letter.length), beneath);
  if (path === '') return false;
  if (set !== null) {
    const isIn = new RegExp(`[${(set[2] ?? '').replace(/[\\^[\]&~]/g, '\\$&')}]`, 'u').test(letter);
    return letter !== '/' && isIn !== (set[1] === '!') && rest(set[0].length);
  }
  if (pattern.startsWith('?')) return letter !== '/' && rest(1);
  const [own = ''] = [...pattern];
  return own === letter && rest(own.length);
}

describe('a glob', () => {
  test('matches what it means, with few stretches and with many', () => {
    const part = fc.constantFrom(
      'a',
      'b',
      '/',
      '*',
      '**',
      '**/',
      '?',
      '[ab]',
      '[!a]',
      '[a-c]',
      '[+-9]',
      '😀',
      '.',
    );
    const letter = fc.constantFrom('a', 'b', 'c', '/', '😀', '.', '-', '5');
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 8 }),
        fc.array(letter, { maxLength: 8 }),
        fc.boolean(),
        (parts, letters, beneath) => {
          const [pattern, path] = [parts.join(''), letters.join('')];
          expect(compileGlob(pattern, beneath)(path)).toBe(means(pattern, path, beneath));
        },
      ),
      { numRuns: 20_000 },
    );
  });

  test('is never tried for ever', () => {
    const glob = compileGlob(`${'*a'.repeat(200)}**/${'**a'.repeat(200)}b`, true);
    expect(glob(`${'a'.repeat(1000)}/${'a'.repeat(1000)}`)).toBe(false);
  });

  test('has sets that stand for no slash, and go upwards', () => {
    expect(compileGlob('a[!b]c', false)('a/c')).toBe(false);
    expect(compileGlob('a[+-9]c', false)('a/c')).toBe(false);
    expect(compileGlob('[a', false)('[a')).toBe(true);
    expect(() => compileGlob('[z-a]', false)).toThrow(
      expect.toSatisfy((error) => isDvsError(error, 'E_USAGE')),
    );
  });
});
