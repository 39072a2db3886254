import type {
  ColumnChunk,
  ConvertedType,
  FileMetaData,
  RowGroup,
  SchemaElement,
} from 'hyparquet/src/types.js';
import { KiB, MiB } from '../../base/limits.js';
import type { LeafCursor } from './cursor.js';
import { bitsFor } from './levels.js';
import type { Physical } from './scalar.js';
import type { Leaf, Schema } from './shape.js';

/** As large as other tools make them. */
const PAGE_BYTES = MiB;
const PAGE_VALUES = 20_000;
const GROUP_BYTES = 64 * MiB;
const GROUP_ROWS = 1_000_000;

const MAGIC = 'PAR1';
/** What a value takes in memory beside its bytes, levels included. */
const OVERHEAD = 32;

type Library = Awaited<ReturnType<typeof loadLibrary>>;

async function loadLibrary() {
  const [bytes, plain, levels, pages, metadata, snappy] = await Promise.all([
    import('hyparquet-writer/src/bytewriter.js'),
    import('hyparquet-writer/src/plain.js'),
    import('hyparquet-writer/src/encoding.js'),
    import('hyparquet-writer/src/datapage.js'),
    import('hyparquet-writer/src/metadata.js'),
    import('hyparquet-writer/src/snappy.js'),
  ]);
  return { ...bytes, ...plain, ...levels, ...pages, ...metadata, ...snappy };
}

/**
 * Writes rows to a Parquet file as they were stored in another: levels and values are copied, so that any schema goes
 * through unchanged. Pages are plain and compressed with SNAPPY; a row group of at most some 64 MiB is kept in memory.
 */
export class ParquetWriter {
  readonly #library: Library;
  readonly #schema: Schema;
  readonly #metadata: FileMetaData;
  readonly #groups: RowGroup[] = [];
  #columns: ColumnWriter[];
  #rows = 0;
  #offset = MAGIC.length;

  private constructor(library: Library, schema: Schema, metadata: FileMetaData) {
    this.#library = library;
    this.#schema = schema;
    this.#metadata = metadata;
    this.#columns = this.#newColumns();
  }

  /** `metadata` is that of the file that rows come from: its schema and whatever it says about it. */
  static async open(schema: Schema, metadata: FileMetaData): Promise<ParquetWriter> {
    return new ParquetWriter(await loadLibrary(), schema, metadata);
  }

  /** What the file begins with. */
  static readonly head: Uint8Array = Buffer.from(MAGIC);

  /** Takes the next row from cursors, one for each leaf. */
  add(cursors: readonly (LeafCursor | undefined)[]): void {
    for (const [i, column] of this.#columns.entries()) {
      const cursor = cursors[i];
      if (cursor !== undefined) column.addRow(cursor);
    }
    this.#rows++;
  }

  /** Whether what is kept should be written. */
  get isFull(): boolean {
    return (
      this.#rows >= GROUP_ROWS || this.#columns.reduce((sum, column) => sum + column.bytes, 0) >= GROUP_BYTES
    );
  }

