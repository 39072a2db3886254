const CLASSES: ReadonlyMap<string, RegExp> = new Map([
  ['alnum', /[A-Za-z0-9]/],
  ['alpha', /[A-Za-z]/],
  ['blank', /[ \t]/],
  ['cntrl', /[\0-\x1f\x7f]/],
  ['digit', /[0-9]/],
  ['graph', /[!-~]/],
  ['lower', /[a-z]/],
  ['print', /[ -~]/],
  ['punct', /[!-/:-@[-`{-~]/],
  ['space', /[ \t\n\r]/],
  ['upper', /[A-Z]/],
  ['xdigit', /[0-9A-Fa-f]/],
]);

/** Which bytes a `[…]` stands for: 1 for each that it has. */
export interface CharacterSet {
  readonly has: Uint8Array;
  /** Where the pattern goes on. */
  readonly end: number;
}

/**
 * The set whose `[` stands right before `start`, as git reads one: `!` or `^` negates, `]` may come first, ranges,
 * escapes, `[:classes:]` of ASCII; never a slash. Undefined for one that is not closed or names an unknown class:
 * git lets such a pattern match nothing.
 */
export function parseSet(pattern: string, start: number): CharacterSet | undefined {
  const has = new Uint8Array(256);
  const isNegated = pattern[start] === '!' || pattern[start] === '^';
  let at = isNegated ? start + 1 : start;
  /** What a range could begin with. */
  let previous: number | undefined;
  do {
    const letter = pattern[at];
    if (letter === undefined) return undefined;
    if (letter === '-' && previous !== undefined && at + 1 < pattern.length && pattern[at + 1] !== ']') {
      at = pattern[at + 1] === '\\' ? at + 2 : at + 1;
      if (at >= pattern.length) return undefined;
      has.fill(1, previous, Math.max(previous, pattern.charCodeAt(at) + 1));
      previous = undefined;
    } else if (letter === '[' && pattern[at + 1] === ':') {
      const end = pattern.indexOf(']', at + 2);
      if (end < 0) return undefined;
      if (end > at + 2 && pattern[end - 1] === ':') {
        if (!addClass(has, pattern.slice(at + 2, end - 1))) return undefined;
        at = end;
        previous = undefined;
      } else previous = add(has, pattern, at);
    } else {
      if (letter === '\\') at++;
      if (at >= pattern.length) return undefined;
      previous = add(has, pattern, at);
    }
    at++;
  } while (pattern[at] !== ']');
  if (isNegated) for (let byte = 0; byte < 256; byte++) has[byte] = 1 - (has[byte] ?? 0);
  has['/'.charCodeAt(0)] = 0;
  return { has, end: at + 1 };
}

function add(has: Uint8Array, pattern: string, at: number): number {
  const byte = pattern.charCodeAt(at);
  has[byte] = 1;
  return byte;
}

function addClass(has: Uint8Array, name: string): boolean {
  const members = CLASSES.get(name);
  if (members === undefined) return false;
  for (let byte = 0; byte < 128; byte++) if (members.test(String.fromCharCode(byte))) has[byte] = 1;
  return true;
}
