import { compareUtf8 } from '../src/base/bytes.js';
import type { DatasetDiff, DatasetEntry, Modified } from '../src/index.js';
import { padTo, shorten, widthOf } from './fit.js';
import { formatBytes, thousands } from './format.js';
import { type Display, type Line, type Style, styled } from './report.js';
import { first } from './streams.js';

/** What became of one path. */
export interface Change {
  readonly letter: 'A' | 'D' | 'M' | 'R';
  readonly path: string;
  /** Of a renamed file: where it was. */
  readonly from?: string;
  readonly detail: string;
  /** Both sides of a path that has other bytes than before. */
  readonly modified?: Modified;
}

const STYLES: Record<Change['letter'], Style> = { A: 'green', D: 'red', M: 'yellow', R: 'cyan' };

/** Paths wider than this push their details to the right instead of everyone's. */
const WIDEST = 48;
/** Paths are not cut to less than this. */
const LEAST = 16;

export interface ChangeOptions {
  readonly indent?: string;
  /** Put before each path. */
  readonly folder?: string;
  /** How many lines at most; a last one then tells how to see them all. */
  readonly most?: number;
  readonly more?: string;
  readonly display?: Display;
}

/** A line for each path that differs, in byte order of the paths: what became of it, and its sizes. */
export function* changeLines(diff: DatasetDiff, options: ChangeOptions = {}): Generator<Line> {
  const { indent = '', most = Number.POSITIVE_INFINITY, more = '' } = options;
  for (const { line } of changeRows(diff, options)) yield line;
  const count = diff.added.length + diff.removed.length + diff.modified.length + diff.renamed.length;
  if (count > most) yield `${indent}and ${thousands(count - most)} more: ${more}`;
}

/** The same, each line with what it says. */
export function* changeRows(
  diff: DatasetDiff,
  { indent = '', folder = '', most = Number.POSITIVE_INFINITY, display = {} }: ChangeOptions = {},
): Generator<{ readonly line: Line; readonly change: Change }> {
  let width = 0;
  for (const { path } of first(most, changesOf(diff, folder))) {
    width = Math.max(width, widthOf(path));
    if (width >= WIDEST) break;
  }
  width = Math.min(WIDEST, width);
  for (const change of first(most, changesOf(diff, folder))) {
    const { letter, path, detail } = change;
    const room = (display.columns ?? Number.POSITIVE_INFINITY) - indent.length - 2;
    const gap = detail === '' ? '' : '  ';
    const shown = shorten(path, Math.max(LEAST, room - gap.length - widthOf(detail)));
    const name = detail === '' ? shown : padTo(shown, width) + gap;
    yield { change, line: [indent, styled(STYLES[letter], letter), ' ', name, styled('dim', detail)] };
  }
}

/** All changes in byte order of their paths: each list of a difference has that order already. */
export function* changesOf(diff: DatasetDiff, folder: string): Generator<Change> {
  const { added, removed, modified, renamed } = diff;
  const lists = [
    changes(added, ({ path, entry }) => ({ letter: 'A', path, detail: sizeOf(entry) })),
    changes(removed, ({ path, entry }) => ({ letter: 'D', path, detail: sizeOf(entry) })),
    changes(modified, (item) => ({
      letter: 'M',
      path: item.path,
      detail: fromTo(item.before, item.after),
      modified: item,
    })),
    changes(renamed, ({ path, from }) => ({
      letter: 'R',
      path,
      from: folder + from,
      detail: `from ${folder}${from}`,
    })),
  ];
  const heads = lists.map((list) => list.next().value);
  for (;;) {
    const at = indexOfFirst(heads);
    const change = heads[at];
    if (change === undefined) return;
    yield { ...change, path: folder + change.path };
    heads[at] = lists[at]?.next().value;
  }
}

function* changes<T>(items: Iterable<T>, toChange: (item: T) => Change): Generator<Change, undefined> {
  for (const item of items) yield toChange(item);
}

function indexOfFirst(heads: readonly (Change | undefined)[]): number {
  let found = 0;
  for (const [i, head] of heads.entries()) {
    const best = heads[found];
    if (head !== undefined && (best === undefined || compareUtf8(head.path, best.path) < 0)) found = i;
  }
  return found;
}

function sizeOf(entry: DatasetEntry): string {
  return entry.type === 'file' ? formatBytes(entry.size) : `link to ${entry.target}`;
}

function fromTo(before: DatasetEntry, after: DatasetEntry): string {
  const [old, now] = [sizeOf(before), sizeOf(after)];
  return old === now ? now : `${old} → ${now}`;
}

/** `2 added (3.0 MiB), 1 modified`: the kinds of change that there are, with the bytes that came and went. */
export function summaryOf({ added, modified, renamed, removed }: DatasetDiff): string {
  const size = (list: Iterable<{ entry: DatasetEntry }>): string => {
    let bytes = 0;
    for (const { entry } of list) bytes += entry.type === 'file' ? entry.size : 0;
    return ` (${formatBytes(bytes)})`;
  };
  const parts = [
    added.length > 0 ? `${thousands(added.length)} added${size(added)}` : [],
    modified.length > 0 ? `${thousands(modified.length)} modified` : [],
    renamed.length > 0 ? `${thousands(renamed.length)} renamed` : [],
    removed.length > 0 ? `${thousands(removed.length)} removed${size(removed)}` : [],
  ].flat();
  return parts.join(', ');
}

/** Why files that are still there are told as removed. */
export function nowIgnoredLine(many: number, indent = ''): Line {
  const those =
    many === 1
      ? '1 of those removed is still there, and ignored now'
      : `${thousands(many)} of those removed are still there, and ignored now`;
  return `${indent}${those} (\`dvs check-ignore -v\` says why)`;
}
