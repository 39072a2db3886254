import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { markdown, type Report } from './report.js';

const DOCUMENT = fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url));
const RESULTS = fileURLToPath(new URL('../../docs/benchmarks.json', import.meta.url));
const BEGIN = '<!-- figures -->';
const END = '<!-- /figures -->';

/** Puts the tables of a report between the two marks of `docs/benchmarks.md`, and all of it beside as JSON. */
export function writeDocument(report: Report): void {
  const text = readFileSync(DOCUMENT, 'utf8');
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`${DOCUMENT} has no place for the figures`);
  const before = text.slice(0, begin + BEGIN.length);
  writeFileSync(DOCUMENT, `${before}\n\n${markdown(report)}\n\n${text.slice(end)}`);
  writeFileSync(RESULTS, json(report));
}

/** A report as a JSON document. */
export function json(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
