import type { CompressionCodec } from 'hyparquet/src/types.js';
import { KiB, MiB } from '../../base/limits.js';
import type { FileBytes } from '../file-bytes.js';
import { assertSaneThrift } from '../thrift.js';
import { Unreadable } from '../unreadable.js';
import type { ChunkPlace } from './layout.js';
import { unpackLz4 } from './lz4.js';
import { decodeDictionary, decodePage, type Page, type PageHead, pageHead, type Unpack } from './page.js';
import { unpackSnappy } from './snappy.js';
import type { Values } from './values.js';

/** Decompressors of what this layer has none for. */
export type Unpackers = { readonly [codec in CompressionCodec]?: Unpack };

const OWN: Unpackers = { UNCOMPRESSED: asIs, SNAPPY: unpackSnappy, LZ4_RAW: unpackLz4 };

/** Statistics in the head of a page make it larger than some 40 bytes. */
const HEAD_BYTES = 512;
const MAX_HEAD = 8 * MiB;
const MAX_INDEX = 8 * MiB;

export interface ChunkOptions {
  readonly unpackers: Unpackers;
  /** How much is read at once, where less is asked for. */
  readonly ahead: number;
}

/** For reading all of a chunk. */
export const AHEAD = 256 * KiB;

const NOTHING_READ: { readonly from: number; readonly bytes: Uint8Array } = {
  from: 0,
  bytes: new Uint8Array(0),
};

/** Reads the pages of one column chunk, one after another. Everything it throws says which chunk it is. */
export class ChunkReader {
  readonly #bytes: FileBytes;
  readonly #place: ChunkPlace;
  readonly #ahead: number;
  readonly #unpack: Unpack;
  #at: number;
  #seen = 0;
  #dictionary: Values | undefined;
  #dictionaryBytes = 0;
  #next: PageHead | undefined;
  /** What was read last, and where it lies. */
  #read = NOTHING_READ;

  constructor(bytes: FileBytes, place: ChunkPlace, { unpackers, ahead }: ChunkOptions) {
    const unpack = OWN[place.codec] ?? unpackers[place.codec];
    if (unpack === undefined)
      throw new Unreadable(
        `${place.name} is compressed with ${place.codec ?? 'what is not known'}, which is not read`,
      );
    this.#bytes = bytes;
    this.#place = place;
    this.#ahead = ahead;
    this.#unpack = unpack;
    this.#at = place.start;
  }

  get dictionaryBytes(): number {
    return this.#dictionaryBytes;
  }

  /** The next page of data, or undefined after the last. */
  async next(): Promise<Page | undefined> {
    const head = await this.#dataHead();
    if (head === undefined) return undefined;
    const body = await this.#stretch(this.#at, head.stored);
    this.#passed(head);
    return this.#checked(() =>
      decodePage(body, head, { leaf: this.#place.leaf, unpack: this.#unpack, dictionary: this.#dictionary }),
    );
  }

  /** Passes over pages that have together at most `rows` rows, as far as their heads tell; returns how many those have. */
  async skip(rows: number): Promise<number> {
    let skipped = await this.#jump(rows);
    for (;;) {
      const head = await this.#dataHead();
      const has = this.#place.leaf.rep === 0 ? head?.values : head?.rows;
      if (head === undefined || has === undefined || skipped + has > rows) return skipped;
      skipped += has;
      this.#passed(head);
    }
  }

  /** By the list of pages, to the page that has the row of that number; returns which row it begins with. */
  async #jump(row: number): Promise<number> {
    const { index, leaf, start, end, rows } = this.#place;
    const first =
      this.#seen === 0 && leaf.rep === 0 && index !== undefined ? await this.#dataHead() : undefined;
    if (index === undefined || first === undefined || first.values > row || index.length > MAX_INDEX)
      return 0;
    const { readOffsetIndex } = await import('hyparquet/src/indexes.js');
    const bytes = await this.#bytes.range(index.start, index.length);
    return this.#checked(() => {
      assertSaneThrift(bytes, 'its list of pages');
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      const { page_locations: pages } = readOffsetIndex({ view, offset: 0 });
      const page = pages.findLast((one) => Number(one.first_row_index) <= row);
      const [at, begins] = [Number(page?.offset), Number(page?.first_row_index)];
      if (!(at >= start && at < end && begins >= 0 && begins < rows))
        throw new Unreadable('its list of pages does not fit');
      this.#at = at;
      this.#seen = begins;
      this.#next = undefined;
      return begins;
    });
  }

  #passed(head: PageHead): void {
    this.#at += head.stored;
    this.#seen += head.values;
    this.#next = undefined;
  }

  /** The head of the next page of data, after which `#at` then is. */
  async #dataHead(): Promise<PageHead | undefined> {
    const { leaf, end, values, name } = this.#place;
    while (this.#next === undefined) {
      if (this.#seen === values) return undefined;
      if (this.#at >= end) throw new Unreadable(`${name} ends after ${this.#seen} of ${values} values`);
      const head = await this.#head();
      if (head.stored > end - this.#at)
        throw new Unreadable(`${name}: a page is larger than what is left of it`);
      if (head.kind === 'data') {
        if (head.values > values - this.#seen)
          throw new Unreadable(`${name} has more than its ${values} values`);
        this.#next = head;
      } else {
        if (head.kind === 'dictionary') {
          const body = await this.#stretch(this.#at, head.stored);
          this.#dictionary = this.#checked(() => decodeDictionary(body, head, leaf, this.#unpack));
          this.#dictionaryBytes = head.unpacked + 8 * head.values;
        }
        this.#at += head.stored;
      }
    }
    return this.#next;
  }

  async #head(): Promise<PageHead> {
    const { parquetHeader } = await import('hyparquet/src/column.js');
    const bytes = await this.#headBytes();
    this.#at += bytes.length;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    return this.#checked(() => pageHead(parquetHeader({ view, offset: 0 })));
  }

  /** How long a head is only its end tells. */
  async #headBytes(): Promise<Uint8Array> {
    const left = this.#place.end - this.#at;
    for (let size = HEAD_BYTES; ; size *= 8) {
      const bytes = await this.#stretch(this.#at, Math.min(size, left));
      try {
        return bytes.subarray(0, assertSaneThrift(bytes, 'its head'));
      } catch (cause) {
        if (size >= left || size >= MAX_HEAD) throw this.#about(cause);
      }
    }
  }

  async #stretch(offset: number, length: number): Promise<Uint8Array> {
    const { from, bytes } = this.#read;
    if (offset >= from && offset + length <= from + bytes.length)
      return bytes.subarray(offset - from, offset - from + length);
    const size = Math.min(this.#place.end - offset, Math.max(length, this.#ahead));
    const read = await this.#bytes.range(offset, size);
    if (read.length < length) throw new Unreadable(`${this.#place.name}: the file ends before it does`);
    // What is larger is used once: to keep it would double what a large page takes.
    this.#read = length > this.#ahead ? NOTHING_READ : { from: offset, bytes: read };
    return read.subarray(0, length);
  }

  #checked<T>(decode: () => T): T {
    try {
      return decode();
    } catch (cause) {
      throw this.#about(cause); // decompressors throw whatever comes to them
    }
  }

  #about(cause: unknown): Unreadable {
    if (cause instanceof Unreadable && cause.message.startsWith(this.#place.name)) return cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    return new Unreadable(`${this.#place.name}: a page cannot be read: ${why}`, { cause });
  }
}

function asIs(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length !== length) throw new Unreadable('it does not have the size that it says');
  return bytes;
}
