import type { BytesDiff } from './bytes.js';
import type { ImageDiff } from './image.js';
import type { LinesDiff } from './lines.js';
import type { ParquetDiff } from './parquet.js';
import type { RowsDiff } from './rows.js';

/** What changed inside a file, in the terms of its kind. Lists can be read until the scratch they lie in is closed. */
export type ContentDiff = LinesDiff | RowsDiff | ImageDiff | ParquetDiff | BytesDiff;
