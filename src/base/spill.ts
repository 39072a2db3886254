import { writeSync } from 'node:fs';
import { ioError } from './errors.js';
import { KiB, MiB } from './limits.js';
import { readFully } from './read-fully.js';
import type { Scratch } from './scratch.js';
import type { Sequence } from './sequence.js';

/** How items become bytes for a while. */
export interface RecordCodec<T> {
  /** Bytes that a record takes at most. */
  readonly maxLength: number;
  /** Writes `item` to `target` at `at`, where `maxLength` bytes are free; returns where it ends. */
  put(target: Buffer, at: number, item: T): number;
  /** The item of a record. Its bytes are overwritten later, so nothing may refer to them. */
  take(record: Buffer): T;
}

/** A record and where it begins. */
export interface PlacedRecord {
  readonly position: number;
  readonly bytes: Buffer;
}

/** Held in memory at most: some twenty thousand records of usual length. */
const IN_MEMORY = 2 * MiB;
const FIRST_ROOM = 16 * KiB;
/** Before each record: its length. */
const HEAD = 4;
const READ_ALONG = 128 * KiB;
const READ_ONE = 4 * KiB;

/**
 * A list that is written once from front to back, and that takes no more memory however long it becomes: a long
 * one goes to a file of `scratch`. Reading is synchronous: what was just written is in the system's memory.
 */
export class Spill<T> implements Sequence<T> {
  readonly #codec: RecordCodec<T>;
  readonly #scratch: Scratch;
  /** What is not (or not yet) in the file, which has all before it. */
  #buffer = Buffer.alloc(0);
  #filled = 0;
  #written = 0;
  #file: number | undefined;
  #length = 0;
  /** Of the last read by position. */
  #window = new Window();

  constructor(scratch: Scratch, codec: RecordCodec<T>) {
    this.#scratch = scratch;
    this.#codec = codec;
  }

  get length(): number {
    return this.#length;
  }

  /** Adds an item at the end; returns its position, for `at`. */
  add(item: T): number {
    const { maxLength } = this.#codec;
    if (this.#buffer.length - this.#filled < HEAD + maxLength) this.#makeRoom(HEAD + maxLength);
    const start = this.#filled;
    const end = this.#codec.put(this.#buffer, start + HEAD, item);
    this.#buffer.writeUInt32LE(end - start - HEAD, start);
    this.#filled = end;
    this.#length++;
    return this.#written + start;
  }

  /** The item that `add` put at this position. Cheapest in ascending order. */
  at(position: number): T {
    return this.#codec.take(this.#record(position, this.#window, READ_ONE));
  }

  *[Symbol.iterator](): Generator<T, void, undefined> {
    for (const { bytes } of this.records()) yield this.#codec.take(bytes);
  }

  /** The bytes of all records in order, valid until the next. */
  *records(): Generator<PlacedRecord, void, undefined> {
    const window = new Window();
    for (let position = 0; position < this.#written + this.#filled; ) {
      const bytes = this.#record(position, window, READ_ALONG);
      yield { position, bytes };
      position += HEAD + bytes.length;
    }
  }

  /** Gives up memory and file: the list is empty then. */
  close(): void {
    if (this.#file !== undefined) this.#scratch.closeFile(this.#file);
    this.#file = undefined;
    this.#buffer = Buffer.alloc(0);
    this.#window = new Window();
    this.#filled = 0;
    this.#written = 0;
    this.#length = 0;
  }

  #makeRoom(needed: number): void {
    if (this.#file !== undefined || this.#buffer.length >= IN_MEMORY) this.#flush();
    if (this.#buffer.length - this.#filled >= needed) return;
    const larger = Buffer.alloc(Math.max(FIRST_ROOM, 2 * this.#buffer.length, this.#filled + needed));
    this.#buffer.copy(larger, 0, 0, this.#filled);
    this.#buffer = larger;
  }

  #flush(): void {
    try {
      this.#file ??= this.#scratch.openFile();
      for (let done = 0; done < this.#filled; ) {
        done += writeSync(this.#file, this.#buffer, done, this.#filled - done, this.#written + done);
      }
    } catch (error) {
      throw ioError(error, 'writing', 'a temporary file');
    }
    this.#written += this.#filled;
    this.#filled = 0;
  }

  #record(position: number, window: Window, readAhead: number): Buffer {
    const head = this.#bytes(position, HEAD, window, readAhead);
    return this.#bytes(position + HEAD, head.readUInt32LE(), window, readAhead);
  }

  #bytes(position: number, length: number, window: Window, readAhead: number): Buffer {
    const inBuffer = position - this.#written;
    if (inBuffer >= 0) return this.#buffer.subarray(inBuffer, inBuffer + length);
    if (this.#file === undefined) throw new RangeError('a spill was read after it was closed');
    try {
      return window.take(this.#file, position, length, readAhead);
    } catch (error) {
      throw ioError(error, 'reading', 'a temporary file');
    }
  }
}

/** A stretch of a file in memory. */
class Window {
  #bytes = Buffer.alloc(0);
  #at = 0;
  #length = 0;

  take(file: number, position: number, length: number, readAhead: number): Buffer {
    if (position < this.#at || position + length > this.#at + this.#length) {
      const room = Math.max(length, readAhead);
      if (this.#bytes.length < room) this.#bytes = Buffer.alloc(room);
      this.#at = position;
      this.#length = 0; // should the next line throw
      this.#length = readFully(file, this.#bytes.subarray(0, room), position);
      if (this.#length < length) throw new RangeError('a temporary file ends before its last record');
    }
    return this.#bytes.subarray(position - this.#at, position - this.#at + length);
  }
}