  /** The row group of the rows since the last: to be written where the file is then. */
  *flush(): Generator<Uint8Array> {
    if (this.#rows === 0) return;
    const columns: ColumnChunk[] = [];
    const start = this.#offset;
    for (const column of this.#columns) {
      const { pages, unpacked, values } = column.finish();
      const from = BigInt(this.#offset);
      for (const page of pages) {
        yield page;
        this.#offset += page.length;
      }
      columns.push({
        file_offset: 0n,
        meta_data: {
          type: column.leaf.type,
          encodings: ['PLAIN', 'RLE'],
          path_in_schema: [...column.leaf.path],
          codec: 'SNAPPY',
          num_values: BigInt(values),
          total_uncompressed_size: BigInt(unpacked),
          total_compressed_size: BigInt(this.#offset) - from,
          data_page_offset: from,
        },
      });
    }
    const total = columns.reduce(
      (sum, { meta_data: about }) => sum + (about?.total_uncompressed_size ?? 0n),
      0n,
    );
    this.#groups.push({
      columns,
      total_byte_size: total,
      num_rows: BigInt(this.#rows),
      file_offset: BigInt(start),
      total_compressed_size: BigInt(this.#offset - start),
    });
    this.#columns = this.#newColumns();
    this.#rows = 0;
  }

  /** What the file ends with. */
  footer(): Uint8Array {
    const writer = new this.#library.ByteWriter();
    this.#library.writeMetadata(writer, {
      version: 2,
      schema: this.#metadata.schema.map(writable),
      num_rows: this.#groups.reduce((sum, group) => sum + group.num_rows, 0n),
      row_groups: this.#groups,
      ...(this.#metadata.key_value_metadata && { key_value_metadata: this.#metadata.key_value_metadata }),
      created_by: 'dvs',
      metadata_length: 0,
    });
    writer.appendBytes(ParquetWriter.head);
    return writer.getBytes();
  }

  #newColumns(): ColumnWriter[] {
    return this.#schema.leaves.map((leaf) => new ColumnWriter(this.#library, leaf));
  }
}

const INTEGERS: readonly ConvertedType[] = [
  'INT_8',
  'INT_16',
  'INT_32',
  'INT_64',
  'UINT_8',
  'UINT_16',
  'UINT_32',
  'UINT_64',
];

/** The library writes the width of integers in a way that others refuse; the older annotation says the same. */
function writable(element: SchemaElement): SchemaElement {
  const { logical_type: logical, ...rest } = element;
  if (logical?.type !== 'INTEGER') return element;
  const name = `${logical.isSigned ? '' : 'U'}INT_${logical.bitWidth}`;
  const converted = INTEGERS.find((type) => type === name);
  return converted === undefined ? rest : { ...rest, converted_type: converted };
}

/** Gathers the pages of one column chunk. */
class ColumnWriter {
  readonly leaf: Leaf;
  readonly #library: Library;
  readonly #pages: Uint8Array[] = [];
  #reps: number[] = [];
  #defs: number[] = [];
  #present: Physical[] = [];
  #pending = 0;
  #values = 0;
  #stored = 0;
  #unpacked = 0;

  constructor(library: Library, leaf: Leaf) {
    this.#library = library;
    this.leaf = leaf;
  }

  /** About how much memory it takes. */
  get bytes(): number {
    return this.#stored + this.#pending;
  }

  addRow(cursor: LeafCursor): void {
    do {
      const { rep, def } = cursor;
      const value = cursor.take();
      this.#reps.push(rep);
      this.#defs.push(def);
      this.#pending += OVERHEAD;
      if (value === undefined) continue;
      // What it lies in need not be kept for it.
      this.#present.push(value instanceof Uint8Array ? Uint8Array.from(value) : value);
      if (value instanceof Uint8Array) this.#pending += value.length;
    } while (cursor.rep !== 0);
    cursor.endRow();
    if (this.#pending >= PAGE_BYTES || this.#defs.length >= PAGE_VALUES) this.#page();
  }

  finish(): { readonly pages: readonly Uint8Array[]; readonly unpacked: number; readonly values: number } {
    this.#page();
    return { pages: this.#pages, unpacked: this.#unpacked, values: this.#values };
  }

  #page(): void {
    if (this.#defs.length === 0) return;
    const { ByteWriter, snappyCompress, writePageHeader, writePlain } = this.#library;
    const body = new ByteWriter(64 * KiB);
    this.#levels(body, this.#reps, this.leaf.rep);
    this.#levels(body, this.#defs, this.leaf.def);
    const { type, width } = this.leaf;
    // What has a width and is no number is bytes here, INT96 too.
    writePlain(body, this.#present, width > 0 ? 'FIXED_LEN_BYTE_ARRAY' : type, width);
    const packed = snappyCompress(body.getBytes());
    const page = new ByteWriter(packed.length + KiB);
    writePageHeader(page, {
      type: 'DATA_PAGE',
      uncompressed_page_size: body.offset,
      compressed_page_size: packed.length,
      data_page_header: {
        num_values: this.#defs.length,
        encoding: 'PLAIN',
        definition_level_encoding: 'RLE',
        repetition_level_encoding: 'RLE',
      },
    });
    this.#unpacked += page.offset + body.offset;
    page.appendBytes(packed);
    this.#stored += page.offset;
    this.#values += this.#defs.length;
    this.#pages.push(page.getBytes());
    this.#reps = [];
    this.#defs = [];
    this.#present = [];
    this.#pending = 0;
  }

  #levels(body: InstanceType<Library['ByteWriter']>, levels: readonly number[], highest: number): void {
    if (highest === 0) return;
    const encoded = new this.#library.ByteWriter();
    this.#library.writeRleBitPackedHybrid(encoded, [...levels], bitsFor(highest));
    body.appendUint32(encoded.offset);
    body.appendBytes(encoded.getBytes());
  }
}
