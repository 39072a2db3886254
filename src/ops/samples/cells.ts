import { fromUtf8 } from '../../base/bytes.js';
import { byteText } from '../../formats/byte-text.js';
import { type Columns, jsonCells } from '../../formats/json-cells.js';
import type { FieldSource } from './field.js';
import type { SampleSet } from './sample-set.js';
import type { ScannedSample, ScanWish } from './scan.js';

/** How the cells of rows are had: what to wish for, and how to read them off a sample. */
export interface CellPlan {
  readonly wish: Pick<ScanWish, 'values' | 'row' | 'nested'>;
  /** None where none is left. */
  cells(sample: ScannedSample): readonly (string | undefined)[];
}

/**
 * The cells of samples that are rows of text or tables, but for the columns `without`; undefined for other samples. A line has
 * one; those of a JSON value are what `jsonCells` says; those of a table have the order of `columns`: its own, or those of
 * what it is held against.
 */
export async function cellPlan(
  set: SampleSet,
  reader: string,
  without: Columns,
  columns?: readonly string[],
): Promise<CellPlan | undefined> {
  if (reader === 'lines') return { wish: { row: true }, cells: ({ row }) => [textOf(row)] };
  if (reader === 'jsonl')
    return { wish: { row: true }, cells: ({ row = NOTHING }) => jsonCells(row, without) ?? [textOf(row)] };
  if (reader !== 'csv' && reader !== 'parquet') return undefined;
  const named = columns ?? (await set.columns()) ?? [];
  const values = named
    .filter((name) => !without.has(name))
    .map((name): FieldSource => ({ from: 'column', name }));
  return { wish: { values, nested: true }, cells: ({ values }) => values };
}

const NOTHING = new Uint8Array(0);

/** What is no UTF-8 byte by byte, as no two such rows are the same text for that. */
function textOf(bytes: Uint8Array = NOTHING): string {
  return fromUtf8(bytes) ?? byteText(bytes);
}
