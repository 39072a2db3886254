import { readFileSync } from 'node:fs';
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
