import type { Conflict } from '../src/flows/merge.js';
import { count } from './format.js';
import { type Line, styled } from './report.js';
import { first } from './streams.js';

/** Conflicts shown; `--json` has all. */
const SHOWN = 100;
const WIDEST_KIND = 'file and folder'.length;

/** A line for each path on which two datasets do not agree, and where the other file lies. */
export function* conflictLines(conflicts: readonly Conflict[]): Generator<Line> {
  if (conflicts.length === 0) return;
  yield styled('red', `${count(conflicts.length, 'conflict')}:`);
  for (const { path, kind, beside } of first(SHOWN, conflicts)) {
    const other = beside === undefined ? '' : `, the other file is ${beside}`;
    yield ['  ', styled('red', kind.padEnd(WIDEST_KIND)), `  ${path}${other}`];
  }
  const more = conflicts.length - SHOWN;
  if (more > 0) yield `  and ${count(more, 'other')}; --json lists all`;
}
