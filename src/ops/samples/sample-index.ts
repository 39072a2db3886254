import { closeSync, fstatSync, openSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { DvsError, ioError, systemCode } from '../../base/errors.js';
import { parseJson } from '../../base/json.js';
import { readFully } from '../../base/read-fully.js';
import {
  CRC_LENGTH,
  END_LENGTH,
  type IndexShape,
  MAGIC,
  PLACE_LENGTH,
  RECORDS_PER_BLOCK,
  recordLength,
} from './index-layout.js';

export interface IndexRecord {
  readonly at: number;
  readonly length: number;
  /** The number of its label. */
  readonly label: number;
}

/** Of an index without columns. */
const NOTHING: IndexRecord = { at: 0, length: 0, label: 0 };

/** Blocks kept: enough for somebody who goes through a million samples in some order. */
const KEPT = 4096;

/** An index that was opened. Whatever it says was checked. Whoever opens one closes it. */
export class SampleIndex {
  readonly tail: unknown;
  readonly #path: string;
  readonly #shape: IndexShape;
  readonly #recordsEnd: number;
  readonly #blocks = new Map<number, Buffer>();
  #file: number | undefined;

  private constructor(path: string, file: number, shape: IndexShape, { tail, recordsEnd }: Tail) {
    this.#path = path;
    this.#file = file;
    this.#shape = shape;
    this.tail = tail;
    this.#recordsEnd = recordsEnd;
  }

  /** Opens the index of `count` samples at `path`; undefined when there is none, or it is not whole. */
  static open(path: string, shape: IndexShape, count: number): SampleIndex | undefined {
    let file: number | undefined;
    try {
      file = openSync(path, 'r');
      const tail = readTail(file, recordsOf(shape, count));
      if (tail !== undefined) return new SampleIndex(path, file, shape, tail);
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw ioError(error, 'reading', path);
    }
    if (file !== undefined) closeSync(file);
    return undefined;
  }

  /** The record of a sample. E_DAMAGED when its block is not what was written. */
  record(number: number): IndexRecord {
    if (recordLength(this.#shape) === 0) return NOTHING;
    const block = this.#block(Math.floor(number / RECORDS_PER_BLOCK));
    const at = (number % RECORDS_PER_BLOCK) * recordLength(this.#shape);
    const { places, labels } = this.#shape;
    return {
      at: places ? block.readDoubleLE(at) : 0,
      length: places ? block.readUInt32LE(at + 8) : 0,
      label: labels ? block.readUInt32LE(at + (places ? PLACE_LENGTH : 0)) : 0,
    };
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #block(number: number): Buffer {
    const known = this.#blocks.get(number);
    if (known !== undefined) return known;
    const full = recordLength(this.#shape) * RECORDS_PER_BLOCK + CRC_LENGTH;
    const bytes = Buffer.alloc(Math.min(full, this.#recordsEnd - number * full));
    const records = bytes.subarray(0, -CRC_LENGTH);
    if (
      this.#read(bytes, number * full) < bytes.length ||
      crc32(records) !== bytes.readUInt32LE(records.length)
    ) {
      throw new DvsError('E_DAMAGED', `the index of samples ${this.#path} is damaged`, {
        about: [this.#path],
        hint: 'Remove that file: it is made again when it is needed.',
      });
    }
    this.#blocks.set(number, records);
    const [oldest] = this.#blocks.keys();
    if (this.#blocks.size > KEPT && oldest !== undefined) this.#blocks.delete(oldest);
    return records;
  }

  #read(bytes: Buffer, offset: number): number {
    if (this.#file === undefined) throw new DvsError('E_INTERNAL', 'an index was read after it was closed');
    try {
      return readFully(this.#file, bytes, offset);
    } catch (error) {
      throw ioError(error, 'reading', this.#path);
    }
  }
}

interface Tail {
  readonly tail: unknown;
  /** Where the records end, and the tail begins. */
  readonly recordsEnd: number;
}

/** Bytes of all records, with their checksums. */
function recordsOf(shape: IndexShape, count: number): number {
  const length = recordLength(shape);
  return length === 0 ? 0 : length * count + Math.ceil(count / RECORDS_PER_BLOCK) * CRC_LENGTH;
}

function readTail(file: number, recordsEnd: number): Tail | undefined {
  const { size } = fstatSync(file);
  const end = Buffer.alloc(END_LENGTH);
  if (size < END_LENGTH || readFully(file, end, size - END_LENGTH) < END_LENGTH) return undefined;
  const length = end.readUInt32LE();
  if (!end.subarray(8).equals(MAGIC) || recordsEnd + length + END_LENGTH !== size) return undefined;
  const text = Buffer.alloc(length);
  if (readFully(file, text, recordsEnd) < length || crc32(text) !== end.readUInt32LE(4)) return undefined;
  return { tail: parseJson(text.toString('utf8')), recordsEnd };
}
