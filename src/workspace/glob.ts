import { DvsError } from '../base/errors.js';

/** `*`: anything within a segment. */
const WITHIN = 'within';
/** `**`: anything. */
const ACROSS = 'across';
/** `**` and a slash: nothing, or whatever ends in a slash. Two tokens: what comes after may begin here or there. */
const FOLDERS = 'folders';
const INSIDE = 'inside';

/** First and last code points. */
type Range = readonly [number, number];

/** `?` and `[…]`: one character that is no slash. */
interface CharacterSet {
  readonly isNegated: boolean;
  readonly ranges: readonly Range[];
}

/** A character, one of several, or a stretch. */
type Token = number | CharacterSet | typeof WITHIN | typeof ACROSS | typeof FOLDERS | typeof INSIDE;

const SLASH = 0x2f;
const HYPHEN = 0x2d;
const ANY: CharacterSet = { isNegated: true, ranges: [] };

/** With no more stretches than this an expression of JavaScript, which is faster, takes no longer than can be waited for. */
const FEW_STRETCHES = 2;

/**
 * A test for the paths that a glob matches, or with `beneath` also for what lies beneath those. Patterns are kept, and run
 * where others sit: whatever the glob, a test takes no more time than can be waited for. E_USAGE for a set that goes down.
 */
export function compileGlob(pattern: string, beneath: boolean): (path: string) => boolean {
  const tokens = parse(pattern);
  const stretches = tokens.filter((token) => typeof token === 'string' && token !== INSIDE).length;
  return stretches <= FEW_STRETCHES ? byExpression(tokens, beneath) : byStates(tokens, beneath);
}

function parse(pattern: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < pattern.length; ) {
    const set = pattern[at] === '[' ? /^\[(!?)([^\]/]+)\]/.exec(pattern.slice(at)) : null;
    if (pattern.startsWith('**/', at)) {
      tokens.push(FOLDERS, INSIDE);
      at += 3;
    } else if (pattern.startsWith('**', at)) {
      tokens.push(ACROSS);
      at += 2;
    } else if (set !== null) {
      tokens.push({ isNegated: set[1] === '!', ranges: rangesOf(set[2] ?? '', pattern) });
      at += set[0].length;
    } else {
      const character = pattern.codePointAt(at) ?? 0;
      const letter = String.fromCodePoint(character);
      tokens.push(letter === '*' ? WITHIN : letter === '?' ? ANY : character);
      at += letter.length;
    }
  }
  return tokens;
}

/** The characters of a set; a hyphen between two stands for those from one to the other. */
function rangesOf(content: string, pattern: string): Range[] {
  const characters = [...content].map((letter) => letter.codePointAt(0) ?? 0);
  const ranges: Range[] = [];
  for (let i = 0; i < characters.length; i++) {
    const first = characters[i] ?? 0;
    const isRange = characters[i + 1] === HYPHEN && i + 2 < characters.length;
    const last = isRange ? (characters[i + 2] ?? 0) : first;
    if (last < first) throw senseless(pattern);
    ranges.push([first, last]);
    if (isRange) i += 2;
  }
  return ranges;
}

function byExpression(tokens: readonly Token[], beneath: boolean): (path: string) => boolean {
  const expression = new RegExp(`^${tokens.map(sourceOf).join('')}${beneath ? '(?:/.*)?' : ''}$`, 'su');
  return (path) => expression.test(path);
}

function sourceOf(token: Token): string {
  if (token === WITHIN) return '[^/]*';
  if (token === ACROSS) return '.*';
  if (token === FOLDERS) return '(?:.*/)?';
  if (token === INSIDE) return '';
  if (typeof token === 'number') return escaped(token);
  const ranges = token.ranges.map(([first, last]) => `${escaped(first)}-${escaped(last)}`).join('');
  return `(?!/)[${token.isNegated ? '^/' : ''}${ranges}]`;
}

function escaped(character: number): string {
  return `\\u{${character.toString(16)}}`;
}

/** Follows all ways to match at once, so that it takes no more than the product of both lengths. */
function byStates(tokens: readonly Token[], beneath: boolean): (path: string) => boolean {
  const end = tokens.length;
  return (path) => {
    /** Of each token, and the end, whether it may come next: here, and after the next character. */
    let here = new Uint8Array(end + 1);
    let after = new Uint8Array(end + 1);
    enter(tokens, here, 0);
    for (const letter of path) {
      const character = letter.codePointAt(0) ?? 0;
      if (beneath && character === SLASH && here[end] === 1) return true;
      for (const [i, token] of tokens.entries()) if (here[i] === 1) step(tokens, after, i, token, character);
      [here, after] = [after, here.fill(0)];
    }
    return here[end] === 1;
  };
}

/** Notes what may come after a character that comes where `token` may. */
function step(tokens: readonly Token[], after: Uint8Array, i: number, token: Token, character: number): void {
  if (typeof token !== 'string') {
    if (fits(token, character)) enter(tokens, after, i + 1);
  } else if (token === INSIDE) {
    after[i] = 1;
    if (character === SLASH) enter(tokens, after, i + 1);
  } else if (token === ACROSS || (token === WITHIN && character !== SLASH)) enter(tokens, after, i);
}

/** Notes that a token may come next, and those after it where it may stand for nothing. */
function enter(tokens: readonly Token[], states: Uint8Array, first: number): void {
  for (let i = first; states[i] !== 1; ) {
    states[i] = 1;
    const token = tokens[i];
    if (token === FOLDERS) {
      states[i + 1] = 1;
      i += 2;
    } else if (token === WITHIN || token === ACROSS) i++;
    else return;
  }
}

function fits(token: number | CharacterSet, character: number): boolean {
  if (typeof token === 'number') return token === character;
  if (character === SLASH) return false;
  return token.ranges.some(([first, last]) => character >= first && character <= last) !== token.isNegated;
}

function senseless(pattern: string): DvsError {
  return new DvsError('E_USAGE', `a set in the pattern ${pattern} makes no sense`, {
    about: [pattern],
    hint: 'Write ranges upwards, such as [a-z]; for a bracket itself write [[].',
  });
}
