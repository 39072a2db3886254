import { padTo, shorten, widthOf } from './fit.js';
import type { Display, Line } from './report.js';

/** How a column is laid out. At most one is `short`: it gives way when a row is wider than the terminal. */
export type Column = 'left' | 'right' | 'short';

const GAP = '  ';
/** A column that gives way is never made narrower than this. */
const LEAST = 12;

/**
 * Rows in columns as wide as their widest cell; the last column on the left is not filled up. On a terminal the column
 * that may be short loses the middle of its cells where a row would not fit; elsewhere nothing is ever cut.
 */
export function* table(
  rows: readonly (readonly string[])[],
  columns: readonly Column[],
  { columns: room }: Display = {},
): Generator<Line> {
  const widths = columns.map((_, i) => rows.reduce((most, row) => Math.max(most, widthOf(row[i])), 0));
  const giving = columns.indexOf('short');
  const excess = widths.reduce((sum, width) => sum + width, GAP.length * (columns.length - 1)) - (room ?? 0);
  if (room !== undefined && giving >= 0 && excess > 0) {
    widths[giving] = Math.max(LEAST, (widths[giving] ?? 0) - excess);
  }
  for (const row of rows) {
    const cells = row.map((cell, i) => {
      const width = widths[i] ?? 0;
      const text = columns[i] === 'short' && room !== undefined ? shorten(cell, width) : cell;
      return padTo(text, width, columns[i] === 'right' ? 'right' : 'left');
    });
    yield cells.join(GAP).trimEnd();
  }
}
