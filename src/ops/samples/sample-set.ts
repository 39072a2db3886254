import { DvsError } from '../../base/errors.js';
import type { ExtractedFile } from './reader.js';
import type { ScannedSample, ScanWish } from './scan.js';

/** Where a sample lies, and what it is called. */
export interface LocatedSample {
  readonly number: number;
  /** Of its (first) file in the dataset. */
  readonly path: string;
  readonly key: string;
}

/** A file of whose samples none was chosen. */
export interface EmptiedFile {
  readonly path: string;
  readonly bytes?: undefined;
}

/** Numbers of samples, ascending; gone through as often as wanted. */
export interface Numbers {
  /** How many there are from `start` to before `end`. */
  count(start: number, end: number): Promise<number>;
  within(start: number, end: number): AsyncIterable<readonly number[]>;
}

/** The samples of a dataset, as one kind of reader sees them. Numbers beyond the last are E_USAGE. */
export interface SampleSet {
  /** How many there are. */
  readonly count: number;
  /** The columns that rows have; undefined where each has its own, empty where there are none. */
  columns(): Promise<readonly string[] | undefined>;
  /** All samples in order, in batches of some thousands. E_DATA names the file and the place of what cannot be read. */
  scan(wish: ScanWish): AsyncGenerator<readonly ScannedSample[], void, undefined>;
  /** Finds a sample without going through others. */
  locate(number: number): Promise<LocatedSample>;
  /** The path of the file that a sample is in or is; cheaper than `locate`. */
  pathOf(number: number): Promise<string>;
  /** The number of the sample with a key, where that is found without going through all; undefined for none. */
  readonly numberOf?: ((key: string) => Promise<number | undefined>) | undefined;
  /** The bytes of a sample: those that make its key, where no column does. */
  read(number: number): AsyncIterable<Uint8Array>;
  /** A sample as `dvs cat` prints it. */
  print(number: number): AsyncIterable<Uint8Array>;
  /** Which label a sample has, by its number in `labels`; undefined where labels are not kept. */
  labelOf(number: number): number | undefined;
  /** The labels, in the order in which they first occur; empty where labels are not kept. */
  readonly labels: readonly string[];
  /** Files of chosen samples only, in the format that they came in; of those of which none is chosen, just the path. */
  extract(numbers: Numbers): AsyncIterable<ExtractedFile | EmptiedFile>;
  close(): void;
}

/** Refuses (E_USAGE) what is no number of `count` samples. */
export function assertNumber(number: number, count: number): void {
  if (Number.isSafeInteger(number) && number >= 0 && number < count) return;
  throw new DvsError('E_USAGE', `there is no sample ${number}: there are ${count}`, {
    hint: 'Samples are numbered from 0.',
  });
}

/** Of more distinct labels none are kept. */
export const MOST_LABELS = 65_536;
