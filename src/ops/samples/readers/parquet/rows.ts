import { KiB, MiB } from '../../../../base/limits.js';
import { assemble, type Value } from '../../../../formats/parquet/assemble.js';
import { AHEAD } from '../../../../formats/parquet/chunk.js';
import type { ParquetLayout, RowGroupPlace } from '../../../../formats/parquet/layout.js';
import { RowGroupReader } from '../../../../formats/parquet/row-group.js';
import { leavesOf } from '../../../../formats/parquet/shape.js';
import { Unreadable } from '../../../../formats/unreadable.js';
import type { Batch, InputFile, Place, Wanted } from '../../reader.js';
import { CODECS } from './codecs.js';
import { type Column, columnOf, textOfValue, valueIn } from './columns.js';
import { asBadData, inFile } from './in-file.js';
import { RowEncoder } from './row-bytes.js';

/** Rows that a batch has at most, with and without anything read of them. */
const BATCH_ROWS = 4096;
const BATCH_PLACES = 65_536;
/** A batch ends after the row that makes the bytes of its rows more than this. */
const BATCH_BYTES = 4 * MiB;
/** For reading of a chunk no more than one row needs: heads of pages, which are small, and one page. */
const SINGLE_AHEAD = 4 * KiB;

/** All rows of a file, page by page; only the columns that are wanted are read, none for places alone. */
export async function* scanRows(
  file: InputFile,
  layout: ParquetLayout,
  wanted: Wanted,
): AsyncGenerator<Batch> {
  const columns = wanted.columns.map((name) => columnOf(file.path, layout.schema, name, wanted.nested));
  if (!wanted.bytes && columns.length === 0) {
    for (let row = 0; row < layout.rows; row += BATCH_PLACES)
      yield placesOnly(row, Math.min(BATCH_PLACES, layout.rows - row));
    return;
  }
  const encoder = wanted.bytes ? new RowEncoder(layout.schema) : undefined;
  const fields = new Set(wanted.bytes ? layout.schema.fields.keys() : columns.map(({ way }) => way[0]));
  for (const group of layout.groups) yield* scanGroup(file, layout, { group, fields, columns, encoder });
}

interface GroupScan {
  readonly group: RowGroupPlace;
  /** Which fields of the schema are read. */
  readonly fields: ReadonlySet<number>;
  readonly columns: readonly Column[];
  readonly encoder: RowEncoder | undefined;
}

async function* scanGroup(
  file: InputFile,
  { schema }: ParquetLayout,
  { group, fields, columns, encoder }: GroupScan,
): AsyncGenerator<Batch> {
  const shapes = schema.fields.map(({ shape }, i) => (fields.has(i) ? shape : undefined));
  const leaves = shapes.flatMap((shape) => (shape === undefined ? [] : leavesOf(shape)));
  let reading: number | undefined;
  try {
    const reader = new RowGroupReader(file.bytes, group, { unpackers: CODECS, leaves, ahead: AHEAD });
    for (let done = 0; done < group.rows; ) {
      const most = Math.min(await reader.load(), BATCH_ROWS, group.rows - done);
      const first = group.firstRow + done;
      const values: Value[][] = [];
      const ends: number[] = [];
      let length = 0;
      encoder?.clear();
      for (; length < most && (encoder?.end ?? 0) < BATCH_BYTES; length++) {
        reading = first + length;
        const row = shapes.map((shape) => (shape === undefined ? null : assemble(shape, reader.cursors)));
        reader.endRow();
        if (columns.length > 0) values.push(columns.map((column) => valueIn(row, column)));
        encoder?.add(row);
        if (encoder !== undefined) ends.push(encoder.end);
      }
      reading = undefined;
      done += length;
      yield {
        length,
        place: (i) => ({ at: first + i, length: 0 }),
        bytes: (i) => encoder?.bytes(ends[i - 1] ?? 0, ends[i] ?? 0) ?? new Uint8Array(0),
        field: (i, number) => textOf(file, first + i, columns[number], values[i]?.[number] ?? null),
      };
    }
  } catch (error) {
    throw asBadData(error, file.path, reading);
  }
}

/** One row of a file with what is wanted of it. */
export async function rowAt(
  file: InputFile,
  layout: ParquetLayout,
  place: Place,
  wanted: Wanted,
): Promise<Batch> {
  const columns = wanted.columns.map((name) => columnOf(file.path, layout.schema, name, wanted.nested));
  const row = await inFile(file.path, () => readRow(file, layout, place), place.at);
  return {
    length: 1,
    place: () => place,
    bytes: () => {
      const encoder = new RowEncoder(layout.schema);
      encoder.add(row);
      return encoder.bytes(0, encoder.end);
    },
    field(_, number) {
      const column = columns[number];
      return textOf(file, place.at, column, column === undefined ? null : valueIn(row, column));
    },
  };
}

/** The text of a value; E_DATA names its row, and its column. */
function textOf(file: InputFile, row: number, column: Column | undefined, value: Value): string | undefined {
  if (column === undefined) return undefined;
  try {
    return textOfValue(value, column);
  } catch (error) {
    const named =
      error instanceof Unreadable ? new Unreadable(`column ${column.name}: ${error.message}`) : error;
    throw asBadData(named, file.path, row);
  }
}

function placesOnly(first: number, length: number): Batch {
  return {
    length,
    place: (i) => ({ at: first + i, length: 0 }),
    bytes: () => new Uint8Array(0),
    field: () => undefined,
  };
}

/** One row: of each column, the heads of its pages in that row group, its dictionary, and the page that has the row. */
export async function readRow(
  file: InputFile,
  { schema, groups }: ParquetLayout,
  place: Place,
): Promise<Value[]> {
  const group = groups.find(({ firstRow, rows }) => place.at >= firstRow && place.at < firstRow + rows);
  if (group === undefined) throw new Unreadable('it has no such row');
  const leaves = schema.leaves.keys();
  const reader = new RowGroupReader(file.bytes, group, { unpackers: CODECS, leaves, ahead: SINGLE_AHEAD });
  await reader.skip(place.at - group.firstRow);
  await reader.load();
  const row = schema.fields.map(({ shape }) => assemble(shape, reader.cursors));
  reader.endRow();
  return row;
}
