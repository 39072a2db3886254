import type { FileBytes } from '../../formats/file-bytes.js';
import type { Columns } from '../../formats/json-cells.js';
import type { ValueMap } from '../../id/value.js';

/** A file of a dataset that samples are read from. */
export interface InputFile {
  readonly path: string;
  readonly bytes: FileBytes;
}

/** One file, or a few that hold the same samples (images and their labels), in byte order of their paths. */
export interface Source {
  readonly files: readonly InputFile[];
}

/** Where a sample lies in its source, as its reader understands it: whole numbers, `length` less than 2³². */
export interface Place {
  readonly at: number;
  readonly length: number;
}

/** What a scan has to give beside where samples lie: the less, the faster. */
export interface Wanted {
  /** Whether `Batch.bytes` will be asked for. */
  readonly bytes: boolean;
  /** The columns that `Batch.field` will be asked for. */
  readonly columns: readonly string[];
  /** Whether columns may hold lists and the like, and say them as JSON; otherwise they are E_DATA. */
  readonly nested?: boolean | undefined;
  /**
   * Columns that `Batch.bytes` leaves out, and has no bytes where no other is left. For readers whose samples are made of
   * pieces, such as arrays or the files of a tar; the cells of rows are told apart in another way (`cellPlan`).
   */
  readonly without?: Columns | undefined;
}

/** Some samples of a source, in order. Bytes are valid until the next batch is asked for. */
export interface Batch {
  readonly length: number;
  place(i: number): Place;
  /** The bytes of the `i`th of them: what its key is the SHA-256 of, unless a column or a name is. */
  bytes(i: number): Uint8Array;
  /**
   * The name of the `i`th within its source, where the format gives it one; its key is then the path, a line feed and this.
   */
  name?(i: number): string;
  /**
   * What the `i`th has in the column `wanted.columns[column]`, as text; undefined when that says nothing (null).
   * E_DATA when it has no such column.
   */
  field(i: number, column: number): string | undefined;
}

/** Some samples of a source, in order; gone through as often as wanted. */
export interface Selection {
  readonly count: number;
  places(): Iterable<Place> | AsyncIterable<Place>;
}

/** A file that holds chosen samples, in the format that they came in. `path` is that of the file they came from. */
export interface ExtractedFile {
  readonly path: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** A source that was opened: whatever its head says was read and checked. */
export interface OpenSource {
  /** The columns it has, in their order; undefined where each sample has its own. */
  readonly columns: readonly string[] | undefined;
  /** All samples in order. E_DATA names the file and the place of what cannot be read. Memory is bounded. */
  scan(wanted: Wanted): AsyncIterable<Batch>;
  /** The bytes of the sample at a place that `scan` gave; reads no more than it must. */
  read(place: Place): Promise<Uint8Array>;
  /** That one sample with its columns and its name. `number` is which of the source it is, from 1: for errors. */
  at(place: Place, wanted: Wanted, number: number): Promise<Batch>;
  /** The sample as `dvs cat` prints it. */
  print(place: Place): Promise<Uint8Array>;
  /** Files of just these samples. */
  extract(selection: Selection): readonly ExtractedFile[];
}

/** How a format is taken for samples: one file in `readers` and one line in `readers.ts` each. */
export interface SampleReader {
  readonly name: string;
  /** Part of IDs: what makes other samples of the same files is another version. */
  readonly version: number;
  /** Whether a file is of this format, by its path alone. */
  claims(path: string): boolean;
  /** Which of these files, which come in byte order, belong together. */
  group(files: readonly InputFile[]): readonly Source[];
  /** The options of this reader, complete: what was asked for, else what the first source looks like. */
  settle(asked: ReaderOptions, first: Source): Promise<ValueMap>;
  /** Opens a source with options as `settle` gives them; E_ENCODING for others. */
  open(source: Source, options: ValueMap): Promise<OpenSource>;
}

/** What may be asked of readers; each knows which of these concern it, and the others are no error here. */
export interface ReaderOptions {
  /** Of CSV: one character. */
  readonly delimiter?: string | undefined;
  /** Of CSV: whether the first row names the columns. */
  readonly header?: boolean | undefined;
}

/** Each file a source of its own. */
export function oneByOne(files: readonly InputFile[]): Source[] {
  return files.map((file) => ({ files: [file] }));
}
