import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { MarkedPart } from './marked.js';
import { markdown, type Report, type RowReport } from './report.js';

const DOCUMENT = fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url));
const RESULTS = fileURLToPath(new URL('../../docs/benchmarks.json', import.meta.url));

/** Puts a report into `docs/benchmarks.md`, between its marks, and beside it as JSON. Rows not measured stay. */
export function writeDocument(report: Report, order: readonly string[]): void {
  const figures = new MarkedPart(DOCUMENT, 'figures');
  const whole = { ...report, rows: withEarlier(report.rows, order) };
  figures.replace(`\n\n${markdown(whole)}\n\n`);
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
