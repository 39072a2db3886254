import type { ComparedContent } from '../flows/contents.js';
import type { NamedDiff } from '../flows/diff.js';
import type { ContentDiff } from '../ops/diff/content/content-diff.js';
import type { DiffLine, LinesDiff } from '../ops/diff/content/lines.js';
import type { CellChange, RowChange, RowsDiff } from '../ops/diff/content/rows.js';

/** What changed inside a file. Beside these, each kind has keys of its own; its lists are made as they are read. */
export interface ContentView {
  readonly path: string;
  /** `none` where nothing could be compared: a link, or a file that has changed again. */
  readonly kind: ContentDiff['kind'] | 'none';
  /** Why less is told than could be, or null. */
  readonly note: string | null;
  readonly [field: string]: unknown;
}

/** What changed inside the modified files of several differences; their paths get the folders that `folderOf` says. */
export async function* contentViews(
  diffs: readonly NamedDiff[],
  folderOf: (diff: NamedDiff) => string,
  inside: (diff: NamedDiff) => AsyncIterable<ComparedContent>,
): AsyncGenerator<ContentView> {
  for (const named of diffs) {
    for await (const compared of inside(named)) yield contentView(compared, folderOf(named));
  }
}

function contentView({ path, content }: ComparedContent, folder: string): ContentView {
  if (content === undefined) return { path: folder + path, kind: 'none', note: null };
  const { kind, note = null } = content;
  return { path: folder + path, kind, note, ...fieldsOf(content) };
}

function fieldsOf(content: ContentDiff): Record<string, unknown> {
  if (content.kind === 'lines') return linesFields(content);
  if (content.kind === 'rows') return rowsFields(content);
  if (content.kind === 'bytes') {
    const { before, after, firstDifference = null } = content;
    return { before, after, firstDifference };
  }
  const { kind: _kind, note: _note, ...fields } = content;
  return fields;
}

function linesFields({ format, added, removed, hunks, lines }: LinesDiff): Record<string, unknown> {
  return { format, added, removed, hunks, lines: each(lines, lineView) };
}

function rowsFields(diff: RowsDiff): Record<string, unknown> {
  const { format, key, added, removed, changed, columns, rows } = diff;
  return { format, key, added, removed, changed, columns, rows: each(rows, rowView) };
}

function lineView({ op, before, after, text, cut }: DiffLine): object {
  return { op, before: before ?? null, after: after ?? null, text, cut };
}

function rowView({ change, key, before, after, cells, text }: RowChange): object {
  return {
    change,
    key,
    before: before ?? null,
    after: after ?? null,
    cells: cells.map(cellView),
    text: text ?? null,
  };
}

function cellView({ column, before, after }: CellChange): object {
  return { column, before: before ?? null, after: after ?? null };
}

function* each<T, V>(items: Iterable<T>, view: (item: T) => V): Generator<V> {
  for (const item of items) yield view(item);
}
