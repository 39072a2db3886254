import { MiB } from '../../../base/limits.js';
import { commonSequence } from './common-sequence.js';
import type { Record } from './record.js';

/** Hears what becomes of each record, in order: removed ones of the old side before added ones of the new. */
export interface DiffSink {
  same(record: Record): void;
  removed(record: Record): void;
  added(record: Record): void;
}

/** Records looked at together, on each side, where the sides differ; more while they have nothing in common. */
const WINDOW = 1 << 15;
const WIDEST = 1 << 17;
/** Characters held on each side, whatever the records. */
const MOST_TEXT = 32 * MiB;

/**
 * How one list of records became another, in memory that does not grow with them. Where the lists differ, a window of
 * each is compared as a whole; what follows the last record that both windows have in common waits for the next. So
 * the result is always right, and as short as can be when neither what differs in one place is longer than a window
 * (131,072 records or 32 MiB), nor windows have more than a thousand differences among what is in both of them.
 */
export async function diffRecords(
  before: AsyncIterable<Record[]>,
  after: AsyncIterable<Record[]>,
  sink: DiffSink,
): Promise<void> {
  const left = new Ahead(before);
  const right = new Ahead(after);
  for (let window = WINDOW; ; ) {
    await left.fill(1);
    await right.fill(1);
    skipSame(left, right, sink);
    if (left.length === 0 || right.length === 0) {
      if (!left.isAtEnd && left.length === 0) continue;
      if (!right.isAtEnd && right.length === 0) continue;
      break;
    }
    await left.fill(window);
    await right.fill(window);
    const isAll = left.isAtEnd && right.isAtEnd;
    const isFull = left.isFull && right.isFull;
    const { pairs, isComplete } = commonSequence(left.records(), right.records());
    if (pairs.length === 0 && !isAll && window < WIDEST && !isFull) {
      window *= 2;
      continue;
    }
    window = WINDOW;
    for (const [i, j] of pairs) {
      left.take(i - left.taken, sink.removed);
      right.take(j - right.taken, sink.added);
      left.take(1, sink.same);
      right.take(1, () => {});
    }
    if (pairs.length === 0 || (isAll && isComplete)) {
      left.take(left.length, sink.removed);
      right.take(right.length, sink.added);
    }
    left.settle();
    right.settle();
  }
  await drain(left, sink.removed);
  await drain(right, sink.added);
}

function skipSame(left: Ahead, right: Ahead, { same }: DiffSink): void {
  const most = Math.min(left.length, right.length);
  let count = 0;
  while (count < most && left.at(count) === right.at(count)) count++;
  left.take(count, same);
  right.take(count, () => {});
  left.settle();
  right.settle();
}

async function drain(ahead: Ahead, tell: (record: Record) => void): Promise<void> {
  for (;;) {
    ahead.take(ahead.length, tell);
    ahead.settle();
    if (ahead.isAtEnd) return;
    await ahead.fill(1);
  }
}

/** Records read ahead of where we are. */
class Ahead {
  readonly #source: AsyncIterator<Record[]>;
  #records: Record[] = [];
  #text = 0;
  #taken = 0;
  isAtEnd = false;

  constructor(source: AsyncIterable<Record[]>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Records at hand that were not taken. */
  get length(): number {
    return this.#records.length - this.#taken;
  }

  /** How many were taken since `settle`. */
  get taken(): number {
    return this.#taken;
  }

  /** True when no more may be held. */
  get isFull(): boolean {
    return this.isAtEnd || this.#text >= MOST_TEXT;
  }

  at(index: number): Record | undefined {
    return this.#records[this.#taken + index];
  }

  /** All at hand; after `settle`. */
  records(): readonly Record[] {
    return this.#records;
  }

  /** Reads on until `count` are at hand, or there are no more, or they are too much text. */
  async fill(count: number): Promise<void> {
    while (this.length < count && !this.isFull) {
      const next = await this.#source.next();
      if (next.done === true) this.isAtEnd = true;
      else {
        for (const record of next.value) {
          this.#records.push(record);
          this.#text += record.length;
        }
      }
    }
  }

  take(count: number, tell: (record: Record) => void): void {
    const end = this.#taken + count;
    for (let i = this.#taken; i < end; i++) {
      const record = this.#records[i] ?? '';
      this.#text -= record.length;
      tell(record);
    }
    this.#taken = end;
  }

  /** Lets go of what was taken. */
  settle(): void {
    if (this.#taken > 0) this.#records = this.#records.slice(this.#taken);
    this.#taken = 0;
  }
}
