import { cpus, release, type } from 'node:os';
import { fileURLToPath } from 'node:url';
import { MarkedPart } from '../bench/marked.js';
import type { Outcome, Row } from './row.js';
import { rows } from './rows.js';

export interface Result {
  readonly row: Row;
  readonly outcome: Outcome;
  readonly seconds: number;
}

const DOCUMENT = fileURLToPath(new URL('../../docs/reliability.md', import.meta.url));

/**
 * Puts what these rows counted between the two marks of `docs/reliability.md`. Rows that were not run keep what
 * they counted last.
 */
export function writeTable(results: readonly Result[]): void {
  const part = new MarkedPart(DOCUMENT, 'counts');
  const before = part.text.split('\n');
  const lines = rows.flatMap(({ name }) => {
    const result = results.find(({ row }) => row.name === name);
    return result === undefined ? before.filter((one) => one.startsWith(`| ${name} |`)) : [line(result)];
  });
  const where = `Node ${process.versions.node}, ${type()} ${release()}, ${cpus().length} processors`;
  const table = [
    `Counted on ${where}.`,
    '',
    '| test | what is done | what has to hold | counted | failures | seconds |',
    '| --- | --- | --- | --- | --- | --- |',
    ...lines,
  ];
  part.replace(`\n${table.join('\n')}\n`);
}

function line({ row, outcome, seconds }: Result): string {
  const counts = Object.entries(outcome.counts).map(
    ([what, count]) => `${count.toLocaleString('en')} ${what}`,
  );
  const counted = outcome.skipped === undefined ? counts.join(', ') : `not run: ${outcome.skipped}`;
  const cells = [row.name, row.what, row.figure, counted, outcome.failures.length, seconds.toFixed(0)];
  return `| ${cells.join(' | ')} |`;
}
