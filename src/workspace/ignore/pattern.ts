import type { RawName } from '../list-folder.js';
import { matchesWildcard, parseWildcard } from './wildcard.js';

/** A line of a .dvsignore. */
export interface Pattern {
  /** From 1. */
  readonly line: number;
  /** As it was written, without spaces at its end; its bytes are one a character. */
  readonly text: RawName;
  /** Begins with `!`: what it matches is not ignored. */
  readonly isNegative: boolean;
  /** Ends with `/`. */
  readonly isForFolders: boolean;
  /**
   * Whether it matches a path whose last name begins at `nameAt`, in the folder (of the .dvsignore) whose paths
   * begin at `start`.
   */
  matches(path: RawName, start: number, nameAt: number): boolean;
}

const BYTE_ORDER_MARK = '\xef\xbb\xbf';

/** The patterns of a .dvsignore, in order: what gitignore(5) says, and where that is silent what git does. */
export function parsePatterns(text: RawName): Pattern[] {
  const body = text.startsWith(BYTE_ORDER_MARK) ? text.slice(BYTE_ORDER_MARK.length) : text;
  return body.split('\n').flatMap((line, i) => {
    const [written = ''] = line.replace(/\r$/, '').split('\0', 1);
    const pattern = withoutSpaces(written);
    return pattern === '' || line.startsWith('#') ? [] : [parsePattern(pattern, i + 1)];
  });
}

/** Spaces at the end count for nothing unless they are escaped. */
function withoutSpaces(line: string): string {
  let end = line.length;
  while (end > 0 && line[end - 1] === ' ') end--;
  let escapes = 0;
  while (escapes < end && line[end - 1 - escapes] === '\\') escapes++;
  return line.slice(0, escapes % 2 === 1 && end < line.length ? end + 1 : end);
}

function parsePattern(text: RawName, line: number): Pattern {
  const isNegative = text.startsWith('!');
  const isForFolders = text.endsWith('/');
  const body = text.slice(isNegative ? 1 : 0, isForFolders ? -1 : text.length);
  return { line, text, isNegative, isForFolders, matches: body.includes('/') ? ofPath(body) : ofName(body) };
}

/** A pattern without a slash is for the last name, at any depth. */
function ofName(body: string): Pattern['matches'] {
  const literal = literalPrefix(body);
  if (literal === body)
    return (path, _, nameAt) => path.length - nameAt === body.length && path.endsWith(body);
  const end = body.slice(1);
  if (body.startsWith('*') && literalPrefix(end) === end) {
    return (path, _, nameAt) => path.length - nameAt >= end.length && path.endsWith(end);
  }
  const wildcard = parseWildcard(body);
  if (wildcard === undefined) return () => false;
  return (path, _, nameAt) => path.startsWith(literal, nameAt) && matchesWildcard(wildcard, path, nameAt);
}

/** One with a slash is for paths from the folder of its .dvsignore on. */
function ofPath(body: string): Pattern['matches'] {
  const whole = body.startsWith('/') ? body.slice(1) : body;
  const literal = literalPrefix(whole);
  // As in git, stars that follow the literal beginning stand at the beginning of what is matched.
  const rest = parseWildcard(whole.slice(literal.length));
  if (rest === undefined) return () => false;
  return (path, start) =>
    path.startsWith(literal, start) && matchesWildcard(rest, path, start + literal.length);
}

/** What comes before the first character that means something. */
function literalPrefix(pattern: string): string {
  const end = pattern.search(/[*?[\\]/);
  return end < 0 ? pattern : pattern.slice(0, end);
}
