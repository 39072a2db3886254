import { concatBytes } from '../../../base/bytes.js';
import { MiB } from '../../../base/limits.js';
import { badData } from '../../../formats/bad-data.js';
import { named } from '../../../formats/naming.js';
import type { Batch, ExtractedFile, OpenSource, Place, Selection, Wanted } from '../reader.js';
import { ArrayReader, MAX_SAMPLE, placeIn, readElement, type StoredArray } from './stored-array.js';

/** A column: what the elements of one of the arrays say. */
export interface ArrayColumn {
  readonly name: string;
  readonly array: StoredArray;
  /** Where in an element it lies, for one of several. */
  readonly within?: { readonly offset: number; readonly size: number };
  /** Of an element; throws `Unreadable` where it has no text. */
  readonly text: (element: Uint8Array) => string | undefined;
}

/** A stretch of each element of an array. */
interface Piece {
  readonly array: StoredArray;
  readonly offset: number;
  readonly size: number;
}

/** What a source made of arrays is. */
export interface ArrayParts {
  /** All of the same count; a sample is the same element of each. */
  readonly arrays: readonly [StoredArray, ...StoredArray[]];
  readonly columns: readonly ArrayColumn[];
  readonly extract: (selection: Selection) => readonly ExtractedFile[];
}

const BATCH_BYTES = MiB;
const BATCH_SAMPLES = 8192;

/** Arrays as samples, along their first axis. A place is the number of an element, and the bytes of the sample. */
export class ArraySource implements OpenSource {
  readonly #parts: ArrayParts;
  readonly #count: number;
  readonly #sampleSize: number;

  constructor(parts: ArrayParts) {
    this.#parts = parts;
    const [{ path, count }] = parts.arrays;
    this.#count = count;
    this.#sampleSize = parts.arrays.reduce((sum, { elementSize }) => sum + elementSize, 0);
    if (this.#sampleSize > MAX_SAMPLE) {
      throw badData(
        path,
        `its samples take ${this.#sampleSize} bytes; no more than ${MAX_SAMPLE} can be read`,
      );
    }
  }

  get columns(): readonly string[] {
    return this.#parts.columns.map(({ name }) => name);
  }

  async *scan(wanted: Wanted): AsyncGenerator<Batch, void, undefined> {
    const { arrays } = this.#parts;
    const columns = wanted.columns.map((name) => this.#column(name));
    const pieces = this.#pieces(wanted);
    // What is packed is gone through in any case: only that tells whether it is whole.
    const read = arrays.filter(
      (array) => wanted.bytes || array.isPacked || columns.some((column) => column.array === array),
    );
    const readers = new Map(read.map((array) => [array, new ArrayReader(array)]));
    const perBatch = Math.max(
      1,
      Math.min(BATCH_SAMPLES, Math.floor(BATCH_BYTES / Math.max(1, this.#sampleSize))),
    );
    try {
      for (let first = 0; first < this.#count; first += perBatch) {
        const length = Math.min(perBatch, this.#count - first);
        const bytes = new Map<StoredArray, Uint8Array>();
        for (const [array, reader] of readers) bytes.set(array, await reader.take(length));
        yield new ArrayBatch({ columns, pieces, first, length, sampleSize: this.#sampleSize }, bytes);
      }
      for (const reader of readers.values()) await reader.end();
    } finally {
      for (const reader of readers.values()) await reader.close();
    }
  }

  async read({ at }: Place): Promise<Uint8Array> {
    const elements: Uint8Array[] = [];
    for (const array of this.#parts.arrays) elements.push(await readElement(array, at));
    return concatBytes(elements);
  }

  async at({ at }: Place, wanted: Wanted): Promise<Batch> {
    const columns = wanted.columns.map((name) => this.#column(name));
    const bytes = new Map<StoredArray, Uint8Array>();
    for (const array of this.#parts.arrays) {
      if (wanted.bytes || columns.some((column) => column.array === array)) {
        bytes.set(array, await readElement(array, at));
      }
    }
    const pieces = this.#pieces(wanted);
    return new ArrayBatch({ columns, pieces, first: at, length: 1, sampleSize: this.#sampleSize }, bytes);
  }

  /** The files that hold just this sample, one after another. */
  async print(place: Place): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    for (const { bytes } of this.extract({ count: 1, places: () => [place] })) {
      for await (const piece of bytes) pieces.push(piece);
    }
    return concatBytes(pieces);
  }

  extract(selection: Selection): readonly ExtractedFile[] {
    return this.#parts.extract(selection);
  }

  /** What the bytes of a sample are made of, but for the columns that do not count. */
  #pieces({ without }: Wanted): Piece[] {
    const { arrays, columns } = this.#parts;
    return arrays.flatMap((array) => {
      const whole = { offset: 0, size: array.elementSize };
      const own = columns.filter((column) => column.array === array);
      const left = own.filter(({ name }) => without?.has(name) !== true);
      if (left.length === own.length) return [{ array, ...whole }];
      return left.map(({ within = whole }) => ({ array, ...within }));
    });
  }

  #column(name: string): ArrayColumn {
    const column = this.#parts.columns.find((column) => column.name === name);
    if (column !== undefined) return column;
    const known = this.columns.length === 0 ? 'none' : this.columns.slice(0, 20).join(', ');
    throw badData(this.#parts.arrays[0].path, `it has no column ${name}`, { hint: `Its columns: ${known}.` });
  }
}

/** Which elements a batch has, and what is wanted of them. */
interface BatchParts {
  readonly columns: readonly ArrayColumn[];
  readonly pieces: readonly Piece[];
  readonly first: number;
  readonly length: number;
  readonly sampleSize: number;
}

class ArrayBatch implements Batch {
  readonly length: number;
  readonly #parts: BatchParts;
  /** Of those arrays that are wanted. */
  readonly #bytes: ReadonlyMap<StoredArray, Uint8Array>;

  constructor(parts: BatchParts, bytes: ReadonlyMap<StoredArray, Uint8Array>) {
    this.#parts = parts;
    this.length = parts.length;
    this.#bytes = bytes;
  }

  place(i: number): Place {
    return { at: this.#parts.first + i, length: this.#parts.sampleSize };
  }

  bytes(i: number): Uint8Array {
    const pieces = this.#parts.pieces.map(({ array, offset, size }) =>
      this.#element(array, i).subarray(offset, offset + size),
    );
    const [only, ...others] = pieces;
    return only !== undefined && others.length === 0 ? only : concatBytes(pieces);
  }

  field(i: number, column: number): string | undefined {
    const { array, text, name } = this.#parts.columns[column] ?? unasked();
    try {
      return text(this.#element(array, i));
    } catch (error) {
      throw named(array.path, `${placeIn(array, this.#parts.first + i)}, column ${name}`, error);
    }
  }

  #element(array: StoredArray, i: number): Uint8Array {
    const bytes = this.#bytes.get(array) ?? unasked();
    return bytes.subarray(i * array.elementSize, (i + 1) * array.elementSize);
  }
}

function unasked(): never {
  throw new RangeError('a batch was asked for what its scan was not told to give');
}
