import { asBuffer } from '../../../../base/bytes.js';
import { DvsError } from '../../../../base/errors.js';
import { badData } from '../../../../formats/bad-data.js';
import type {
  Batch,
  ExtractedFile,
  InputFile,
  OpenSource,
  Place,
  Selection,
  Source,
  Wanted,
} from '../../reader.js';
import { extractRows } from './extract.js';
import { MAX_ROW, Rows } from './rows.js';
import { type RowRules, scanRows } from './scan.js';

const FEED = Buffer.from('\n');

/** What a row has in the columns that are wanted, in their order. `number` is for errors. */
export type FieldsOf = (row: Buffer, number: number) => readonly (string | undefined)[];

/** How the rows of one file are understood. */
export interface TextFormat {
  readonly rules: RowRules;
  readonly columns: readonly string[] | undefined;
  /** E_DATA when the file as a whole has no such columns. */
  fields(wanted: readonly string[]): FieldsOf;
  /** E_DATA for a row whose bytes are not what they should be. */
  check?(row: Buffer, number: number): void;
}

/** The one file of a source of `oneByOne`. */
export function onlyFile({ files }: Source): InputFile {
  const [file] = files;
  if (file === undefined || files.length > 1) throw new DvsError('E_INTERNAL', 'a text is one file');
  return file;
}

/** A text of which each row is a sample, but for a header. */
export class TextSource implements OpenSource {
  readonly #file: InputFile;
  readonly #format: TextFormat;

  constructor(file: InputFile, format: TextFormat) {
    this.#file = file;
    this.#format = format;
  }

  get columns(): readonly string[] | undefined {
    return this.#format.columns;
  }

  async *scan({ columns }: Wanted): AsyncGenerator<Batch> {
    const fields = this.#format.fields(columns);
    for await (const rows of scanRows(this.#file, this.#format.rules)) {
      const samples = rows.firstNumber === 0 ? rows.withoutFirst() : rows;
      if (samples.length > 0) yield new TextBatch(samples, this.#format, fields);
    }
  }

  async read({ at, length }: Place): Promise<Uint8Array> {
    const { path, bytes } = this.#file;
    const row = length <= MAX_ROW && at + length <= bytes.size ? await bytes.range(at, length) : undefined;
    if (row?.length !== length) throw badData(path, 'has no such row', { place: `byte ${at}` });
    return row;
  }

  async at(place: Place, { columns }: Wanted, number: number): Promise<Batch> {
    const row = asBuffer(await this.read(place));
    const only = { at: place.at, firstNumber: number };
    const rows = new Rows(row, Uint32Array.of(0), Uint32Array.of(row.length), only);
    return new TextBatch(rows, this.#format, this.#format.fields(columns));
  }

  async print(place: Place): Promise<Uint8Array> {
    return Buffer.concat([await this.read(place), FEED]);
  }

  extract(selection: Selection): readonly ExtractedFile[] {
    const { path } = this.#file;
    return [{ path, bytes: extractRows(this.#file, this.#format.rules, selection) }];
  }
}

class TextBatch implements Batch {
  readonly #rows: Rows;
  readonly #format: TextFormat;
  readonly #fieldsOf: FieldsOf;
  /** What the row was that was asked for last: most are asked for all their fields at once. */
  #last = -1;
  #fields: readonly (string | undefined)[] = [];

  constructor(rows: Rows, format: TextFormat, fieldsOf: FieldsOf) {
    this.#rows = rows;
    this.#format = format;
    this.#fieldsOf = fieldsOf;
  }

  get length(): number {
    return this.#rows.length;
  }

  place(i: number): Place {
    return { at: this.#rows.at(i), length: this.#rows.size(i) };
  }

  bytes(i: number): Uint8Array {
    const row = this.#rows.bytes(i);
    this.#format.check?.(row, this.#rows.firstNumber + i);
    return row;
  }

  field(i: number, column: number): string | undefined {
    if (this.#last !== i) {
      this.#fields = this.#fieldsOf(this.#rows.bytes(i), this.#rows.firstNumber + i);
      this.#last = i;
    }
    return this.#fields[column];
  }
}
