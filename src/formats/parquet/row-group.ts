import { MiB } from '../../base/limits.js';
import type { FileBytes } from '../file-bytes.js';
import { Unreadable } from '../unreadable.js';
import { ChunkReader, type Unpackers } from './chunk.js';
import { LeafCursor } from './cursor.js';
import type { RowGroupPlace } from './layout.js';

/** What the pages of one row group that are needed at once may take: one or two of each column, and its dictionary. */
const MAX_HELD = 320 * MiB;

export interface RowGroupOptions {
  readonly unpackers: Unpackers;
  /** Numbers of the leaves that are read. */
  readonly leaves: Iterable<number>;
  /** How much is read at once, where less is asked for. */
  readonly ahead: number;
}

/** Goes through the rows of a row group, page by page, reading only the columns that are asked for. */
export class RowGroupReader {
  /** By the number of the leaf. */
  readonly cursors: readonly (LeafCursor | undefined)[];
  readonly #read: readonly LeafCursor[];

  constructor(bytes: FileBytes, group: RowGroupPlace, { leaves, ...options }: RowGroupOptions) {
    const wanted = new Set(leaves);
    this.cursors = group.chunks.map((place, i) =>
      wanted.has(i) ? new LeafCursor(new ChunkReader(bytes, place, options), place) : undefined,
    );
    this.#read = this.cursors.filter((cursor) => cursor !== undefined);
  }

  /** Reads until the next row is there, and returns how many are: no end of them where no column is read. */
  async load(): Promise<number> {
    for (const cursor of this.#read) if (cursor.rows === 0) await cursor.load(this.#room);
    return this.#read.reduce((least, cursor) => Math.min(least, cursor.rows), Number.POSITIVE_INFINITY);
  }

  /** Passes over rows, reading as little as it can. */
  async skip(rows: number): Promise<void> {
    for (const cursor of this.#read) await cursor.skip(rows, this.#room);
  }

  endRow(): void {
    for (const cursor of this.#read) cursor.endRow();
  }

  readonly #room = (): void => {
    const held = this.#read.reduce((sum, cursor) => sum + cursor.bytes, 0);
    if (held > MAX_HELD)
      throw new Unreadable(
        `its pages are too large: more than ${MAX_HELD / MiB} MiB of them would be needed at once`,
      );
  };
}
