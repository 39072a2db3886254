import type { Scratch } from '../../../base/scratch.js';
import type { Sequence } from '../../../base/sequence.js';
import { type RecordCodec, Spill } from '../../../base/spill.js';
import { type DiffSink, diffRecords } from './line-diff.js';
import { bytesLeftOut, MAX_RECORD, type Record, textOf } from './record.js';

/** A line that was removed or added, or that stands beside one which was. */
export interface DiffLine {
  readonly op: ' ' | '-' | '+';
  /** Its number in the old file, from 1; undefined for an added line. */
  readonly before: number | undefined;
  /** Its number in the new file. */
  readonly after: number | undefined;
  readonly text: string;
  /** Bytes of a long line that are not in `text`. */
  readonly cut: number;
}

/** Lines that belong together: where they begin in both files, and how many of each there are. */
export interface Hunk {
  readonly beforeStart: number;
  readonly beforeCount: number;
  readonly afterStart: number;
  readonly afterCount: number;
}

/** What changed in a text, or in a table without a key, line by line. */
export interface LinesDiff {
  readonly kind: 'lines';
  /** What the lines are: `text`, `csv`, `jsonl`. */
  readonly format: string;
  readonly added: number;
  readonly removed: number;
  readonly hunks: Sequence<Hunk>;
  /** The lines of all hunks, one hunk after the other. */
  readonly lines: Sequence<DiffLine>;
  readonly note?: string;
}

/** Unchanged lines shown around changed ones, as `diff -u` has it. */
const CONTEXT = 3;

export interface LineSources {
  readonly format: string;
  readonly before: AsyncIterable<Record[]>;
  readonly after: AsyncIterable<Record[]>;
  readonly scratch: Scratch;
}

/** Compares two texts line by line. */
export async function compareLines({ format, before, after, scratch }: LineSources): Promise<LinesDiff> {
  const hunks = new HunkBuilder(scratch);
  await diffRecords(before, after, hunks);
  hunks.finish();
  const { added, removed } = hunks.counts;
  const note = added + removed === 0 ? { note: 'only line endings or a byte order mark differ' } : {};
  return { kind: 'lines', format, added, removed, hunks: hunks.hunks, lines: hunks.lines, ...note };
}

/** Gathers changed lines and those around them. */
class HunkBuilder implements DiffSink {
  readonly hunks: Spill<Hunk>;
  readonly lines: Spill<DiffLine>;
  readonly counts = { added: 0, removed: 0 };
  /** Lines passed on both sides. */
  #before = 0;
  #after = 0;
  /** Unchanged lines since the last changed one, as far as they may be needed. */
  #waiting: DiffLine[] = [];
  #open: { beforeStart: number; beforeCount: number; afterStart: number; afterCount: number } | undefined;

  constructor(scratch: Scratch) {
    this.hunks = new Spill(scratch, hunkRecord);
    this.lines = new Spill(scratch, lineRecord);
  }

  readonly same = (record: Record): void => {
    this.#before++;
    this.#after++;
    const keep = this.#open === undefined ? CONTEXT : 2 * CONTEXT;
    this.#waiting.push(line(' ', record, this.#before, this.#after));
    if (this.#waiting.length <= keep) return;
    if (this.#open !== undefined) this.#close();
    this.#waiting = this.#waiting.slice(-CONTEXT);
  };

  readonly removed = (record: Record): void => {
    this.#change(line('-', record, ++this.#before, undefined));
    this.counts.removed++;
  };

  readonly added = (record: Record): void => {
    this.#change(line('+', record, undefined, ++this.#after));
    this.counts.added++;
  };

  finish(): void {
    if (this.#open !== undefined) this.#close();
  }

  #change(changed: DiffLine): void {
    this.#open ??= {
      beforeStart: this.#before + (changed.op === '-' ? 0 : 1) - this.#waiting.length,
      beforeCount: 0,
      afterStart: this.#after + (changed.op === '+' ? 0 : 1) - this.#waiting.length,
      afterCount: 0,
    };
    for (const one of this.#waiting) this.#tell(one);
    this.#waiting = [];
    this.#tell(changed);
  }

  #tell(one: DiffLine): void {
    this.lines.add(one);
    if (this.#open === undefined) return;
    if (one.op !== '+') this.#open.beforeCount++;
    if (one.op !== '-') this.#open.afterCount++;
  }

  #close(): void {
    for (const one of this.#waiting.slice(0, CONTEXT)) this.#tell(one);
    this.#waiting = this.#waiting.slice(CONTEXT);
    if (this.#open !== undefined) this.hunks.add(this.#open);
    this.#open = undefined;
  }
}

function line(
  op: DiffLine['op'],
  record: Record,
  before: number | undefined,
  after: number | undefined,
): DiffLine {
  return { op, before, after, text: textOf(record), cut: bytesLeftOut(record) };
}

const hunkRecord: RecordCodec<Hunk> = {
  maxLength: 4 * 8,
  put(target, at, { beforeStart, beforeCount, afterStart, afterCount }) {
    return [beforeStart, beforeCount, afterStart, afterCount].reduce(
      (to, n) => target.writeDoubleLE(n, to),
      at,
    );
  },
  take(record) {
    const [beforeStart = 0, beforeCount = 0, afterStart = 0, afterCount = 0] = [0, 8, 16, 24].map((at) =>
      record.readDoubleLE(at),
    );
    return { beforeStart, beforeCount, afterStart, afterCount };
  },
};

const HEAD = 1 + 3 * 8;

const lineRecord: RecordCodec<DiffLine> = {
  // A byte that is no UTF-8 becomes U+FFFD, which takes three.
  maxLength: HEAD + 3 * MAX_RECORD,
  put(target, at, { op, before = 0, after = 0, cut, text }) {
    target.write(op, at, 'latin1');
    const start = [before, after, cut].reduce((to, n) => target.writeDoubleLE(n, to), at + 1);
    return start + target.write(text, start, 'utf8');
  },
  take(record) {
    const op = record.toString('latin1', 0, 1);
    const [before = 0, after = 0, cut = 0] = [1, 9, 17].map((at) => record.readDoubleLE(at));
    return {
      op: op === '-' || op === '+' ? op : ' ',
      before: before || undefined,
      after: after || undefined,
      cut,
      text: record.toString('utf8', HEAD),
    };
  },
};
