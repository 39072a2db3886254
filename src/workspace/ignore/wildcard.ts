import { parseSet } from './character-set.js';

const [BACKSLASH, SLASH, STAR, QUESTION, BRACKET] = ['\\', '/', '*', '?', '['].map((c) => c.charCodeAt(0));

/** `*`: anything within a segment. */
const WITHIN = 'within';
/** `**` at the end, or before an escaped slash: anything. */
const ACROSS = 'across';
/** `**` and its slash: nothing, or whatever ends in a slash. */
const FOLDERS = 'folders';

/** A byte, one of several bytes, or a stretch. */
type Token = number | Uint8Array | typeof WITHIN | typeof ACROSS | typeof FOLDERS;

/** What a wildcard pattern of gitignore says, taken apart. */
export type Wildcard = readonly Token[];

const ANY_BYTE = new Uint8Array(256).fill(1);
if (SLASH !== undefined) ANY_BYTE[SLASH] = 0;

/** Takes apart a pattern whose bytes are one a character; undefined for one that matches nothing. */
export function parseWildcard(pattern: string): Wildcard | undefined {
  const tokens: Token[] = [];
  for (let at = 0; at < pattern.length; ) {
    const byte = pattern.charCodeAt(at);
    if (byte === STAR) {
      const end = endOfStars(pattern, at);
      const isAlone = at === 0 || pattern.charCodeAt(at - 1) === SLASH;
      const stretch = end - at > 1 && isAlone ? crossing(pattern, end) : WITHIN;
      if (tokens.at(-1) !== stretch) tokens.push(stretch);
      at = stretch === FOLDERS ? end + 1 : end;
    } else if (byte === BRACKET) {
      const set = parseSet(pattern, at + 1);
      if (set === undefined) return undefined;
      tokens.push(set.has);
      at = set.end;
    } else if (byte === BACKSLASH) {
      if (at + 1 === pattern.length) return undefined;
      tokens.push(pattern.charCodeAt(at + 1));
      at += 2;
    } else {
      tokens.push(byte === QUESTION ? ANY_BYTE : byte);
      at++;
    }
  }
  return tokens;
}

function endOfStars(pattern: string, at: number): number {
  let end = at;
  while (pattern.charCodeAt(end) === STAR) end++;
  return end;
}

/** What two or more stars are that stand at the beginning of a segment. */
function crossing(pattern: string, end: number): Token & string {
  if (pattern.charCodeAt(end) === SLASH) return FOLDERS;
  return end === pattern.length || pattern.startsWith('\\/', end) ? ACROSS : WITHIN;
}

/**
 * Whether all of `text` from `start` matches. Takes at most the product of both lengths, whatever the pattern: of
 * the stretches that a mismatch could have ended too early only the last within a segment and the last across them
 * need to be tried again, because what lies between two that cross can end in one place only.
 */
export function matchesWildcard(tokens: Wildcard, text: string, start: number): boolean {
  let next = 0;
  let at = start;
  /** The token after the last stretch of each sort, and where in the text it was last tried. */
  let within = 0;
  let withinAt = 0;
  let across = 0;
  let acrossAt = 0;
  for (;;) {
    const token = tokens[next];
    if (token === WITHIN) {
      within = ++next;
      withinAt = at;
    } else if (token === ACROSS || token === FOLDERS) {
      across = ++next;
      acrossAt = at;
      within = 0;
    } else if (token !== undefined && at < text.length && fits(token, text.charCodeAt(at))) {
      next++;
      at++;
    } else if (token === undefined && at === text.length) {
      return true;
    } else if (within > 0 && withinAt < text.length && text.charCodeAt(withinAt) !== SLASH) {
      at = ++withinAt;
      next = within;
    } else {
      if (across === 0 || acrossAt >= text.length) return false;
      acrossAt = tokens[across - 1] === ACROSS ? acrossAt + 1 : text.indexOf('/', acrossAt) + 1;
      if (acrossAt === 0) return false;
      at = acrossAt;
      next = across;
      within = 0;
    }
  }
}

function fits(token: number | Uint8Array, byte: number): boolean {
  return typeof token === 'number' ? token === byte : token[byte] === 1;
}
