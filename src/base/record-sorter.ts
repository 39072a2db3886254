import { writeSync } from 'node:fs';
import { ioError } from './errors.js';
import { KiB, MiB } from './limits.js';
import { mergeRuns, type Run } from './merge-runs.js';
import type { Scratch } from './scratch.js';
import { sortRun } from './sort-run.js';

/** Records that are sorted in memory at once, at most: `sortRun` numbers them with 21 bits. */
const RUN_RECORDS = 2 ** 21;
const RUN_BYTES = 48 * MiB;
const FIRST_RECORDS = 512;
const BATCH_BYTES = 64 * KiB;

/**
 * Sorts records of one width by their bytes, in memory that does not grow with their number (some 70 MiB): a run that
 * is full is sorted and goes to a file of `scratch`; runs are merged when they are asked for. Synchronous, like `Spill`.
 */
export class RecordSorter {
  /** Bytes of a record. */
  readonly width: number;
  readonly #scratch: Scratch;
  readonly #runRecords: number;
  #bytes = Buffer.alloc(0);
  #order = new Float64Array(0);
  /** Records in memory, and whether they are in order already. */
  #count = 0;
  #isSorted = true;
  #length = 0;
  #file: number | undefined;
  #runs: Run[] = [];
  #written = 0;

  /** Records have `width` bytes, at least one; `runRecords` of them are held in memory at most. */
  constructor(scratch: Scratch, width: number, { runRecords = RUN_RECORDS } = {}) {
    this.#scratch = scratch;
    this.width = width;
    this.#runRecords = Math.max(1, Math.min(runRecords, RUN_RECORDS, Math.floor(RUN_BYTES / width)));
  }

  /** How many were added. */
  get length(): number {
    return this.#length;
  }

  /** Adds the first bytes of `record`, which are copied. */
  add(record: Uint8Array): void {
    if ((this.#count + 1) * this.width > this.#bytes.length) this.#makeRoom();
    const bytes = this.#bytes;
    const width = this.width;
    const start = this.#count * width;
    for (let i = 0; i < width; i++) bytes[start + i] = record[i] ?? 0;
    this.#count++;
    this.#length++;
    this.#isSorted = false;
  }

  /**
   * All records in byte order, many to a batch: whole records one after the other, valid until the next batch. Can be
   * gone through again; while it is, nothing may be added.
   */
  *sorted(): Generator<Buffer, void, undefined> {
    const batchBytes = Math.max(1, Math.floor(BATCH_BYTES / this.width)) * this.width;
    if (this.#file === undefined) {
      yield* this.#fromMemory(batchBytes);
      return;
    }
    if (this.#count > 0) this.#writeRun();
    this.#bytes = Buffer.alloc(0); // a merge has room of its own
    this.#order = new Float64Array(0);
    yield* mergeRuns(this.#file, this.#runs, this.width, batchBytes);
  }

  /** Gives up memory and file: nothing is in it then. */
  close(): void {
    if (this.#file !== undefined) this.#scratch.closeFile(this.#file);
    this.#file = undefined;
    this.#runs = [];
    this.#written = 0;
    this.#bytes = Buffer.alloc(0);
    this.#order = new Float64Array(0);
    this.#count = 0;
    this.#length = 0;
  }

  #makeRoom(): void {
    if (this.#count >= this.#runRecords) this.#writeRun();
    if ((this.#count + 1) * this.width <= this.#bytes.length) return;
    const records = Math.min(this.#runRecords, Math.max(FIRST_RECORDS, 2 * this.#count));
    const larger = Buffer.allocUnsafeSlow(records * this.width);
    this.#bytes.copy(larger, 0, 0, this.#count * this.width);
    this.#bytes = larger;
  }

  #sort(): void {
    if (this.#isSorted) return;
    if (this.#order.length < this.#count) this.#order = new Float64Array(this.#count);
    sortRun(this.#bytes, this.width, this.#order.subarray(0, this.#count));
    this.#isSorted = true;
  }

  /** What is in memory, in order. Each batch is another piece of the same buffer. */
  *#fromMemory(batchBytes: number): Generator<Buffer, void, undefined> {
    this.#sort();
    const batch = Buffer.alloc(Math.min(batchBytes, this.#count * this.width));
    const perBatch = batchBytes / this.width;
    for (let from = 0; from < this.#count; from += perBatch) {
      const to = Math.min(from + perBatch, this.#count);
      for (let i = from; i < to; i++) this.#copyTo(batch, (i - from) * this.width, i);
      yield batch.subarray(0, (to - from) * this.width);
    }
  }

  #writeRun(): void {
    const position = this.#written;
    try {
      this.#file ??= this.#scratch.openFile();
      for (const batch of this.#fromMemory(Math.max(1, Math.floor(MiB / this.width)) * this.width)) {
        for (let done = 0; done < batch.length; ) {
          done += writeSync(this.#file, batch, done, batch.length - done, this.#written + done);
        }
        this.#written += batch.length;
      }
    } catch (error) {
      throw ioError(error, 'writing', 'a temporary file');
    }
    this.#runs.push({ position, end: this.#written });
    this.#count = 0;
  }

  /** Writes the `i`th record in order to `at` of `target`. */
  #copyTo(target: Buffer, at: number, i: number): void {
    const bytes = this.#bytes;
    const width = this.width;
    const start = (this.#order[i] ?? 0) * width;
    for (let k = 0; k < width; k++) target[at + k] = bytes[start + k] ?? 0;
  }
}
