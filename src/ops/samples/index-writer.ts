import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { utf8 } from '../../base/bytes.js';
import { DvsError, ioError } from '../../base/errors.js';
import { KiB } from '../../base/limits.js';
import { makePath } from '../../base/make-path.js';
import {
  CRC_LENGTH,
  END_LENGTH,
  type IndexShape,
  MAGIC,
  PLACE_LENGTH,
  recordLength,
  SAMPLES_PER_BLOCK,
} from './index-layout.js';

const FLUSH = 256 * KiB;

/** Writes an index from front to back, under a temporary name until it is complete. */
export class IndexWriter {
  readonly #path: string;
  readonly #shape: IndexShape;
  readonly #records: Buffer;
  #file: number | undefined;
  /** Paths of the open block. */
  #paths: Uint8Array[] = [];
  #pathBytes = 0;
  #inBlock = 0;
  #count = 0;
  /** Whether it has its name by now. */
  #isKept = false;
  /** Where each block begins. */
  readonly #starts: number[] = [];
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #end = 0;

  /** `path` is that of a temporary file, whose folder is made. */
  constructor(path: string, shape: IndexShape) {
    this.#path = path;
    this.#shape = shape;
    this.#records = Buffer.alloc(recordLength(shape) * SAMPLES_PER_BLOCK);
    this.#do(() => {
      makePath(dirname(path));
      this.#file = openSync(path, 'wx');
    });
  }

  /** How many samples were added. */
  get count(): number {
    return this.#count;
  }

  /** The next sample, a part of a file. */
  addRow(at: number, length: number, label: number): void {
    this.#add(at, length, label);
  }

  /** The next sample, a whole file. */
  addPath(path: string, label: number): void {
    const bytes = utf8(path);
    this.#paths.push(bytes);
    const at = this.#pathBytes;
    this.#pathBytes += bytes.length;
    this.#add(at, bytes.length, label);
  }

  /** Completes the file and gives it its name, in place of what was there. */
  finish(path: string, tail: unknown): void {
    if (this.#inBlock > 0) this.#endBlock();
    const text = Buffer.from(
      JSON.stringify({ ...this.#shape, count: this.#count, blocks: [...this.#starts, this.#end], tail }),
    );
    const end = Buffer.alloc(END_LENGTH);
    end.writeUInt32LE(text.length);
    end.writeUInt32LE(crc32(text), 4);
    MAGIC.copy(end, 8);
    this.#append(text);
    this.#append(end);
    this.#do(() => {
      this.#flush();
      this.#close();
      renameSync(this.#path, path);
      this.#isKept = true;
    });
  }

  /** Gives up; safe at any time. */
  discard(): void {
    if (this.#isKept) return;
    this.#close();
    rmSync(this.#path, { force: true });
  }

  #add(at: number, length: number, label: number): void {
    const record = this.#inBlock * recordLength(this.#shape);
    this.#records.writeDoubleLE(at, record);
    this.#records.writeUInt32LE(length, record + 8);
    if (this.#shape.labels) this.#records.writeUInt32LE(label, record + PLACE_LENGTH);
    this.#inBlock++;
    this.#count++;
    if (this.#inBlock === SAMPLES_PER_BLOCK) this.#endBlock();
  }

  #endBlock(): void {
    const block = Buffer.concat([
      this.#records.subarray(0, this.#inBlock * recordLength(this.#shape)),
      ...this.#paths,
      Buffer.alloc(CRC_LENGTH),
    ]);
    block.writeUInt32LE(crc32(block.subarray(0, -CRC_LENGTH)), block.length - CRC_LENGTH);
    this.#starts.push(this.#end);
    this.#append(block);
    this.#paths = [];
    this.#pathBytes = 0;
    this.#inBlock = 0;
  }

  #append(bytes: Uint8Array): void {
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
    this.#end += bytes.length;
    if (this.#pendingBytes >= FLUSH) this.#do(() => this.#flush());
  }

  #flush(): void {
    const file = this.#file;
    if (file === undefined) throw new DvsError('E_INTERNAL', 'an index was written after its end');
    const bytes = Buffer.concat(this.#pending);
    for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
    this.#pending = [];
    this.#pendingBytes = 0;
  }

  #close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #do(work: () => void): void {
    try {
      work();
    } catch (error) {
      throw ioError(error, 'writing', this.#path);
    }
  }
}
