import { Unreadable } from './unreadable.js';

/** A value as Python's `repr` writes it. */
export type Literal = string | number | boolean | Group;

/** A tuple or a list. */
export interface Group {
  readonly isTuple: boolean;
  readonly items: readonly Literal[];
}

/** A value, and how it was written. */
export interface WrittenLiteral {
  readonly value: Literal;
  readonly source: string;
}

const MAX_DEPTH = 32;
const SPACE = /[ \t\r\n]*/y;
/** Python 2 wrote an L after long ones. */
const NUMBER = /(0|[1-9]\d{0,15})L?(?![\w.])/y;
const WORD = /[A-Za-z_]+/y;
const STRING = /'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"/y;
const ESCAPE = /\\(?:x([\da-f]{2})|u([\da-f]{4})|U([\da-f]{8})|(.))/gs;
const SIMPLE_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\\', '\\'],
  ["'", "'"],
  ['"', '"'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

/**
 * A dict of strings to strings, whole numbers from 0, booleans, tuples and lists of them, in Python's notation: what the
 * header of a `.npy` file holds. Throws `Unreadable` for anything else, a key that comes twice included.
 */
export function parsePythonDict(text: string): Map<string, WrittenLiteral> {
  return new Parser(text).dict();
}

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  dict(): Map<string, WrittenLiteral> {
    const entries = new Map<string, WrittenLiteral>();
    this.#expect('{');
    while (!this.#has('}')) {
      const key = this.#string();
      if (entries.has(key)) throw this.#unexpected();
      this.#expect(':');
      this.#space();
      const start = this.#at;
      const value = this.#value(0);
      entries.set(key, { value, source: this.#text.slice(start, this.#at) });
      if (!this.#has(',')) {
        this.#expect('}');
        break;
      }
    }
    this.#space();
    if (this.#at < this.#text.length) throw this.#unexpected();
    return entries;
  }

  #value(depth: number): Literal {
    if (depth > MAX_DEPTH) throw new Unreadable('its header is nested too deep');
    if (this.#has('(')) return this.#group(')', depth);
    if (this.#has('[')) return this.#group(']', depth);
    const number = this.#match(NUMBER)?.[1];
    if (number !== undefined) return Number(number);
    const word = this.#match(WORD)?.[0];
    if (word === undefined) return this.#string();
    if (word !== 'True' && word !== 'False') throw this.#unexpected();
    return word === 'True';
  }

  #group(closing: ')' | ']', depth: number): Group {
    const isTuple = closing === ')';
    const items: Literal[] = [];
    let hasComma = true;
    while (!this.#has(closing)) {
      if (!hasComma) throw this.#unexpected();
      items.push(this.#value(depth + 1));
      hasComma = this.#has(',');
    }
    // Without a comma it is no tuple but a value in brackets, which nobody writes.
    if (isTuple && items.length === 1 && !hasComma) throw this.#unexpected();
    return { isTuple, items };
  }

  #string(): string {
    const match = this.#match(STRING);
    if (match === null) throw this.#unexpected();
    return (match[1] ?? match[2] ?? '').replace(ESCAPE, (_, byte, unit, point, simple) => {
      const code = Number.parseInt(byte ?? unit ?? point ?? '', 16);
      if (code <= 0x10ffff) return String.fromCodePoint(code);
      const plain = simple === undefined ? undefined : SIMPLE_ESCAPES.get(simple);
      if (plain === undefined) throw this.#unexpected();
      return plain;
    });
  }

  #expect(character: string): void {
    if (!this.#has(character)) throw this.#unexpected();
  }

  /** Whether `character` is next; then it is passed. */
  #has(character: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #space(): void {
    this.#match(SPACE);
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match !== null) this.#at += match[0].length;
    return match;
  }

  #unexpected(): Unreadable {
    return new Unreadable(`its header cannot be read at character ${this.#at}`);
  }
}
