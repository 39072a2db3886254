import { asBuffer, compareUtf8 } from '../base/bytes.js';
import { walkJson } from './json-walk.js';

/** Names of columns. */
export interface Columns {
  has(name: string): boolean;
}

const TOKENS = /[{}[\]]|"(?:[^"\\]|\\.)*"|[^\s{}[\],:"]+/g;

/**
 * What a JSON value says, as texts that are the same just for equal values: neither escapes nor white space nor the order of
 * fields count. Numbers are as they are written; of a field that is there twice the last one counts. Of an object at the
 * top the fields `without` are left out: no text at all where it has no others. Undefined for what is no JSON.
 */
export function jsonCells(bytes: Uint8Array, without: Columns): string[] | undefined {
  if (walkJson(bytes) !== undefined) return undefined;
  return new Cells(asBuffer(bytes).toString('utf8')).whole(without);
}

const ALL: Columns = { has: () => false };

/** Goes through the parts of a value; it recurses, and no deeper than `walkJson` allows. */
class Cells {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(text: string) {
    this.#tokens = text.match(TOKENS) ?? [];
  }

  whole(without: Columns): string[] {
    if (this.#tokens[0] !== '{') return this.#value();
    this.#at++;
    const { had, left } = this.#fields(without);
    return had && left.length === 0 ? [] : ['{', ...left, '}'];
  }

  #value(): string[] {
    const token = this.#next();
    if (token === '{') return ['{', ...this.#fields(ALL).left, '}'];
    if (token === '[') return ['[', ...this.#items(), ']'];
    return token.startsWith('"') ? quoted(stringOf(token)) : [token];
  }

  /** Up to the bracket that closes them: whether there were any, and those that are left in byte order of their names. */
  #fields(without: Columns): { had: boolean; left: string[] } {
    const fields = new Map<string, string[]>();
    let had = false;
    for (let token = this.#next(); token !== '}'; token = this.#next()) {
      const name = stringOf(token);
      const value = this.#value();
      had = true;
      if (!without.has(name)) fields.set(name, value);
    }
    const names = [...fields.keys()].sort(compareUtf8);
    return { had, left: names.flatMap((name) => [...quoted(name), ...(fields.get(name) ?? [])]) };
  }

  #items(): string[] {
    const items: string[] = [];
    for (; this.#tokens[this.#at] !== ']'; ) for (const cell of this.#value()) items.push(cell);
    this.#at++;
    return items;
  }

  #next(): string {
    return this.#tokens[this.#at++] ?? '}';
  }
}

/** The quote tells a text from a number, a word or a bracket. */
function quoted(text: string): string[] {
  return ['"', text];
}

function stringOf(token: string): string {
  const text: unknown = JSON.parse(token);
  return String(text);
}
