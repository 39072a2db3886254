import { AHEAD } from '../../../../formats/parquet/chunk.js';
import type { ParquetLayout, RowGroupPlace } from '../../../../formats/parquet/layout.js';
import { RowGroupReader } from '../../../../formats/parquet/row-group.js';
import { ParquetWriter } from '../../../../formats/parquet/write.js';
import { Unreadable } from '../../../../formats/unreadable.js';
import type { InputFile, Selection } from '../../reader.js';
import { CODECS } from './codecs.js';
import { asBadData } from './in-file.js';

/** A Parquet file of just these rows, with the schema of theirs. Rows that go up are read in one go. */
export async function* extractRows(
  file: InputFile,
  { schema, groups, metadata }: ParquetLayout,
  selection: Selection,
): AsyncGenerator<Uint8Array> {
  let row: number | undefined;
  try {
    const writer = await ParquetWriter.open(schema, metadata);
    yield ParquetWriter.head;
    let group: RowGroupPlace | undefined;
    let reader: RowGroupReader | undefined;
    /** The row that the reader is at. */
    let at = 0;
    for await (const place of selection.places()) {
      row = place.at;
      const isHere = group !== undefined && row >= at && row < group.firstRow + group.rows;
      if (reader === undefined || group === undefined || !isHere) {
        group = groups.find(({ firstRow, rows }) => place.at >= firstRow && place.at < firstRow + rows);
        if (group === undefined) throw new Unreadable('it has no such row');
        const leaves = schema.leaves.keys();
        reader = new RowGroupReader(file.bytes, group, { unpackers: CODECS, leaves, ahead: AHEAD });
        at = group.firstRow;
      }
      await reader.skip(row - at);
      await reader.load();
      writer.add(reader.cursors);
      at = row + 1;
      if (writer.isFull) yield* writer.flush();
    }
    yield* writer.flush();
    yield writer.footer();
  } catch (error) {
    throw asBadData(error, file.path, row);
  }
}
