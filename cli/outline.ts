import type { DatasetEntry, Outline } from '../src/index.js';
import { padTo, shorten, widthOf } from './fit.js';
import { count, formatBytes } from './format.js';
import { type Display, type Line, styled } from './report.js';

interface Row {
  /** The lines that lead to it from the folders it lies in. */
  readonly lead: string;
  readonly name: string;
  readonly look: 'folder' | 'file' | 'more';
  readonly files: string;
  readonly size: string;
}

const INDENT = '  ';
/** Names wider than this push their sizes to the right instead of everyone's. */
const WIDEST = 56;
/** Names are not cut to less than this. */
const LEAST = 12;

/** What lies in a folder, a line each, as a tree; figures in columns. */
export function* outlineLines(outline: Outline, { columns }: Display): Generator<Line> {
  const rows = [...rowsIn(outline, '')];
  const sizeWidth = widest(rows, ({ size }) => size);
  const filesWidth = widest(rows, ({ files }) => files);
  const figures = filesWidth + sizeWidth + INDENT.length * (filesWidth > 0 ? 3 : 2);
  const room = columns === undefined ? Number.POSITIVE_INFINITY : columns - figures;
  const nameWidth = Math.min(
    room,
    WIDEST,
    widest(rows, ({ lead, name }) => lead + name),
  );
  for (const { lead, name, look, files, size } of rows) {
    const shown = shorten(name, Math.max(LEAST, room - widthOf(lead)));
    const fill = padTo('', nameWidth - widthOf(lead) - widthOf(shown));
    const numbers = filesWidth > 0 ? `  ${padTo(files, filesWidth, 'right')}` : '';
    yield [
      INDENT,
      styled('dim', lead),
      look === 'file' ? shown : styled(look === 'folder' ? 'bold' : 'dim', shown),
      styled('dim', `${fill}${numbers}  ${padTo(size, sizeWidth, 'right')}`.trimEnd()),
    ];
  }
}

function* rowsIn({ path, children, more }: Outline, lead: string): Generator<Row> {
  const start = path === '' ? 0 : path.length + 1;
  for (const [i, child] of children.entries()) {
    const isLast = i === children.length - 1 && more === undefined;
    const here = lead + (isLast ? '└─ ' : '├─ ');
    const name = child.path.slice(start);
    if (child.type === 'entry') {
      yield {
        lead: here,
        name: entryName(name, child.entry),
        look: 'file',
        files: '',
        size: sizeOf(child.entry),
      };
      continue;
    }
    const figures = { files: count(child.files, 'file'), size: formatBytes(child.bytes) };
    yield { lead: here, name: `${name}/`, look: 'folder', ...figures };
    yield* rowsIn(child, lead + (isLast ? '   ' : '│  '));
  }
  if (more === undefined) return;
  const figures = { files: count(more.files, 'file'), size: formatBytes(more.bytes) };
  yield { lead: `${lead}└─ `, name: children.length === 0 ? 'all' : 'and more', look: 'more', ...figures };
}

function entryName(name: string, entry: DatasetEntry): string {
  return entry.type === 'link' ? `${name} → ${entry.target}` : name;
}

function sizeOf(entry: DatasetEntry): string {
  return entry.type === 'file' ? formatBytes(entry.size) : 'link';
}

function widest(rows: readonly Row[], cell: (row: Row) => string): number {
  return rows.reduce((most, row) => Math.max(most, widthOf(cell(row))), 0);
}
