import { asBuffer, utf8 } from '../../base/bytes.js';
import { walkJson } from '../../formats/json-walk.js';
import type { FieldSource } from './field.js';
import type { SampleSet } from './sample-set.js';
import type { ScannedSample, ScanWish } from './scan.js';

/** How the cells of rows are had: what to wish for, and how to read them off a sample. */
export interface CellPlan {
  readonly wish: Pick<ScanWish, 'values' | 'row'>;
  cells(sample: ScannedSample): readonly (string | undefined)[];
}

/**
 * The cells of samples that are rows of text or tables, without the columns `ignored`; undefined for other samples, and when no
 * column is left. A line has one; those of a JSON object are its fields in byte order of their names, each with its name; those
 * of a table have the order of `columns`: its own, or those of what it is held against.
 */
export async function cellPlan(
  set: SampleSet,
  reader: string,
  ignored: readonly string[],
  columns?: readonly string[],
): Promise<CellPlan | undefined> {
  if (reader === 'lines') return { wish: { row: true }, cells: ({ row }) => [textOf(row)] };
  if (reader === 'jsonl')
    return { wish: { row: true }, cells: ({ row }) => jsonCells(row, new Set(ignored)) };
  if (reader !== 'csv' && reader !== 'parquet') return undefined;
  const named = columns ?? (await set.columns()) ?? [];
  const values = named
    .filter((name) => !ignored.includes(name))
    .map((name): FieldSource => ({ from: 'column', name }));
  if (values.length === 0) return undefined;
  return { wish: { values }, cells: ({ values }) => values };
}

function jsonCells(row: Uint8Array | undefined, ignored: ReadonlySet<string>): string[] {
  const bytes = row ?? new Uint8Array(0);
  const fields: { name: string; text: string }[] = [];
  walkJson(bytes, (keyStart, keyEnd, start, end) => {
    const name: unknown = JSON.parse(textOf(bytes.subarray(keyStart, keyEnd)));
    if (typeof name === 'string' && !ignored.has(name))
      fields.push({ name, text: textOf(bytes.subarray(start, end)) });
  });
  // What is no object is one cell.
  if (fields.length === 0) return [textOf(bytes)];
  fields.sort((a, b) => Buffer.compare(utf8(a.name), utf8(b.name)));
  return fields.flatMap(({ name, text }) => [name, text]);
}

function textOf(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? '' : asBuffer(bytes).toString('utf8');
}
