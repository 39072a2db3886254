import { asBuffer } from '../base/bytes.js';
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

/** A field whose cells begin at `start`. */
interface Field {
  readonly name: string;
  readonly start: number;
}

/** Goes through the parts of a value; it recurses, and no deeper than `walkJson` allows. */
class Cells {
  readonly #tokens: readonly string[];
  #at = 0;
  #cells: string[] = [];

  constructor(text: string) {
    this.#tokens = text.match(TOKENS) ?? [];
  }

  whole(without: Columns): string[] {
    const isObject = this.#tokens[0] === '{';
    if (isObject) {
      this.#at++;
      this.#fields(without);
    } else this.#value();
    const isNothingLeft = isObject && this.#tokens.length > 2 && this.#cells.length === 2;
    return isNothingLeft ? [] : this.#cells;
  }

  #value(): void {
    const token = this.#next();
    if (token === '{') this.#fields(ALL);
    else if (token === '[') {
      this.#cells.push('[');
      while (this.#tokens[this.#at] !== ']') this.#value();
      this.#cells.push(this.#next());
    } else if (token.startsWith('"')) {
      // The quote tells a text from a number, a word or a bracket.
      this.#cells.push('"', stringOf(token));
    } else this.#cells.push(token);
  }

  #fields(without: Columns): void {
    this.#cells.push('{');
    const fields: Field[] = [];
    for (let token = this.#next(); token !== '}'; token = this.#next()) {
      const name = stringOf(token);
      const start = this.#cells.length;
      this.#cells.push('"', name);
      this.#value();
      if (without.has(name)) this.#cells.length = start;
      else fields.push({ name, start });
    }
    if (!isAscending(fields)) this.#sort(fields);
    this.#cells.push('}');
  }

  /** Brings the fields that were added last into one order, the last of each name. */
  #sort(fields: readonly Field[]): void {
    const first = fields[0]?.start ?? this.#cells.length;
    const cells = this.#cells.splice(first);
    const stretches = new Map(
      fields.map(({ name, start }, i) => [name, [start - first, (fields[i + 1]?.start ?? Infinity) - first]]),
    );
    for (const name of [...stretches.keys()].sort()) {
      const [start, end] = stretches.get(name) ?? [];
      for (const cell of cells.slice(start, end)) this.#cells.push(cell);
    }
  }

  #next(): string {
    return this.#tokens[this.#at++] ?? '}';
  }
}

function isAscending(fields: readonly Field[]): boolean {
  return fields.every(({ name }, i) => i === 0 || (fields[i - 1]?.name ?? '') < name);
}

function stringOf(token: string): string {
  if (!token.includes('\\')) return token.slice(1, -1);
  const text: unknown = JSON.parse(token);
  return String(text);
}
