import type { ShownPart, ShownSplit } from '../src/flows/samples/show-split.js';
import { shorten, widthOf } from './fit.js';
import { count, thousands } from './format.js';
import { type Display, type Line, styled } from './report.js';

/** Labels shown of each part. */
const LABELS = 10;
/** Parts shown; `dvs ls` lists all. */
const PARTS = 20;
const WIDEST_BAR = 24;
const WIDEST_NAME = 32;
/** Eighths of a character, so that small differences can be seen. */
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** The parts of a split, each with how much of the samples it has, and its labels as bars of their share in the part. */
export function* splitLines({ total, parts }: ShownSplit, { columns = 80 }: Display): Generator<Line> {
  const shown = parts.slice(0, PARTS);
  const labels = shown.flatMap(({ labels = [] }) =>
    labels.slice(0, LABELS).map(({ label }) => shownLabel(label)),
  );
  const names = [...shown.map(({ name }) => name), ...labels.map((label) => `  ${label}`)];
  const name = Math.min(WIDEST_NAME, Math.max(...names.map(widthOf)));
  const number = Math.max(...shown.map((part) => thousands(part.count).length));
  const room = Math.max(4, Math.min(WIDEST_BAR, columns - name - number - 15));
  const row = (title: string, own: number, of: number): Line => {
    const share = of === 0 ? 0 : own / of;
    const text = shorten(title, name);
    const percent = `${(100 * share).toFixed(1)} %`.padStart(7);
    return [
      `  ${text}${' '.repeat(Math.max(0, name - widthOf(text)))}  ${thousands(own).padStart(number)}  ${percent}  `,
      styled('cyan', bar(share, room)),
    ];
  };
  for (const part of shown) {
    yield row(part.name, part.count, total);
    for (const { label, count: own } of part.labels?.slice(0, LABELS) ?? []) {
      yield row(`  ${shownLabel(label)}`, own, part.count);
    }
    yield* moreLabels(part);
  }
  if (parts.length > PARTS) yield `  and ${count(parts.length - PARTS, 'more part')}`;
}

function* moreLabels({ labels = [] }: ShownPart): Generator<Line> {
  const rest = labels.slice(LABELS);
  if (rest.length === 0) return;
  const samples = rest.reduce((sum, { count }) => sum + count, 0);
  yield styled('dim', `    and ${count(rest.length, 'more label')} of ${count(samples, 'sample')}`);
}

function shownLabel(label: string): string {
  return label === '' ? '(none)' : label;
}

/** A bar of `share` of `room` characters. */
function bar(share: number, room: number): string {
  const eighths = Math.round(share * room * 8);
  return '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '');
}
