import type { ColumnChunk, CompressionCodec, FileMetaData } from 'hyparquet/src/types.js';
import type { FileBytes } from '../file-bytes.js';
import { readParquetFooter } from '../parquet-footer.js';
import { Unreadable } from '../unreadable.js';
import { MAX_PAGE_VALUES } from './page.js';
import { type Leaf, type Schema, schemaOf } from './shape.js';

/** Where the values of one leaf in one row group lie: within the file. */
export interface ChunkPlace {
  readonly leaf: Leaf;
  /** For errors: `column a.b of row group 3`. */
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly codec: CompressionCodec;
  /** How many values it has, nulls and empty lists too. */
  readonly values: number;
  readonly rows: number;
  /** Where the list of its pages lies, when the file has one. */
  readonly index: { readonly start: number; readonly length: number } | undefined;
}

export interface RowGroupPlace {
  readonly firstRow: number;
  readonly rows: number;
  /** One for each leaf of the schema. */
  readonly chunks: readonly ChunkPlace[];
}

/** What a Parquet file holds, and where: its footer, held against itself and the size of the file. */
export interface ParquetLayout {
  readonly schema: Schema;
  readonly rows: number;
  readonly groups: readonly RowGroupPlace[];
  readonly metadata: FileMetaData;
}

const MAGIC_BYTES = 4;
/** Less than any page takes, with its head. */
const MIN_PAGE_BYTES = 8;

/** Reads the footer of a file and checks it. `Unreadable` when it does not fit together, or the file. */
export async function readParquetLayout(bytes: FileBytes): Promise<ParquetLayout> {
  const metadata = await readParquetFooter(bytes);
  try {
    return layoutOf(metadata, bytes.size);
  } catch (cause) {
    if (cause instanceof Unreadable) throw cause;
    throw new Unreadable('its Parquet footer cannot be read', { cause }); // what was found need not be of its types
  }
}

function layoutOf(metadata: FileMetaData, size: number): ParquetLayout {
  const schema = schemaOf(metadata.schema);
  const footer = size - metadata.metadata_length - 2 * MAGIC_BYTES;
  if (schema.leaves.length === 0) throw new Unreadable('it has no columns');
  let rows = 0;
  const groups = metadata.row_groups.map((group, g): RowGroupPlace => {
    const firstRow = rows;
    const count = whole(group.num_rows, `the rows of row group ${g + 1}`);
    rows += count;
    if (group.columns.length !== schema.leaves.length)
      throw new Unreadable(
        `row group ${g + 1} has ${group.columns.length} columns, not ${schema.leaves.length}`,
      );
    const chunks = schema.leaves.map((leaf, i) =>
      chunkOf(group.columns[i], {
        leaf,
        rows: count,
        footer,
        name: `column ${leaf.path.join('.')} of row group ${g + 1}`,
      }),
    );
    return { firstRow, rows: count, chunks };
  });
  if (rows !== whole(metadata.num_rows, 'its rows'))
    throw new Unreadable(`its row groups have ${rows} rows, its footer says ${metadata.num_rows}`);
  return { schema, rows, groups, metadata };
}

interface Expected {
  readonly leaf: Leaf;
  readonly name: string;
  readonly rows: number;
  /** Where the footer begins. */
  readonly footer: number;
}

function chunkOf(chunk: ColumnChunk | undefined, { leaf, name, rows, footer }: Expected): ChunkPlace {
  const about = chunk?.meta_data;
  if (chunk === undefined || about === undefined)
    throw new Unreadable(`${name} is encrypted, or not described`);
  if (chunk.file_path) throw new Unreadable(`${name} lies in another file`);
  if (chunk.crypto_metadata !== undefined) throw new Unreadable(`${name} is encrypted`);
  if (about.type !== leaf.type || about.path_in_schema.join('.') !== leaf.path.join('.'))
    throw new Unreadable(`${name} is not what the schema says`);
  const data = whole(about.data_page_offset, name);
  const values = whole(about.num_values, name);
  if (leaf.rep === 0 ? values !== rows : values < rows)
    throw new Unreadable(`${name} has ${values} values for ${rows} rows`);
  // Where nothing is, it may be said to lie anywhere.
  if (values === 0)
    return { leaf, name, start: 0, end: 0, codec: about.codec, values, rows, index: undefined };
  // Some writers give 0, or a place behind the data, where there is no dictionary.
  const dictionary = whole(about.dictionary_page_offset ?? 0, name);
  const start = dictionary > 0 && dictionary < data ? dictionary : data;
  const length = whole(about.total_compressed_size, name);
  if (start < MAGIC_BYTES || start + length > footer)
    throw new Unreadable(`${name} lies outside of the file`);
  if (values > MAX_PAGE_VALUES * Math.ceil(length / MIN_PAGE_BYTES))
    throw new Unreadable(`${name} claims ${values} values in ${length} bytes`);
  const index = {
    start: whole(chunk.offset_index_offset ?? 0, name),
    length: whole(chunk.offset_index_length ?? 0, name),
  };
  const hasIndex = index.length > 0 && index.start >= MAGIC_BYTES && index.start + index.length <= footer;
  return {
    leaf,
    name,
    start,
    end: start + length,
    codec: about.codec,
    values,
    rows,
    index: hasIndex ? index : undefined,
  };
}

function whole(value: unknown, what: string): number {
  if (value === undefined) throw new Unreadable(`its footer lacks a number: ${what}`);
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 0)
    throw new Unreadable(`its footer has ${String(value)} as a number (${what})`);
  return number;
}
