import { compareUtf8 } from '../src/base/bytes.js';
import type { DatasetDiff, DatasetEntry } from '../src/index.js';
import { formatBytes, thousands } from './format.js';
import { type Line, type Style, styled } from './report.js';

interface Change {
  readonly letter: 'A' | 'D' | 'M' | 'R';
  readonly path: string;
  readonly detail: string;
}

const STYLES: Record<Change['letter'], Style> = { A: 'green', D: 'red', M: 'yellow', R: 'cyan' };

/** Paths longer than this push their details to the right instead of everyone's. */
const WIDEST = 48;

export interface ChangeOptions {
  readonly indent?: string;
  /** Put before each path. */
  readonly folder?: string;
  /** How many lines at most; a last one then tells how to see them all. */
  readonly most?: number;
  readonly more?: string;
}

/** A line for each path that differs, in byte order of the paths: what became of it, and its sizes. */
export function* changeLines(diff: DatasetDiff, options: ChangeOptions = {}): Generator<Line> {
  const { indent = '', folder = '', most = Number.POSITIVE_INFINITY, more = '' } = options;
  const all = changesOf(diff, folder);
  const shown = all.slice(0, most);
  const width = Math.min(WIDEST, Math.max(0, ...shown.map(({ path }) => path.length)));
  for (const { letter, path, detail } of shown) {
    const name = detail === '' ? path : `${path.padEnd(width)}  `;
    yield [indent, styled(STYLES[letter], letter), ' ', name, styled('dim', detail)];
  }
  if (all.length > shown.length) yield `${indent}and ${thousands(all.length - shown.length)} more: ${more}`;
}

function changesOf({ added, removed, modified, renamed }: DatasetDiff, folder: string): Change[] {
  const changes: Change[] = [
    ...added.map(({ path, entry }) => ({ letter: 'A', path, detail: sizeOf(entry) }) as const),
    ...removed.map(({ path, entry }) => ({ letter: 'D', path, detail: sizeOf(entry) }) as const),
    ...modified.map(
      ({ path, before, after }) => ({ letter: 'M', path, detail: fromTo(before, after) }) as const,
    ),
    ...renamed.map(({ path, from }) => ({ letter: 'R', path, detail: `from ${folder}${from}` }) as const),
  ];
  changes.sort((a, b) => compareUtf8(a.path, b.path));
  return changes.map((change) => ({ ...change, path: folder + change.path }));
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
  const size = (list: readonly { entry: DatasetEntry }[]): string => {
    const bytes = list.reduce((sum, { entry }) => sum + (entry.type === 'file' ? entry.size : 0), 0);
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
