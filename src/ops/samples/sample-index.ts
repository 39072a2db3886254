import { closeSync, fstatSync, openSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { DvsError, ioError, systemCode } from '../../base/errors.js';
import { parseJson } from '../../base/json.js';
import { MiB } from '../../base/limits.js';
import { readFully } from '../../base/read-fully.js';
import {
  CRC_LENGTH,
  END_LENGTH,
  type IndexShape,
  MAGIC,
  PLACE_LENGTH,
  recordLength,
  SAMPLES_PER_BLOCK,
} from './index-layout.js';

/** Where a sample lies. */
export interface IndexRecord {
  readonly at: number;
  readonly length: number;
  /** The number of its label; 0 where labels are not kept. */
  readonly label: number;
}

/** Bytes of blocks that are kept for whoever goes through samples in some order. */
const KEPT_BYTES = 48 * MiB;

/** An index that was opened. Whatever it says was checked. Whoever opens one closes it. */
export class SampleIndex {
  readonly tail: unknown;
  readonly #path: string;
  readonly #shape: IndexShape;
  readonly #count: number;
  readonly #starts: readonly number[];
  readonly #blocks = new Map<number, Buffer>();
  #kept = 0;
  #file: number | undefined;

  private constructor(path: string, file: number, shape: IndexShape, { tail, starts, count }: Tail) {
    this.#path = path;
    this.#count = count;
    this.#file = file;
    this.#shape = shape;
    this.tail = tail;
    this.#starts = starts;
  }

  /** Opens the index of `count` samples at `path`; undefined when there is none, or it is not whole. */
  static open(path: string, shape: IndexShape, count: number): SampleIndex | undefined {
    let file: number | undefined;
    try {
      file = openSync(path, 'r');
      const tail = readTail(file, shape, count);
      if (tail !== undefined) return new SampleIndex(path, file, shape, tail);
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw ioError(error, 'reading', path);
    }
    if (file !== undefined) closeSync(file);
    return undefined;
  }

  /** The record of a sample. E_DAMAGED when its block is not what was written. */
  record(number: number): IndexRecord {
    const block = this.#block(number);
    const at = this.#recordAt(number);
    return {
      at: block.readDoubleLE(at),
      length: block.readUInt32LE(at + 8),
      label: this.#shape.labels ? block.readUInt32LE(at + PLACE_LENGTH) : 0,
    };
  }

  /** The path of a sample that is a whole file. E_DAMAGED as `record`. */
  path(number: number): string {
    const block = this.#block(number);
    const { at, length } = this.record(number);
    const first = number - (number % SAMPLES_PER_BLOCK);
    const samples = Math.min(SAMPLES_PER_BLOCK, this.#count - first);
    const start = samples * recordLength(this.#shape) + at;
    return block.toString('utf8', start, start + length);
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #recordAt(number: number): number {
    return (number % SAMPLES_PER_BLOCK) * recordLength(this.#shape);
  }

  /** The block that a sample is in, without its checksum. */
  #block(number: number): Buffer {
    const block = Math.floor(number / SAMPLES_PER_BLOCK);
    const known = this.#blocks.get(block);
    if (known !== undefined) return known;
    const [start = 0, end = 0] = [this.#starts[block], this.#starts[block + 1]];
    const bytes = Buffer.alloc(Math.max(CRC_LENGTH, end - start));
    const content = bytes.subarray(0, -CRC_LENGTH);
    if (this.#read(bytes, start) < bytes.length || crc32(content) !== bytes.readUInt32LE(content.length)) {
      throw new DvsError('E_DAMAGED', `the index of samples ${this.#path} is damaged`, {
        about: [this.#path],
        hint: 'Remove that file: it is made again when it is needed.',
      });
    }
    this.#keep(block, content);
    return content;
  }

  #keep(block: number, content: Buffer): void {
    this.#blocks.set(block, content);
    this.#kept += content.length;
    for (const [oldest, bytes] of this.#blocks) {
      if (this.#kept <= KEPT_BYTES) return;
      this.#blocks.delete(oldest);
      this.#kept -= bytes.length;
    }
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
  /** Where each block begins, and the last ends. */
  readonly starts: readonly number[];
  readonly count: number;
}

function readTail(file: number, { places, labels }: IndexShape, count: number): Tail | undefined {
  const { size } = fstatSync(file);
  const end = Buffer.alloc(END_LENGTH);
  if (size < END_LENGTH || readFully(file, end, size - END_LENGTH) < END_LENGTH) return undefined;
  const length = end.readUInt32LE();
  const start = size - END_LENGTH - length;
  if (!end.subarray(8).equals(MAGIC) || start < 0) return undefined;
  const text = Buffer.alloc(length);
  if (readFully(file, text, start) < length || crc32(text) !== end.readUInt32LE(4)) return undefined;
  const read = parseJson(text.toString('utf8'));
  if (typeof read !== 'object' || read === null) return undefined;
  const { blocks, tail, ...own }: { [Field in 'blocks' | 'tail' | 'places' | 'labels' | 'count']?: unknown } =
    read;
  if (own.places !== places || own.labels !== labels || own.count !== count) return undefined;
  const isList = Array.isArray(blocks) && blocks.length === Math.ceil(count / SAMPLES_PER_BLOCK) + 1;
  if (!isList || !blocks.every((at) => typeof at === 'number') || blocks.at(-1) !== start) return undefined;
  return { tail, starts: blocks, count };
}
