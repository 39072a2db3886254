import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchesWildcard, parseWildcard } from '#src/workspace/ignore/wildcard.js';

/** How many bytes are compared, which is what a match costs. */
function cost(pattern: string, text: string): number {
  let compared = 0;
  const counting = new Proxy(parseWildcard(pattern) ?? [], {
    get(target, key) {
      compared++;
      return Reflect.get(target, key);
    },
  });
  matchesWildcard(counting, text, 0);
  return compared;
}

describe('matching takes no more than pattern times path', () => {
  test.each<[string, string]>([
    ['*a*a*a*a*a*a*a*a*b', 'a'.repeat(200)],
    ['**/**/**/**/**/**/**/x', 'a/'.repeat(100)],
    [`${'**/*a*/'.repeat(20)}b`, 'aaaaa/'.repeat(60)],
    [`${'*?'.repeat(50)}b`, 'a'.repeat(200)],
    ['[!b]*[!b]*[!b]*[!b]*b', 'a'.repeat(200)],
  ])('%s', (pattern, text) => {
    expect(cost(pattern, text)).toBeLessThan(2 * (pattern.length + 1) * (text.length + 1));
  });

  test('whatever the pattern', () => {
    const piece = fc.constantFrom('a', 'b', '/', '*', '**', '**/', '/**/', '?', '[ab]', '[!a]', '\\/');
    const pattern = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
    const text = fc
      .array(fc.constantFrom('a', 'b', '/'), { maxLength: 40 })
      .map((letters) => letters.join(''));
    fc.assert(
      fc.property(pattern, text, (a, b) => {
        expect(cost(a, b)).toBeLessThanOrEqual(2 * (a.length + 1) * (b.length + 1));
      }),
      { numRuns: 2000 },
    );
  });
});

test('and finds what going through all ways finds', () => {
  const naive = (tokens: NonNullable<ReturnType<typeof parseWildcard>>, text: string): boolean => {
    const [token, ...rest] = tokens;
    if (token === undefined) return text === '';
    if (token === 'across') return naive(rest, text) || (text !== '' && naive(tokens, text.slice(1)));
    if (token === 'within') return naive(rest, text) || (/^[^/]/.test(text) && naive(tokens, text.slice(1)));
    if (token === 'folders') {
      return (
        naive(rest, text) || [...text].some((letter, i) => letter === '/' && naive(rest, text.slice(i + 1)))
      );
    }
    const byte = text.charCodeAt(0);
    const fits = typeof token === 'number' ? token === byte : token[byte] === 1;
    return fits && naive(rest, text.slice(1));
  };
  const piece = fc.constantFrom('a', 'b', '/', '*', '**/', '/**', '/**/', '?', '[!a]', '**\\/');
  const pattern = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
  const text = fc.array(fc.constantFrom('a', 'b', '/'), { maxLength: 9 }).map((letters) => letters.join(''));
  fc.assert(
    fc.property(pattern, text, (a, b) => {
      const tokens = parseWildcard(a) ?? [];
      expect(matchesWildcard(tokens, b, 0)).toBe(naive(tokens, b));
    }),
    { numRuns: 3000 },
  );
});
