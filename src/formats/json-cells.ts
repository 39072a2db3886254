import { fromUtf8 } from '../base/bytes.js';
import { walkJson } from './json-walk.js';

/** Names of columns. */
export interface Columns {
  has(name: string): boolean;
}

/** A value of more parts is not taken apart: each part takes some hundred bytes for the moment. */
const MOST_PARTS = 1_000_000;

/**
 * What a JSON value says, as texts that are the same just for equal values: neither escapes nor white space nor the order of
 * fields count, nor how an exact number is written; of a field that is there twice the last one counts. Of an object at the
 * top the fields `without` are left out: no text at all where it has no others. Undefined for what is no JSON in UTF-8, and
 * for what has more than a million parts.
 */
export function jsonCells(bytes: Uint8Array, without: Columns): string[] | undefined {
  const text = fromUtf8(bytes);
  if (text === undefined || walkJson(bytes) !== undefined) return undefined;
  return new Parse(text, without).cells();
}

const NONE: Columns = { has: () => false };

/** The cells of a part: one, or those of its own parts, one after another. */
type Cells = string | readonly Cells[];

/** Goes through a text that is JSON. It recurses, and no deeper than `walkJson` allows. */
class Parse {
  readonly #text: string;
  readonly #without: Columns;
  #at = 0;
  #parts = 0;
  #isNothingLeft = false;

  constructor(text: string, without: Columns) {
    this.#text = text;
    this.#without = without;
  }

  cells(): string[] | undefined {
    const cells = this.#value(true);
    if (this.#parts > MOST_PARTS) return undefined;
    const flat: string[] = [];
    if (!this.#isNothingLeft) addAll(cells, flat);
    return flat;
  }

  #value(isTop = false): Cells {
    // What is too much is gone through without keeping it.
    const isKept = ++this.#parts <= MOST_PARTS;
    const first = this.#next();
    if (first === '{') return this.#fields(isTop);
    if (first === '[') {
      const items: Cells[] = ['['];
      for (this.#at++; this.#next() !== ']'; ) {
        const item = this.#value();
        if (isKept) items.push(item);
      }
      this.#at++;
      items.push(']');
      return items;
    }
    // The quote tells a text from a number, a word or a bracket.
    return first === '"' ? ['"', this.#string()] : plainNumber(this.#word());
  }

  #fields(isTop: boolean): Cells {
    const fields = new Map<string, Cells>();
    const without = isTop ? this.#without : NONE;
    let had = 0;
    for (this.#at++; this.#next() !== '}'; had++) {
      const name = this.#string();
      const value = this.#value();
      if (!without.has(name) && this.#parts <= MOST_PARTS) fields.set(name, value);
    }
    this.#at++;
    if (isTop) this.#isNothingLeft = had > 0 && fields.size === 0;
    const names = [...fields.keys()].sort();
    return ['{', ...names.map((name): Cells => ['"', name, fields.get(name) ?? '']), '}'];
  }

  /** The character at which the next part, or a closing bracket, begins. */
  #next(): string {
    for (;;) {
      const character = this.#text[this.#at] ?? '';
      if (!' \t\n\r,:'.includes(character) || character === '') return character;
      this.#at++;
    }
  }

  #string(): string {
    const start = this.#at;
    let end = start;
    do end = this.#text.indexOf('"', end + 1);
    while (this.#isEscaped(end));
    this.#at = end + 1;
    const written = this.#text.slice(start, end + 1);
    if (!written.includes('\\')) return written.slice(1, -1);
    const text: unknown = JSON.parse(written);
    return String(text);
  }

  #isEscaped(at: number): boolean {
    let start = at;
    while (this.#text[start - 1] === '\\') start--;
    return (at - start) % 2 === 1;
  }

  #word(): string {
    const start = this.#at;
    WORD.lastIndex = start;
    WORD.test(this.#text);
    this.#at = WORD.lastIndex;
    return this.#text.slice(start, this.#at);
  }
}

const WORD = /[-+.\w]+/y;

const INTEGER = /^(?:0|-?[1-9]\d{0,29})$/;
const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;
/** Longer runs of zeros at the end are told by their number. */
const MOST_ZEROS = 30;

/** A number in one way for all in which it can be written, whatever its size; a word as it is. */
function plainNumber(text: string): string {
  if (INTEGER.test(text)) return text;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = NUMBER.exec(text) ?? [];
  if (whole === '') return text;
  const all = (whole + fraction).replace(/^0+/, '');
  const digits = all.replace(/0+$/, '');
  if (digits === '') return '0';
  const zeros = Number(exponent) - fraction.length + all.length - digits.length;
  const isShort = zeros >= 0 && zeros < MOST_ZEROS;
  return sign + digits + (isShort ? '0'.repeat(zeros) : `e${zeros}`);
}

function addAll(cells: Cells, flat: string[]): void {
  if (typeof cells === 'string') flat.push(cells);
  else for (const cell of cells) addAll(cell, flat);
}
