import { escapeText } from './escape.js';
import type { Line } from './report.js';

/** Rows in columns as wide as their widest cell; the last column on the left is not filled up. */
export function* table(
  rows: readonly (readonly string[])[],
  align: readonly ('left' | 'right')[],
): Generator<Line> {
  const widths = align.map((_, i) => Math.max(0, ...rows.map((row) => escapeText(row[i] ?? '').length)));
  for (const row of rows) {
    const cells = row.map((cell, i) => {
      const missing = ' '.repeat((widths[i] ?? 0) - escapeText(cell).length);
      return align[i] === 'right' ? missing + cell : cell + missing;
    });
    yield cells.join('  ').trimEnd();
  }
}
