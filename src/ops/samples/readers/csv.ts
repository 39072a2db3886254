import { DvsError } from '../../../base/errors.js';
import { badData } from '../../../formats/bad-data.js';
import { byteText } from '../../../formats/byte-text.js';
import { cellsOf, guessDelimiter } from '../../../formats/csv-cells.js';
import { extensionOf } from '../../../formats/extension.js';
import type { ValueMap } from '../../../id/value.js';
import { type InputFile, oneByOne, type SampleReader } from '../reader.js';
import { assertKeys, badOptions } from './text/options.js';
import { LineEnds, QuotedEnds } from './text/row-ends.js';
import { badRow, type RowRules, scanRows } from './text/scan.js';
import { type FieldsOf, onlyFile, type TextFormat, TextSource } from './text/source.js';

/** One character of ASCII that cells can be told apart by. */
const DELIMITER = /^[^"\r\n\x80-\uffff]$/;
/** More columns are refused: what names them is kept in memory. */
const MAX_COLUMNS = 2 ** 20;
/** Columns that an error lists. */
const MOST_LISTED = 20;

/**
 * Each row of delimited cells is a sample, as RFC 4180 has them: quoted cells may hold delimiters, doubled quotes and line
 * breaks. Lines that are wholly empty are passed by. The first row names the columns unless it is said that it does not; columns
 * are `1`, `2`, … then.
 */
export const csv: SampleReader = {
  name: 'csv',
  version: 1,
  claims: (path) => ['csv', 'tsv'].includes(extensionOf(path)),
  group: oneByOne,
  async settle({ delimiter, header = true }, first) {
    if (delimiter !== undefined && !DELIMITER.test(delimiter)) {
      throw new DvsError('E_USAGE', `${JSON.stringify(delimiter)} is no delimiter`, {
        hint: 'Give one character of ASCII that is no quote and no line break.',
      });
    }
    return { delimiter: delimiter ?? (await delimiterOf(onlyFile(first))), header };
  },
  async open(source, options) {
    const { delimiter, header } = parse(options);
    const file = onlyFile(source);
    const rules = rulesOf(delimiter, header);
    const first = await firstRow(file, rules);
    const cells = first === undefined ? [] : cellsOf(first, delimiter, MAX_COLUMNS);
    if (cells.length > MAX_COLUMNS) throw badData(file.path, `has more than ${MAX_COLUMNS} columns`);
    const columns = header ? cells : cells.map((_, i) => String(i + 1));
    return new TextSource(file, formatOf({ path: file.path, rules, delimiter, columns }));
  },
};

function parse(options: ValueMap): { readonly delimiter: string; readonly header: boolean } {
  assertKeys('csv', options, ['delimiter', 'header']);
  const { delimiter, header } = options;
  if (typeof delimiter !== 'string' || !DELIMITER.test(delimiter)) {
    throw badOptions('csv', 'the delimiter has to be one character of ASCII');
  }
  if (typeof header !== 'boolean') throw badOptions('csv', 'the header has to be true or false');
  return { delimiter, header };
}

async function delimiterOf(file: InputFile): Promise<string> {
  if (extensionOf(file.path) === 'tsv') return '\t';
  // Where the row ends depends on what is not known yet, but the line that it begins with does not.
  const line = await firstRow(file, { ends: () => new LineEnds(), isBlank, hasHeader: true });
  return guessDelimiter(line ?? '');
}

function rulesOf(delimiter: string, hasHeader: boolean): RowRules {
  return { ends: () => new QuotedEnds(delimiter.charCodeAt(0)), isBlank, hasHeader };
}

function isBlank(_bytes: Uint8Array, start: number, end: number): boolean {
  return start === end;
}

/** The bytes of the first row as characters. */
async function firstRow(file: InputFile, rules: RowRules): Promise<string | undefined> {
  for await (const rows of scanRows(file, rules)) return byteText(rows.bytes(0));
  return undefined;
}

interface Table {
  readonly path: string;
  readonly rules: RowRules;
  readonly delimiter: string;
  readonly columns: readonly string[];
}

function formatOf(table: Table): TextFormat {
  return { rules: table.rules, columns: table.columns, fields: (wanted) => fieldsOf(table, wanted) };
}

function fieldsOf({ path, rules, delimiter, columns }: Table, wanted: readonly string[]): FieldsOf {
  // A file without any row lacks no column.
  const numbers = columns.length === 0 ? [] : wanted.map((name) => columnNumber(path, columns, name));
  const first = rules.hasHeader ? 'the header' : 'row 1';
  return (row, number) => {
    const cells = cellsOf(byteText(row), delimiter, columns.length);
    if (cells.length !== columns.length) {
      const has = cells.length > columns.length ? 'more' : `only ${cells.length}`;
      throw badRow(path, number, `${first} has ${counted(columns.length)}, but it has ${has}`);
    }
    return numbers.map((at) => cells[at]);
  };
}

function counted(cells: number): string {
  return cells === 1 ? '1 cell' : `${cells} cells`;
}

function columnNumber(path: string, columns: readonly string[], name: string): number {
  const at = columns.indexOf(name);
  const written = JSON.stringify(name);
  if (at < 0) {
    const listed = columns.slice(0, MOST_LISTED).map((column) => JSON.stringify(column));
    if (columns.length > MOST_LISTED) listed.push('…');
    throw badData(path, `has no column ${written}`, { hint: `It has ${listed.join(', ')}.` });
  }
  if (columns.includes(name, at + 1)) {
    throw badData(path, `has more than one column ${written}`, {
      hint: 'Choose another column, or give each a name of its own.',
    });
  }
  return at;
}
