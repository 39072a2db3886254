import type { DatasetDiff } from '../src/index.js';
import { changesOf } from './changes.js';
import { quotePath } from './escape.js';

/** A line for programs, such as `R`, the path before, the path now. */
export type Fields = readonly string[];

/**
 * Lines for programs: fields with a tab between them, paths that could be misread as JSON strings; or with `nul` every
 * field as it is and ended by NUL.
 */
export async function* records(
  rows: Iterable<Fields> | AsyncIterable<Fields>,
  nul: boolean,
): AsyncGenerator<string> {
  for await (const fields of rows) {
    yield nul ? `${fields.join('\0')}\0` : `${fields.map(quotePath).join('\t')}\n`;
  }
}

/** The paths that differ, in byte order: with a letter in front, and for a renamed one the path before. */
export function* statusFields(diff: DatasetDiff, folder = ''): Generator<Fields> {
  for (const { letter, path, from } of changesOf(diff, folder)) {
    yield from === undefined ? [letter, path] : [letter, from, path];
  }
}

/** The paths that differ, in byte order. */
export function* pathFields(diff: DatasetDiff, folder = ''): Generator<Fields> {
  for (const { path } of changesOf(diff, folder)) yield [path];
}
