import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { markdown, type Report, type RowReport } from './report.js';

const DOCUMENT = fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url));
const RESULTS = fileURLToPath(new URL('../../docs/benchmarks.json', import.meta.url));
const BEGIN = '<!-- figures -->';
const END = '<!-- /figures -->';

/** Puts a report into `docs/benchmarks.md`, between its marks, and beside it as JSON. Rows not measured stay. */
export function writeDocument(report: Report, order: readonly string[]): void {
  const text = readFileSync(DOCUMENT, 'utf8');
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`${DOCUMENT} has no place for the figures`);
  const whole = { ...report, rows: withEarlier(report.rows, order) };
  const before = text.slice(0, begin + BEGIN.length);
  writeFileSync(DOCUMENT, `${before}\n\n${markdown(whole)}\n\n${text.slice(end)}`);
  writeFileSync(RESULTS, json(whole));
}

function withEarlier(rows: readonly RowReport[], order: readonly string[]): RowReport[] {
  const earlier: Report = existsSync(RESULTS) ? JSON.parse(readFileSync(RESULTS, 'utf8')) : { rows: [] };
  return order.flatMap((name) => {
    const row = [...rows, ...earlier.rows].find((one) => one.name === name);
    return row === undefined ? [] : [row];
  });
}

/** A report as a JSON document. */
export function json(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
