import type { ProgressEvent } from '../src/base/progress.js';
import { count, formatBytes, thousands } from './format.js';

/** Nothing is drawn for what is over before this. */
const PATIENCE_MS = 500;
const REDRAW_MS = 100;
/** Between lines, where there is no terminal to redraw on. */
const LINE_MS = 5000;
const BAR_WIDTH = 20;
const CLEAR = '\r\x1b[K';

/** Where progress is drawn, such as `process.stderr`. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Draws progress on stderr: a line that changes on a terminal, else a line now and then. */
export class ProgressLine {
  readonly #stream: Screen;
  #phase = '';
  #startedAt = 0;
  #last: ProgressEvent | undefined;
  #nextAt = 0;
  #isDrawn = false;
  #isOver = false;

  constructor(stream: Screen) {
    this.#stream = stream;
  }

  /** Takes in an event; a function of its own, to be passed on. */
  readonly report = (event: ProgressEvent): void => {
    const now = performance.now();
    if (event.phase !== this.#phase || isBehind(event, this.#last)) this.#begin(event.phase, now);
    this.#last = event;
    if (now < this.#nextAt || this.#isOver) return;
    const { isTTY = false, columns } = this.#stream;
    this.#nextAt = now + (isTTY ? REDRAW_MS : LINE_MS);
    const text = describe(event, (now - this.#startedAt) / 1000);
    this.#stream.write(isTTY ? `${CLEAR}${text.slice(0, (columns || 80) - 1)}` : `${text}\n`);
    this.#isDrawn = isTTY;
  };

  /** Takes the line away, before anything else is printed. */
  clear(): void {
    if (this.#isDrawn) this.#stream.write(CLEAR);
    this.#isDrawn = false;
  }

  /** Takes the line away for good: somebody else has the terminal. */
  end(): void {
    this.clear();
    this.#isOver = true;
  }

  #begin(phase: string, now: number): void {
    this.#phase = phase;
    this.#startedAt = now;
    this.#nextAt = now + (this.#stream.isTTY === true ? PATIENCE_MS : LINE_MS);
  }
}

/** Whether an event tells of less than one before: the same work begins again. */
function isBehind({ bytes, items }: ProgressEvent, before: ProgressEvent | undefined): boolean {
  return before !== undefined && (bytes < before.bytes || items < before.items);
}

/** Such as `reading [#####     ] 1.2 GiB of 4.8 GiB, 1,200 items, 410 MiB/s, 9 s left`. */
export function describe(event: ProgressEvent, seconds: number): string {
  const { phase, bytes, totalBytes, items } = event;
  if (event.unit === 'sample') return describeSamples(event, seconds);
  const rate = seconds > 0 ? bytes / seconds : 0;
  const parts = [
    totalBytes === undefined ? formatBytes(bytes) : `${formatBytes(bytes)} of ${formatBytes(totalBytes)}`,
    ...(items === 0 ? [] : [count(items, phase === 'checking' ? 'object' : 'file')]),
    `${formatBytes(rate)}/s`,
  ];
  if (totalBytes === undefined || totalBytes === 0) return `${phase} ${parts.join(', ')}`;
  if (rate > 0) parts.push(`${Math.ceil((totalBytes - bytes) / rate)} s left`);
  return `${phase} [${bar(bytes / totalBytes)}] ${parts.join(', ')}`;
}

/** Such as `splitting [#####     ] 1,200,000 of 4,800,000 samples, 410,000/s, 9 s left`. */
function describeSamples({ phase, items, totalItems }: ProgressEvent, seconds: number): string {
  const rate = seconds > 0 ? items / seconds : 0;
  const speed = `${thousands(Math.round(rate))}/s`;
  if (totalItems === undefined || totalItems === 0) return `${phase} ${count(items, 'sample')}, ${speed}`;
  const left = rate > 0 ? `, ${Math.ceil((totalItems - items) / rate)} s left` : '';
  return `${phase} [${bar(items / totalItems)}] ${thousands(items)} of ${count(totalItems, 'sample')}, ${speed}${left}`;
}

function bar(done: number): string {
  return '#'.repeat(Math.round(Math.min(1, done) * BAR_WIDTH)).padEnd(BAR_WIDTH);
}
