import { extensionOf } from '../../../formats/extension.js';
import { type JsonFlaw, walkJson } from '../../../formats/json-walk.js';
import { oneByOne, type SampleReader } from '../reader.js';
import { assertKeys } from './text/options.js';
import { LineEnds } from './text/row-ends.js';
import { badRow, type RowRules } from './text/scan.js';
import { type FieldsOf, onlyFile, type TextFormat, TextSource } from './text/source.js';

const EXTENSIONS = ['jsonl', 'ndjson'];
const OPEN_MAP = 0x7b;

const RULES: RowRules = { ends: () => new LineEnds(), isBlank, hasHeader: false };

/** Each line is a JSON value and a sample; lines of white space are passed by. Columns are the fields of objects. */
export const jsonl: SampleReader = {
  name: 'jsonl',
  version: 1,
  claims: (path) => EXTENSIONS.includes(extensionOf(path)),
  group: oneByOne,
  settle: async () => ({}),
  async open(source, options) {
    assertKeys('jsonl', options, []);
    const file = onlyFile(source);
    return new TextSource(file, formatOf(file.path));
  },
};

function formatOf(path: string): TextFormat {
  return {
    rules: RULES,
    columns: undefined,
    fields: (wanted) => fieldsOf(path, wanted),
    check: (row, number) => assertJson(path, number, walkJson(row)),
  };
}

function fieldsOf(path: string, wanted: readonly string[]): FieldsOf {
  return (row, number) => {
    // Of a field that is there twice the last one counts, as it does for JSON.parse and Python.
    const found = wanted.map((): string | undefined => undefined);
    const wrong = walkJson(row, (keyStart, keyEnd, start, end) => {
      const key = row.toString('utf8', keyStart, keyEnd);
      const name = key.includes('\\') ? textOf(key) : key.slice(1, -1);
      for (const [i, column] of wanted.entries()) {
        if (column === name) found[i] = row.toString('utf8', start, end);
      }
    });
    assertJson(path, number, wrong);
    return found.map((written, i) => {
      const column = JSON.stringify(wanted[i]);
      if (written === undefined) throw badRow(path, number, lacks(row, column), HINT);
      if (written === 'null') return undefined;
      const text = written.startsWith('"') ? textOf(written) : written;
      if (!text.isWellFormed()) throw badRow(path, number, `its field ${column} has half of a character`);
      return text;
    });
  };
}

const HINT = 'Mend the file and add it again, or choose a field that every row has.';

function lacks(row: Buffer, column: string): string {
  const first = row.find((byte) => !isSpace(byte));
  return first === OPEN_MAP ? `has no field ${column}` : `has no field ${column}, since it is no object`;
}

function assertJson(path: string, number: number, flaw: JsonFlaw | undefined): void {
  if (flaw === undefined) return;
  const why = flaw.isTooDeep ? 'is nested deeper than 1,000 levels' : 'is no JSON';
  throw badRow(path, number, `${why}: see byte ${flaw.at + 1} of the row`);
}

/** The text of a string that was checked to be one. */
function textOf(written: string): string {
  const text: unknown = JSON.parse(written);
  return String(text);
}

function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end && isSpace(bytes[at])) at++;
  return at === end;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d;
}
