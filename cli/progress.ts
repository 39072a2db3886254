import type { ProgressEvent } from '../src/base/progress.js';
import { count, formatBytes } from './format.js';

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
  #bytes = 0;
  #nextAt = 0;
  #isDrawn = false;
  #isOver = false;

  constructor(stream: Screen) {
    this.#stream = stream;
  }

  /** Takes in an event; a function of its own, to be passed on. */
  readonly report = (event: ProgressEvent): void => {
    const now = performance.now();
    if (event.phase !== this.#phase || event.bytes < this.#bytes) this.#begin(event.phase, now);
    this.#bytes = event.bytes;
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

/** Such as `reading [#####     ] 1.2 GiB of 4.8 GiB, 1,200 items, 410 MiB/s, 9 s left`. */
export function describe(event: ProgressEvent, seconds: number): string {
  const { phase, bytes, totalBytes, items } = event;
  const rate = seconds > 0 ? bytes / seconds : 0;
  const parts = [
    totalBytes === undefined ? formatBytes(bytes) : `${formatBytes(bytes)} of ${formatBytes(totalBytes)}`,
    count(items, phase === 'checking' ? 'object' : 'file'),
    `${formatBytes(rate)}/s`,
  ];
  if (totalBytes === undefined || totalBytes === 0) return `${phase} ${parts.join(', ')}`;
  const done = Math.min(1, bytes / totalBytes);
  const bar = '#'.repeat(Math.round(done * BAR_WIDTH)).padEnd(BAR_WIDTH);
  if (rate > 0) parts.push(`${Math.ceil((totalBytes - bytes) / rate)} s left`);
  return `${phase} [${bar}] ${parts.join(', ')}`;
}
