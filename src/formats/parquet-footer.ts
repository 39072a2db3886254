import type { FileMetaData } from 'hyparquet/src/types.js';
import { MiB } from '../base/limits.js';
import type { FileBytes } from './file-bytes.js';
import { assertSaneThrift } from './thrift.js';
import { Unreadable } from './unreadable.js';

const MAGIC = 'PAR1';
/** Length of the footer and magic, at the end of the file. */
const TAIL = 8;
const MAX_FOOTER = 32 * MiB;

/**
 * What the footer of a Parquet file says: whole, and in bounds that no honest one leaves, but not yet held against the
 * file. `Unreadable` when there is none, or it cannot be read.
 */
export async function readParquetFooter(bytes: FileBytes): Promise<FileMetaData> {
  const tail = Buffer.from(await bytes.range(Math.max(0, bytes.size - TAIL), TAIL));
  if (tail.length < TAIL || tail.toString('latin1', 4) !== MAGIC)
    throw new Unreadable('it has no Parquet footer');
  const length = tail.readUInt32LE(0);
  if (length > bytes.size - TAIL - MAGIC.length)
    throw new Unreadable('its Parquet footer claims more than there is');
  if (length > MAX_FOOTER) throw new Unreadable('its Parquet footer is too large');
  const footer = new Uint8Array(await bytes.range(bytes.size - TAIL - length, length + TAIL));
  assertSaneThrift(footer.subarray(0, length));
  const { parquetMetadata } = await import('hyparquet/src/metadata.js');
  try {
    return parquetMetadata(footer, { geoparquet: false });
  } catch {
    throw new Unreadable('its Parquet footer cannot be read'); // the library throws whatever comes to it
  }
}
