import { ioError } from './errors.js';
import { KiB, MiB } from './limits.js';
import { readFully } from './read-fully.js';

/** Sorted records in a file, from `position` until before `end`. */
export interface Run {
  readonly position: number;
  readonly end: number;
}

/** Read ahead of all runs together, and of each at least and at most. */
const READ_AHEAD = 32 * MiB;
const LEAST_AHEAD = 4 * KiB;
const MOST_AHEAD = MiB;
/** The first bytes of a record that are compared as one number. */
const HEAD = 6;

/**
 * The records of all runs in byte order, in batches of `batchBytes` (whole records), valid until the next. A tree of
 * losers (Knuth, The Art of Computer Programming 3, 5.4.1): one comparison a level for each record.
 */
export function* mergeRuns(
  file: number,
  runs: readonly Run[],
  width: number,
  batchBytes: number,
): Generator<Buffer, void, undefined> {
  const ahead = Math.min(MOST_AHEAD, Math.max(LEAST_AHEAD, Math.floor(READ_AHEAD / runs.length)));
  const readers = runs.map((run) => new RunReader(file, run, width, ahead));
  const losers = new Int32Array(runs.length).fill(-1);
  let winner = -1;
  for (let run = 0; run < readers.length; run++) winner = play(readers, losers, run);
  const batch = Buffer.alloc(batchBytes);
  let filled = 0;
  for (;;) {
    const reader = readers[winner];
    if (reader === undefined || reader.head === Infinity) break;
    reader.copyTo(batch, filled);
    filled += width;
    reader.next();
    winner = play(readers, losers, winner);
    if (filled === batchBytes) {
      yield batch;
      filled = 0;
    }
  }
  if (filled > 0) yield batch.subarray(0, filled);
}

/**
 * Lets `run` meet the losers on its way up, the smaller record going on. Returns the winner of all; at the beginning, when
 * not all have played, −1 for those that wait on the way.
 */
function play(readers: readonly RunReader[], losers: Int32Array, run: number): number {
  let winner = run;
  for (let node = (run + readers.length) >> 1; node > 0; node >>= 1) {
    const other = losers[node] ?? -1;
    if (other < 0) {
      losers[node] = winner;
      return -1;
    }
    if (isBefore(readers[other], readers[winner])) {
      losers[node] = winner;
      winner = other;
    }
  }
  return winner;
}

function isBefore(a: RunReader | undefined, b: RunReader | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  if (a.head !== b.head) return a.head < b.head;
  return a.head !== Infinity && a.isBefore(b);
}

/** A run of a file, read from front to back. */
class RunReader {
  /** The first bytes of the record that it stands at, as a number; Infinity at the end. */
  head = 0;
  readonly #file: number;
  readonly #width: number;
  readonly #window: Buffer;
  readonly #end: number;
  #position: number;
  #at = 0;
  #length = 0;

  constructor(file: number, { position, end }: Run, width: number, ahead: number) {
    this.#file = file;
    this.#width = width;
    this.#position = position;
    this.#end = end;
    this.#window = Buffer.alloc(Math.min(end - position, Math.max(1, Math.floor(ahead / width)) * width));
    this.#look();
  }

  next(): void {
    this.#at += this.#width;
    this.#look();
  }

  copyTo(target: Buffer, at: number): void {
    const window = this.#window;
    const start = this.#at;
    for (let i = 0; i < this.#width; i++) target[at + i] = window[start + i] ?? 0;
  }

  isBefore(other: RunReader): boolean {
    for (let i = HEAD; i < this.#width; i++) {
      const difference = (this.#window[this.#at + i] ?? 0) - (other.#window[other.#at + i] ?? 0);
      if (difference !== 0) return difference < 0;
    }
    return false;
  }

  #look(): void {
    if (this.#at === this.#length) this.#fill();
    if (this.#length === 0) {
      this.head = Infinity;
      return;
    }
    let head = 0;
    const end = this.#at + Math.min(HEAD, this.#width);
    for (let at = this.#at; at < end; at++) head = head * 256 + (this.#window[at] ?? 0);
    this.head = head;
  }

  #fill(): void {
    const wanted = this.#window.subarray(0, Math.min(this.#window.length, this.#end - this.#position));
    try {
      if (readFully(this.#file, wanted, this.#position) < wanted.length)
        throw new RangeError('a temporary file ends before its last record');
    } catch (error) {
      throw ioError(error, 'reading', 'a temporary file');
    }
    this.#position += wanted.length;
    this.#at = 0;
    this.#length = wanted.length;
  }
}
