import { readFileSync } from 'node:fs';
import { ByteWriter } from 'hyparquet-writer/src/bytewriter.js';
import { writePageHeader } from 'hyparquet-writer/src/datapage.js';
import { writeRleBitPackedHybrid } from 'hyparquet-writer/src/encoding.js';
import { writeMetadata } from 'hyparquet-writer/src/metadata.js';
import type { FileBytes } from '#src/formats/file-bytes.js';
import type { ExtractedFile, OpenSource, Place, Wanted } from '#src/ops/samples/reader.js';
import { parquetReader } from '#src/ops/samples/readers/parquet.js';

const FIXTURES = new URL('../../../fixtures/samples/', import.meta.url);

export function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(name, FIXTURES)));
}

/** A file in memory that counts what is read of it. */
export class CountingBytes implements FileBytes {
  reads = 0;
  bytesRead = 0;

  constructor(readonly content: Uint8Array) {}

  get size(): number {
    return this.content.length;
  }

  async *stream(): AsyncGenerator<Uint8Array> {
    this.bytesRead += this.content.length;
    yield this.content;
  }

  async range(offset: number, length: number): Promise<Uint8Array> {
    const part = this.content.slice(offset, offset + length);
    this.reads++;
    this.bytesRead += part.length;
    return part;
  }
}

export function openBytes(bytes: FileBytes | Uint8Array, path = 'data.parquet'): Promise<OpenSource> {
  const file = bytes instanceof Uint8Array ? new CountingBytes(bytes) : bytes;
  return parquetReader.open({ files: [{ path, bytes: file }] }, {});
}

export interface ScannedRow {
  readonly place: Place;
  readonly bytes: Uint8Array;
  readonly fields: readonly (string | undefined)[];
}

/** Everything that a scan gives, copied. */
export async function scanAll(source: OpenSource, wanted: Wanted): Promise<ScannedRow[]> {
  const rows: ScannedRow[] = [];
  for await (const batch of source.scan(wanted))
    for (let i = 0; i < batch.length; i++)
      rows.push({
        place: batch.place(i),
        bytes: wanted.bytes ? Uint8Array.from(batch.bytes(i)) : new Uint8Array(0),
        fields: wanted.columns.map((_, column) => batch.field(i, column)),
      });
  return rows;
}

export async function rowsOf(content: Uint8Array): Promise<Uint8Array[]> {
  const rows = await scanAll(await openBytes(content), { bytes: true, columns: [] });
  return rows.map((row) => row.bytes);
}

/** What a source writes of the rows with these numbers. */
export async function extracted(source: OpenSource, numbers: readonly number[]): Promise<Uint8Array> {
  const places = numbers.map((at) => ({ at, length: 0 }));
  const files: readonly ExtractedFile[] = source.extract({ count: places.length, places: () => places });
  const pieces: Uint8Array[] = [];
  for (const file of files) for await (const piece of file.bytes) pieces.push(Uint8Array.from(piece));
  return Buffer.concat(pieces);
}

/** A page of a column `list` of lists of INT32 (required, elements required): repetition levels, and a value for each. */
export interface ListPage {
  readonly reps: readonly number[];
  readonly values: readonly number[];
}

/** A file as no tool at hand writes it: with pages that end within a row. `rows` is what its footer says. */
export function fileOfListPages(pages: readonly ListPage[], rows: number): Uint8Array {
  const writer = new ByteWriter();
  writer.appendBytes(Buffer.from('PAR1'));
  for (const { reps, values } of pages) {
    const body = new ByteWriter();
    const levels = new ByteWriter();
    for (const of of [reps, reps.map(() => 1)]) {
      const from = levels.offset;
      writeRleBitPackedHybrid(levels, [...of], 1);
      body.appendUint32(levels.offset - from);
      body.appendBytes(levels.getBytes().subarray(from));
    }
    for (const value of values) body.appendInt32(value);
    writePageHeader(writer, {
      type: 'DATA_PAGE',
      uncompressed_page_size: body.offset,
      compressed_page_size: body.offset,
      data_page_header: {
        num_values: reps.length,
        encoding: 'PLAIN',
        definition_level_encoding: 'RLE',
        repetition_level_encoding: 'RLE',
      },
    });
    writer.appendBytes(body.getBytes());
  }
  const size = BigInt(writer.offset - 4);
  writeMetadata(writer, {
    version: 1,
    metadata_length: 0,
    num_rows: BigInt(rows),
    schema: [
      { name: 'schema', num_children: 1 },
      { name: 'list', num_children: 1, repetition_type: 'REQUIRED', converted_type: 'LIST' },
      { name: 'list', num_children: 1, repetition_type: 'REPEATED' },
      { name: 'element', type: 'INT32', repetition_type: 'REQUIRED' },
    ],
    row_groups: [
      {
        num_rows: BigInt(rows),
        total_byte_size: size,
        columns: [
          {
            file_offset: 4n,
            meta_data: {
              type: 'INT32',
              encodings: ['PLAIN'],
              path_in_schema: ['list', 'list', 'element'],
              codec: 'UNCOMPRESSED',
              num_values: BigInt(pages.reduce((sum, page) => sum + page.reps.length, 0)),
              total_uncompressed_size: size,
              total_compressed_size: size,
              data_page_offset: 4n,
            },
          },
        ],
      },
    ],
  });
  writer.appendBytes(Buffer.from('PAR1'));
  return Uint8Array.from(writer.getBytes());
}
