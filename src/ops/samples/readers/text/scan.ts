import type { DvsError } from '../../../../base/errors.js';
import { badData } from '../../../../formats/bad-data.js';
import type { InputFile } from '../../reader.js';
import type { RowEnds } from './row-ends.js';
import { CR, MAX_ROW, Rows } from './rows.js';
import { inParts, Window } from './window.js';

/** The byte order mark of UTF-8. */
export const MARK = Buffer.of(0xef, 0xbb, 0xbf);
const UTF16_MARKS = [Buffer.of(0xff, 0xfe), Buffer.of(0xfe, 0xff)];
const GZIP_MARK = Buffer.of(0x1f, 0x8b);
/** The most rows that are given at once. */
const BATCH = 8192;

/** What the rows of a text are. */
export interface RowRules {
  /** A new one for each scan. */
  ends(): RowEnds;
  /** Rows that are passed by. */
  isBlank(bytes: Uint8Array, start: number, end: number): boolean;
  /** Whether the first row names the columns: it has number 0, and others count from 1 in any case. */
  readonly hasHeader: boolean;
}

/**
 * All rows of a text, header included, without their line endings (LF or CRLF) and the byte order mark of the file. Rows come as
 * long as they may be, in pieces of any size; never more is in memory than some times the longest row. E_DATA for text
 * that is no UTF-8, a row that is too long, a quoted cell that does not end. (NUL is a character as good as any: what UTF-16
 * has them for shows by its mark.)
 */
export async function* scanRows(file: InputFile, rules: RowRules): AsyncGenerator<Rows, void, undefined> {
  const window = new Window();
  const finder = new RowFinder(file.path, rules, window);
  let isBegun = false;
  for await (const piece of inParts(file.bytes.stream())) {
    window.push(piece);
    if (!isBegun && window.bytes.length < MARK.length) continue;
    if (!isBegun) window.drop(markLength(file.path, window.bytes));
    isBegun = true;
    for (let rows = finder.next(); rows !== undefined; rows = finder.next()) yield rows;
  }
  if (!isBegun) {
    window.drop(markLength(file.path, window.bytes));
    for (let rows = finder.next(); rows !== undefined; rows = finder.next()) yield rows;
  }
  const last = finder.last();
  if (last !== undefined) yield last;
}

/** E_DATA about the row of this number. */
export function badRow(path: string, number: number, why: string, hint?: string): DvsError {
  const place = number === 0 ? 'header' : `row ${number}`;
  return badData(path, why, hint === undefined ? { place } : { place, hint });
}

function markLength(path: string, head: Buffer): number {
  if (UTF16_MARKS.some((mark) => mark.equals(head.subarray(0, mark.length)))) {
    throw badData(path, 'is text in UTF-16, by its byte order mark', {
      hint: 'Save it as UTF-8 (`iconv -f UTF-16 -t UTF-8`) and add it again.',
    });
  }
  if (GZIP_MARK.equals(head.subarray(0, GZIP_MARK.length))) {
    throw badData(path, 'is packed by gzip', { hint: 'Unpack it (`gunzip`) and add it again.' });
  }
  return MARK.equals(head.subarray(0, MARK.length)) ? MARK.length : 0;
}

class RowFinder {
  readonly #path: string;
  readonly #rules: RowRules;
  readonly #window: Window;
  readonly #ends: RowEnds;
  readonly #starts = new Uint32Array(BATCH);
  readonly #lengths = new Uint32Array(BATCH);
  #number: number;

  constructor(path: string, rules: RowRules, window: Window) {
    this.#path = path;
    this.#rules = rules;
    this.#window = window;
    this.#ends = rules.ends();
    this.#number = rules.hasHeader ? 0 : 1;
  }

  /** Some rows that are complete, which the window has done with then; undefined when it has none. */
  next(): Rows | undefined {
    const { bytes, at } = this.#window;
    let count = 0;
    let start = 0;
    while (count < BATCH) {
      const feed = this.#ends.find(bytes, start);
      if (feed < 0) break;
      const end = feed > start && bytes[feed - 1] === CR ? feed - 1 : feed;
      if (!this.#rules.isBlank(bytes, start, end)) {
        this.#starts[count] = start;
        this.#lengths[count] = end - start;
        if (end - start > MAX_ROW) throw this.#tooLong(this.#number + count);
        count++;
      }
      start = feed + 1;
    }
    this.#window.drop(start);
    const rows = this.#taken(bytes, at, count);
    // Beside the row there may be the carriage return of its ending.
    if (this.#window.bytes.length > MAX_ROW + 1) throw this.#tooLong(this.#number);
    return rows;
  }

  /** The last row, when it has no ending. */
  last(): Rows | undefined {
    const { bytes, at } = this.#window;
    if (!this.#ends.mayEnd(bytes, 0)) {
      throw badRow(this.#path, this.#number, 'the quoted cell that begins in it does not end');
    }
    if (bytes.length > MAX_ROW) throw this.#tooLong(this.#number);
    if (bytes.length === 0 || this.#rules.isBlank(bytes, 0, bytes.length)) return undefined;
    this.#starts[0] = 0;
    this.#lengths[0] = bytes.length;
    return this.#taken(bytes, at, 1);
  }

  #taken(bytes: Buffer, at: number, count: number): Rows | undefined {
    if (count === 0) return undefined;
    const rows = new Rows(bytes, this.#starts.slice(0, count), this.#lengths.slice(0, count), {
      at,
      firstNumber: this.#number,
    });
    const invalid = rows.firstInvalid();
    if (invalid !== undefined) {
      throw badRow(
        this.#path,
        this.#number + invalid,
        'is no UTF-8',
        'Save the file as UTF-8 and add it again, or choose other files or another `--reader`.',
      );
    }
    this.#number += count;
    return rows;
  }

  #tooLong(number: number): DvsError {
    const open = this.#ends.mayEnd(this.#window.bytes, 0) ? '' : ' (a quoted cell in it may lack its end)';
    return badRow(this.#path, number, `is longer than 16 MiB${open}`);
  }
}
