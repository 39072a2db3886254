import { cidOf, digestOf, RAW } from '../id/cid.js';
import { DIGEST_LENGTH } from '../id/hash.js';
import type { DatasetEntry } from './dataset.js';
import { MAX_PATH_BYTES } from './path.js';

/**
 * Entries of a dataset as bytes for temporary lists:
 *
 *     file   u8 0, digest of the content, f64 size
 *     link   u8 1, u16 length and bytes of the target
 */
const FILE = 0;
const LINK = 1;
const FILE_LENGTH = 1 + DIGEST_LENGTH + 8;

export const MAX_ENTRY_RECORD = 1 + 2 + MAX_PATH_BYTES;

/** Writes an entry at `at`, where `MAX_ENTRY_RECORD` bytes must be free; returns where it ends. */
export function putEntry(target: Buffer, at: number, entry: DatasetEntry): number {
  if (entry.type === 'file') {
    target.writeUInt8(FILE, at);
    target.set(digestOf(entry.id), at + 1);
    return target.writeDoubleLE(entry.size, at + 1 + DIGEST_LENGTH);
  }
  const length = target.write(entry.target, at + 3, 'utf8');
  target.writeUInt8(LINK, at);
  target.writeUInt16LE(length, at + 1);
  return at + 3 + length;
}

/** The entry at `at`, in memory of its own. */
export function takeEntry(record: Buffer, at: number): DatasetEntry {
  if (record.readUInt8(at) === LINK) {
    return { type: 'link', target: record.toString('utf8', at + 3, endOfEntry(record, at)) };
  }
  const digest = new Uint8Array(record.subarray(at + 1, at + 1 + DIGEST_LENGTH));
  return { type: 'file', id: cidOf(RAW, digest), size: record.readDoubleLE(at + 1 + DIGEST_LENGTH) };
}

/** Where the entry at `at` ends. */
export function endOfEntry(record: Buffer, at: number): number {
  return record.readUInt8(at) === FILE ? at + FILE_LENGTH : at + 3 + record.readUInt16LE(at + 1);
}

/** The digest of the file at `at`, valid as long as the record; undefined for a link and for an empty file. */
export function contentAt(record: Buffer, at: number): Buffer | undefined {
  if (record.readUInt8(at) !== FILE || record.readDoubleLE(at + 1 + DIGEST_LENGTH) === 0) return undefined;
  return record.subarray(at + 1, at + 1 + DIGEST_LENGTH);
}
