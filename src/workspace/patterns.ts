import { compareUtf8 } from '../base/bytes.js';
import { plainPath } from '../entities/path.js';
import { compileGlob } from './glob.js';

/**
 * A test for the paths that `patterns` choose: a path itself, all beneath it, or a glob, in which `*` and `?`
 * stay within a segment, `**` crosses them, and `[…]` is a set. No patterns choose everything.
 */
export function matcher(patterns: readonly string[]): (path: string) => boolean {
  if (patterns.length === 0) return () => true;
  const { paths, globs } = parsePatterns(patterns, true);
  return (path) => isIn(paths, path) || globs.some((matches) => matches(path));
}

/** Like `matcher`, for the paths alone that the patterns name: not for what is beneath them. */
export function exactMatcher(patterns: readonly string[]): (path: string) => boolean {
  const { paths, globs } = parsePatterns(patterns, false);
  return (path) => paths.has(path) || globs.some((matches) => matches(path));
}

interface Parsed {
  readonly paths: ReadonlySet<string>;
  readonly globs: readonly ((path: string) => boolean)[];
}

/** `beneath`: a glob also chooses what lies beneath what it matches. */
function parsePatterns(patterns: readonly string[], beneath: boolean): Parsed {
  // A pattern also means the path that is written just so: brackets are common in names.
  const paths = new Set(patterns.map(plainPath));
  const globs: ((path: string) => boolean)[] = [];
  for (const pattern of patterns.map(plainPath)) {
    const path = literalOf(pattern);
    if (path === undefined) globs.push(compileGlob(pattern, beneath));
    else paths.add(path);
  }
  return { paths, globs };
}

/** The pattern that chooses `path` and what is beneath it, whatever characters it has. */
export function literalPattern(path: string): string {
  return path.replace(/[*?[]/g, '[$&]');
}

/** A wildcard that stands for itself. */
const LITERAL = /\[([*?[])\]/g;

/** The path that a pattern without wildcards means. */
function literalOf(pattern: string): string | undefined {
  return /[*?[]/.test(pattern.replace(LITERAL, '')) ? undefined : pattern.replace(LITERAL, '$1');
}

/** Whether `path` or a folder above it is among `paths`. */
function isIn(paths: ReadonlySet<string>, path: string): boolean {
  if (paths.size === 0) return false;
  for (let end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) {
    if (paths.has(path.slice(0, end))) return true;
  }
  return paths.has(path);
}

/** More beginnings than this are not worth a search each. */
const MOST_PREFIXES = 64;

/**
 * What every match of some pattern begins with, so that a tree can be entered there: in byte order, none the beginning of
 * another.
 */
export function prefixesOf(patterns: readonly string[]): string[] {
  if (patterns.length === 0 || patterns.length > MOST_PREFIXES) return [''];
  const sorted = patterns.map((pattern) => plainPath(pattern).replace(/[*?[].*$/s, '')).sort(compareUtf8);
  const prefixes: string[] = [];
  for (const prefix of sorted) {
    const last = prefixes.at(-1);
    if (last === undefined || !prefix.startsWith(last)) prefixes.push(prefix);
  }
  return prefixes;
}

/**
 * The patterns that choose in a folder what `pattern`, which is for the paths above it, chooses there. The pattern of an
 * ancestor, or of the folder itself, chooses all.
 */
export function patternsWithin(folder: string, pattern: string): string[] {
  const folders = folder.split('/').filter((segment) => segment !== '');
  const found = within(folders, plainPath(pattern).split('/'));
  return [...new Set(found.map((segments) => (segments.length === 0 ? '**' : segments.join('/'))))];
}

function within(folders: readonly string[], pattern: readonly string[]): (readonly string[])[] {
  const [folder, ...deeper] = folders;
  const [segment, ...rest] = pattern;
  if (folder === undefined) return [pattern];
  if (segment === undefined) return [[]];
  if (segment === '**') return [...within(deeper, pattern), ...within(folders, rest)];
  return exactMatcher([segment])(folder) ? within(deeper, rest) : [];
}
