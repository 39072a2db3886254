/**
 * A test for the paths that `patterns` choose: a path itself, all beneath it, or a glob, in which `*` and `?`
 * stay within a segment, `**` crosses them, and `[…]` is a set. No patterns choose everything.
 */
export function matcher(patterns: readonly string[]): (path: string) => boolean {
  if (patterns.length === 0) return () => true;
  const expressions = patterns.map((pattern) =>
    toExpression(pattern.replace(/^\.\//, '').replace(/\/+$/, '')),
  );
  return (path) => expressions.some((expression) => expression.test(path));
}

/** The path that all matches of all patterns begin with, so that a tree can be entered there. */
export function commonPrefix(patterns: readonly string[]): string {
  const [first = '', ...others] = patterns.map((pattern) =>
    pattern.replace(/^\.\//, '').replace(/[*?[].*$/s, ''),
  );
  let { length } = first;
  for (const other of others) {
    while (!other.startsWith(first.slice(0, length))) length--;
  }
  return first.slice(0, length);
}

function toExpression(pattern: string): RegExp {
  let source = '';
  for (let at = 0; at < pattern.length; ) {
    const { text, length } = nextPart(pattern, at);
    source += text;
    at += length;
  }
  return new RegExp(`^${source}(?:/.*)?$`, 'su');
}

function nextPart(pattern: string, at: number): { text: string; length: number } {
  if (pattern.startsWith('**/', at)) return { text: '(?:.*/)?', length: 3 };
  if (pattern.startsWith('**', at)) return { text: '.*', length: 2 };
  const set = /^\[(!?)([^\]/]+)\]/.exec(pattern.slice(at));
  if (set !== null) {
    const inside = (set[2] ?? '').replace(/[\\^[\]&~]/g, '\\$&');
    return { text: `[${set[1] === '' ? '' : '^'}${inside}]`, length: set[0].length };
  }
  const letter = String.fromCodePoint(pattern.codePointAt(at) ?? 0);
  if (letter === '*') return { text: '[^/]*', length: 1 };
  if (letter === '?') return { text: '[^/]', length: 1 };
  return { text: letter.replace(/[$()*+./?[\\\]^{|}]/g, '\\$&'), length: letter.length };
}
