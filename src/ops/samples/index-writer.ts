import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { DvsError, ioError } from '../../base/errors.js';
import { makePath } from '../../base/make-path.js';
import {
  CRC_LENGTH,
  END_LENGTH,
  type IndexShape,
  LABEL_LENGTH,
  MAGIC,
  PLACE_LENGTH,
  RECORDS_PER_BLOCK,
  recordLength,
} from './index-layout.js';

const FLUSH = 256 * 1024;

/** Writes an index from front to back, under a temporary name until it is complete. */
export class IndexWriter {
  readonly #path: string;
  readonly #shape: IndexShape;
  readonly #block: Buffer;
  #file: number | undefined;
  #buffer = Buffer.alloc(FLUSH);
  #filled = 0;
  #inBlock = 0;
  #count = 0;

  /** `path` is that of a temporary file, whose folder is made. */
  constructor(path: string, shape: IndexShape) {
    this.#path = path;
    this.#shape = shape;
    this.#block = Buffer.alloc(recordLength(shape) * RECORDS_PER_BLOCK);
    this.#do(() => {
      makePath(dirname(path));
      this.#file = openSync(path, 'wx');
    });
  }

  get count(): number {
    return this.#count;
  }

  add(at: number, length: number, label: number): void {
    const { places, labels } = this.#shape;
    if (places) {
      this.#block.writeDoubleLE(at, this.#inBlock);
      this.#block.writeUInt32LE(length, this.#inBlock + 8);
      this.#inBlock += PLACE_LENGTH;
    }
    if (labels) {
      this.#block.writeUInt32LE(label, this.#inBlock);
      this.#inBlock += LABEL_LENGTH;
    }
    this.#count++;
    if (this.#inBlock === this.#block.length && this.#inBlock > 0) this.#endBlock();
  }

  /** Completes the file and gives it its name, in place of what was there. */
  finish(path: string, tail: unknown): void {
    if (this.#inBlock > 0) this.#endBlock();
    const text = Buffer.from(JSON.stringify(tail));
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
    });
  }

  /** Gives up; safe at any time. */
  discard(): void {
    if (this.#file === undefined) return;
    this.#close();
    rmSync(this.#path, { force: true });
  }

  #endBlock(): void {
    const block = this.#block.subarray(0, this.#inBlock);
    const sum = Buffer.alloc(CRC_LENGTH);
    sum.writeUInt32LE(crc32(block));
    this.#append(block);
    this.#append(sum);
    this.#inBlock = 0;
  }

  #append(bytes: Buffer): void {
    if (this.#filled + bytes.length > this.#buffer.length) this.#do(() => this.#flush());
    if (bytes.length > this.#buffer.length) this.#buffer = Buffer.alloc(bytes.length);
    bytes.copy(this.#buffer, this.#filled);
    this.#filled += bytes.length;
  }

  #flush(): void {
    const file = this.#file;
    if (file === undefined) throw new DvsError('E_INTERNAL', 'an index was written after its end');
    for (let done = 0; done < this.#filled; )
      done += writeSync(file, this.#buffer, done, this.#filled - done);
    this.#filled = 0;
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
