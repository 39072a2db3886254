import { DvsError } from '../../base/errors.js';
import { FILES_READER } from './file-samples.js';
import type { SampleReader } from './reader.js';
import { csv } from './readers/csv.js';
import { idxReader } from './readers/idx.js';
import { jsonl } from './readers/jsonl.js';
import { lines } from './readers/lines.js';
import { npyReader } from './readers/npy.js';
import { parquetReader } from './readers/parquet.js';
import { tarReader } from './readers/tar.js';

/** THE list of readers of rows, in the order in which they are tried for a file. */
const ROW_READERS: readonly SampleReader[] = [
  parquetReader,
  csv,
  jsonl,
  npyReader,
  idxReader,
  tarReader,
  lines,
];

export const READERS: readonly string[] = [FILES_READER.name, ...ROW_READERS.map(({ name }) => name)];

/** The reader of rows with this name and version; undefined for `files`. E_USAGE and E_FORMAT for others. */
export function rowReader(name: string, version?: number): SampleReader | undefined {
  const found = ROW_READERS.find(
    (reader) => reader.name === name && (version ?? reader.version) === reader.version,
  );
  if (!READERS.includes(name)) {
    throw new DvsError('E_USAGE', `there is no reader ${name}`, {
      hint: `Readers are: ${READERS.join(', ')}.`,
    });
  }
  if (found !== undefined) return found;
  if (name === FILES_READER.name && (version ?? FILES_READER.version) === FILES_READER.version)
    return undefined;
  throw new DvsError(
    'E_FORMAT',
    `these samples need version ${version} of the reader ${name}, which this dvs does not have`,
    {
      hint: 'Update dvs and run the same command again.',
    },
  );
}

/** The reader of rows that claims a path, if any does. */
export function claimer(path: string): SampleReader | undefined {
  return ROW_READERS.find((reader) => reader.claims(path));
}
