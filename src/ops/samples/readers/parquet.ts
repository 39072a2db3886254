import { utf8 } from '../../../base/bytes.js';
import { DvsError } from '../../../base/errors.js';
import { extensionOf } from '../../../formats/extension.js';
import { readParquetLayout } from '../../../formats/parquet/layout.js';
import type { InputFile, OpenSource, Place, SampleReader, Source } from '../reader.js';
import { oneByOne } from '../reader.js';
import { loadCodecs } from './parquet/codecs.js';
import { extractRows } from './parquet/extract.js';
import { inFile } from './parquet/in-file.js';
import { jsonOf } from './parquet/row-json.js';
import { readRow, rowAt, scanRows } from './parquet/rows.js';

/** Rows of Parquet files. A place is the number of the row in its file; what the bytes of a row are, docs/row-bytes.md says. */
export const parquetReader: SampleReader = {
  name: 'parquet',
  version: 1,
  claims: (path) => ['parquet', 'pq'].includes(extensionOf(path)),
  group: oneByOne,
  settle: async () => ({}),
  async open(source, options) {
    const [unknown] = Object.keys(options);
    if (unknown !== undefined)
      throw new DvsError('E_ENCODING', `the reader parquet has no option ${unknown}`);
    return openParquet(fileOf(source));
  },
};

function fileOf({ files }: Source): InputFile {
  const [file] = files;
  if (file === undefined || files.length > 1)
    throw new DvsError('E_INTERNAL', 'a source of the reader parquet is one file');
  return file;
}

async function openParquet(file: InputFile): Promise<OpenSource> {
  const layout = await inFile(file.path, () => readParquetLayout(file.bytes));
  await loadCodecs(layout.groups.flatMap((group) => group.chunks.map((chunk) => chunk.codec)));
  const { schema } = layout;
  const row = (place: Place) => inFile(file.path, () => readRow(file, layout, place), place.at);
  return {
    columns: schema.fields.map((field) => field.name),
    scan: (wanted) => scanRows(file, layout, wanted),
    at: (place, wanted) => rowAt(file, layout, place, wanted),
    async read(place) {
      const batch = await rowAt(file, layout, place, { bytes: true, columns: [] });
      return inFile(file.path, () => batch.bytes(0), place.at);
    },
    async print(place) {
      const value = await row(place);
      return inFile(file.path, () => utf8(`${jsonOf(value, schema)}\n`), place.at);
    },
    extract: (selection) => [{ path: file.path, bytes: extractRows(file, layout, selection) }],
  };
}
