import type {
  BytesDiff,
  ContentDiff,
  ImageDiff,
  LinesDiff,
  ParquetDiff,
  RowChange,
  RowsDiff,
} from '../src/index.js';
import { clip, fromDifference, shorten } from './fit.js';
import { count, formatBytes, thousands } from './format.js';
import { type Display, type Line, spansOf, styled } from './report.js';
import { first } from './streams.js';

export interface ContentOptions {
  readonly display: Display;
  /** Changed lines or rows of one file that are shown. */
  readonly most: number;
}

const INDENT = '    ';
/** On a terminal a line takes no more rows than this. */
const ROWS = 3;
/** On a terminal so many cells of a row are shown. */
const CELLS = 8;
const STYLES = { added: 'green', removed: 'red', changed: 'yellow' } as const;
const LETTERS = { added: 'A', removed: 'D', changed: 'M' } as const;

/** What changed inside a file, in a few lines or many. */
export function* contentLines(content: ContentDiff, options: ContentOptions): Generator<Line> {
  const { note } = content;
  for (const line of linesOf(content, options)) yield [INDENT, ...spansOf(line)];
  if (note !== undefined) yield [INDENT, styled('dim', `(${note})`)];
}

function linesOf(content: ContentDiff, options: ContentOptions): Iterable<Line> {
  switch (content.kind) {
    case 'lines':
      return textLines(content, options);
    case 'rows':
      return rowLines(content, options);
    case 'image':
      return [imageLine(content)];
    case 'parquet':
      return parquetLines(content);
    case 'bytes':
      return [bytesLine(content)];
  }
}

function* textLines(
  { format, added, removed, hunks, lines }: LinesDiff,
  options: ContentOptions,
): Generator<Line> {
  const { most, display } = options;
  const things = format === 'text' ? 'line' : 'row';
  yield styled('dim', `${format}: ${counted([added, things, 'added'], [removed, '', 'removed'])}`);
  const width = (display.columns ?? Number.POSITIVE_INFINITY) * ROWS - INDENT.length;
  const left = lines[Symbol.iterator]();
  let shown = 0;
  for (const { beforeStart, beforeCount, afterStart, afterCount } of hunks) {
    if (shown >= most) break;
    yield styled('cyan', `@@ -${stretch(beforeStart, beforeCount)} +${stretch(afterStart, afterCount)} @@`);
    let [before, after] = [beforeCount, afterCount];
    while (before + after > 0 && shown < most) {
      const { value: line } = left.next();
      if (line === undefined) return;
      if (line.op !== '+') before--;
      if (line.op !== '-') after--;
      if (line.op !== ' ') shown++;
      const more = line.cut === 0 ? '' : ` … and ${formatBytes(line.cut)} more`;
      const text = clip(line.op + line.text + more, width);
      yield line.op === ' ' ? text : styled(line.op === '+' ? 'green' : 'red', text);
    }
  }
  yield* moreLine(added + removed - shown, things);
}

/** As `diff -u` writes where a hunk is; what is empty is named by the line before it. */
function stretch(start: number, length: number): string {
  if (length === 1) return String(start);
  return `${length === 0 ? start - 1 : start},${length}`;
}

function* rowLines(diff: RowsDiff, { most, display }: ContentOptions): Generator<Line> {
  const { format, key, added, removed, changed, columns, rows } = diff;
  const counts = counted([added, 'row', 'added'], [removed, '', 'removed'], [changed, '', 'changed']);
  yield styled('dim', `${format} by ${key.join(', ')}: ${counts}`);
  for (const column of columns.added) yield [styled('green', 'A'), ` column ${column}`];
  for (const column of columns.removed) yield [styled('red', 'D'), ` column ${column}`];
  const cell = display.columns === undefined ? Number.POSITIVE_INFINITY : Math.max(16, display.columns / 4);
  for (const row of first(most, rows)) yield rowLine(row, Math.floor(cell), display);
  yield* moreLine(rows.length - most, 'row');
}

function rowLine({ change, key, cells, text }: RowChange, width: number, { columns }: Display): Line {
  const name = key.map((part) => shorten(part, width)).join(', ');
  const start = [styled(STYLES[change], LETTERS[change]), ' ', styled('bold', name), '  '];
  if (text !== undefined) return [...start, clip(text, (columns ?? Number.POSITIVE_INFINITY) * ROWS - 40)];
  const most = columns === undefined ? Number.POSITIVE_INFINITY : CELLS;
  const spans = cells.slice(0, most).map(({ column, before, after }, i) => {
    const [old = '', now = ''] = fromDifference(before ?? '', after ?? '', width);
    return [
      `${i === 0 ? '' : ', '}${column}: `,
      before === undefined ? NOTHING : styled('red', shownCell(old)),
      ' → ',
      after === undefined ? NOTHING : styled('green', shownCell(now)),
    ];
  });
  const more = cells.length > most ? [styled('dim', ` and ${count(cells.length - most, 'more cell')}`)] : [];
  return [...start, ...spans.flat(), ...more];
}

const NOTHING = styled('dim', 'nothing');

function shownCell(cell: string): string {
  return cell === '' ? "''" : cell;
}

function imageLine({ before, after }: ImageDiff): Line {
  const [old, now] = [before, after].map(({ type, width, height }) => `${type} ${width} × ${height}`);
  return styled(
    'dim',
    old === now ? `image: ${now}, as before; its pixels or metadata differ` : `image: ${old} → ${now}`,
  );
}

function* parquetLines({ before, after, added, removed, changed }: ParquetDiff): Generator<Line> {
  const facts = [
    fromTo(before.rows, after.rows, 'row'),
    fromTo(before.rowGroups, after.rowGroups, 'row group'),
    fromTo(before.columns, after.columns, 'column'),
  ];
  yield styled('dim', `parquet: ${facts.join(', ')}`);
  for (const { name, type } of added) yield [styled('green', 'A'), ` ${name}  `, styled('dim', type)];
  for (const { name, type } of removed) yield [styled('red', 'D'), ` ${name}  `, styled('dim', type)];
  for (const { name, before: old, after: now } of changed) {
    yield [styled('yellow', 'M'), ` ${name}  `, styled('dim', `${old} → ${now}`)];
  }
}

function bytesLine({ before, after, firstDifference }: BytesDiff): Line {
  if (firstDifference === undefined) return styled('dim', 'bytes differ');
  if (firstDifference === Math.min(before, after)) {
    const [what, bytes] =
      after > before ? ['came after the end', after - before] : ['are gone from the end', before - after];
    return styled('dim', `bytes: ${formatBytes(bytes)} ${what}, the rest is the same`);
  }
  return styled('dim', `bytes: the first that differs is at offset ${thousands(firstDifference)}`);
}

function fromTo(before: number, after: number, thing: string): string {
  return before === after ? count(after, thing) : `${thousands(before)} → ${count(after, thing)}`;
}

/** `2 rows added, 1 removed`: of what there is none, nothing is said; the first that is said names the things. */
function counted(...parts: readonly (readonly [number, string, string])[]): string {
  const thing = parts[0]?.[1] ?? '';
  const said = parts.filter(([number]) => number > 0);
  if (said.length === 0) return `no ${thing} differs`;
  return said
    .map(([number, , done], i) => `${i === 0 ? count(number, thing) : thousands(number)} ${done}`)
    .join(', ');
}

function* moreLine(left: number, thing: string): Generator<Line> {
  if (left > 0) yield styled('dim', `and ${count(left, `more changed ${thing}`)}: --lines 0 shows all`);
}
