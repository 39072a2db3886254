import type { Columns } from '../../formats/json-cells.js';
import type { FieldSource } from './field.js';

/** What to find out about samples: the less, the faster. */
export interface ScanWish {
  readonly key?: boolean;
  readonly label?: boolean;
  readonly group?: boolean;
  readonly time?: boolean;
  /** The SHA-256 of their bytes, which for whole files is in their ID. */
  readonly digest?: boolean;
  /** Columns that do not count for `digest`, of samples that are made of pieces: see `Wanted`. */
  readonly without?: Columns | undefined;
  /** Their bytes, of rows only. */
  readonly row?: boolean;
  /** What else is wanted: `values` in this order. */
  readonly values?: readonly FieldSource[];
  /** Whether columns may hold lists and the like, and say them as JSON: for comparing. */
  readonly nested?: boolean | undefined;
  /** Only samples with these numbers, in ascending batches; others are passed by as cheaply as can be. */
  readonly only?: () => AsyncIterable<readonly number[]>;
}

/** A sample, with what was wished for. */
export interface ScannedSample {
  readonly number: number;
  /** Of its (first) file. */
  readonly path: string;
  /** '' unless wished for. */
  readonly key: string;
  readonly label: string | undefined;
  readonly group: string | undefined;
  readonly time: string | undefined;
  /** Hexadecimal; '' unless wished for, and where nothing counts. */
  readonly digest: string;
  readonly values: readonly (string | undefined)[];
  /** Valid until the next batch; undefined unless wished for, and of whole files. */
  readonly row: Uint8Array | undefined;
}
