import type { RecordCodec, Spill } from '../../../base/spill.js';
import { Unreadable } from '../../../formats/unreadable.js';
import type { KeyedItem, KeyedList } from '../pairing.js';
import { isWhole, MAX_RECORD, type Record } from './record.js';

/** How the rows of a table are written. */
export interface RowFormat {
  readonly name: string;
  /** The first row names the columns. */
  readonly hasHeader: boolean;
  columns(header: Record): readonly string[];
  /** The cells of a row by column; undefined for what is no row. */
  fields(row: Record, columns: readonly string[]): ReadonlyMap<string, string> | undefined;
}

/** A row as it is written, its number in its file, from 1, and 16 bits that depend on its key alone. */
export interface Row {
  readonly number: number;
  readonly mark: number;
  readonly text: Record;
}

/** One side of a comparison by key: its columns, and the rows after its header. */
export class Table {
  readonly columns: readonly string[];
  readonly #names: ReadonlySet<string>;
  readonly #format: RowFormat;
  readonly #key: readonly string[];
  readonly #batches: AsyncIterator<Record[]>;
  readonly #first: Record[];

  private constructor(
    format: RowFormat,
    key: readonly string[],
    batches: AsyncIterator<Record[]>,
    [header, ...others]: Record[],
  ) {
    this.#format = format;
    this.#key = key;
    this.#batches = batches;
    const hasHeader = format.hasHeader && header !== undefined;
    this.columns = hasHeader ? format.columns(header) : [];
    this.#names = new Set(this.columns);
    this.#first = hasHeader || header === undefined ? others : [header, ...others];
  }

  /** Reads the header; `Unreadable` when it lacks a column of the key. */
  static async open(
    format: RowFormat,
    key: readonly string[],
    source: AsyncIterable<Record[]>,
  ): Promise<Table> {
    const batches = source[Symbol.asyncIterator]();
    const first = await batches.next();
    const table = new Table(format, key, batches, first.done === true ? [] : first.value);
    const lacking = format.hasHeader ? key.find((column) => !table.has(column)) : undefined;
    if (lacking === undefined) return table;
    await batches.return?.();
    throw new Unreadable(`it has no column ${lacking}`);
  }

  /** Whether the header has this column. */
  has(column: string): boolean {
    return this.#names.has(column);
  }

  async *rows(): AsyncGenerator<Record[], void, undefined> {
    if (this.#first.length > 0) yield this.#first;
    for (let next = await this.#batches.next(); next.done !== true; next = await this.#batches.next()) {
      yield next.value;
    }
  }

  /** A row to be told by its cells: `Unreadable` when it is too long to be kept whole, or has no such key. */
  row(number: number, text: Record): Row {
    if (!isWhole(text)) throw new Unreadable(`row ${number} is longer than ${MAX_RECORD} bytes`);
    return { number, text, mark: markOf(this.#keyText({ number, text })) };
  }

  fieldsOf({ number, text }: Pick<Row, 'number' | 'text'>): ReadonlyMap<string, string> {
    const fields = this.#format.fields(text, this.columns);
    if (fields === undefined) throw new Unreadable(`row ${number} cannot be read`);
    return fields;
  }

  keyOf(row: Pick<Row, 'number' | 'text'>): string[] {
    const fields = this.fieldsOf(row);
    return this.#key.map((column) => {
      const cell = fields.get(column);
      if (cell === undefined) throw new Unreadable(`row ${row.number} has no ${column}`);
      return cell;
    });
  }

  /** Rows of this table, as a list to be paired by key. */
  keyed(rows: Spill<Row>): KeyedList {
    const keyOf = (row: Row): string => this.#keyText(row);
    return {
      length: rows.length,
      *items(isWanted): Generator<KeyedItem> {
        let index = 0;
        for (const { position, bytes } of rows.records()) {
          if (isWanted(bytes.readUInt16LE(8))) yield { key: keyOf(rowRecord.take(bytes)), index, position };
          index++;
        }
      },
    };
  }

  #keyText(row: Pick<Row, 'number' | 'text'>): string {
    return JSON.stringify(this.keyOf(row));
  }
}

/** 16 bits of a text, evenly spread: FNV-1a, its halves folded together. */
function markOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 16)) & 0xffff;
}

export const rowRecord: RecordCodec<Row> = {
  maxLength: 8 + 2 + MAX_RECORD,
  put(target, at, { number, mark, text }) {
    const start = target.writeUInt16LE(mark, target.writeDoubleLE(number, at));
    return start + target.write(text, start, 'latin1');
  },
  take: (record) => ({
    number: record.readDoubleLE(0),
    mark: record.readUInt16LE(8),
    text: record.toString('latin1', 10),
  }),
};
