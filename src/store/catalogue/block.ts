import { asBuffer } from '../../base/bytes.js';
import { DvsError } from '../../base/errors.js';
import type { LayerEntry } from './layer.js';

/** The entries of a table lie in blocks of about this many bytes; each is read and checked as one. */
export const BLOCK_BYTES = 4096;

/** u16 length of the key, u16 length of the value; then key and value. */
const HEAD_LENGTH = 4;
/** In place of the length of a value: the key was removed. */
const REMOVED = 0xffff;

/** Bytes of one entry in a block. */
export function entryLength({ key, value }: LayerEntry): number {
  return HEAD_LENGTH + key.length + (value?.length ?? 0);
}

/** Appends an entry at `at`; says where the next one goes. */
export function writeEntry(block: Buffer, at: number, { key, value }: LayerEntry): number {
  block.writeUInt16LE(key.length, at);
  block.writeUInt16LE(value?.length ?? REMOVED, at + 2);
  block.set(key, at + HEAD_LENGTH);
  if (value !== undefined) block.set(value, at + HEAD_LENGTH + key.length);
  return at + entryLength({ key, value });
}

/** Refuses (E_LIMIT) what no block can hold. */
export function assertFits({ key, value }: LayerEntry): void {
  if (key.length > 0xffff || (value?.length ?? 0) >= REMOVED)
    throw new DvsError('E_LIMIT', 'a record of the catalogue is too long');
}

/** All entries of a block whose checksum was right. */
export function* entriesOf(block: Buffer): Generator<LayerEntry> {
  for (let at = 0; at < block.length; ) {
    const entry = entryAt(block, at);
    yield entry;
    at += entryLength(entry);
  }
}

export function findInBlock(block: Buffer, key: Uint8Array): LayerEntry | undefined {
  const wanted = asBuffer(key);
  for (let at = 0; at < block.length; ) {
    const keyLength = block.readUInt16LE(at);
    const valueLength = block.readUInt16LE(at + 2);
    const start = at + HEAD_LENGTH;
    const order = compareAt(block, start, keyLength, wanted);
    if (order === 0) return entryAt(block, at);
    if (order > 0) return undefined;
    at = start + keyLength + (valueLength === REMOVED ? 0 : valueLength);
  }
  return undefined;
}

/** The entry that begins there. */
export function entryAt(block: Buffer, at: number): LayerEntry {
  const keyEnd = at + HEAD_LENGTH + block.readUInt16LE(at);
  const valueLength = block.readUInt16LE(at + 2);
  return {
    key: block.subarray(at + HEAD_LENGTH, keyEnd),
    value: valueLength === REMOVED ? undefined : block.subarray(keyEnd, keyEnd + valueLength),
  };
}

/** As `Buffer.compare`, which costs more than all of this where keys differ early. */
export function compareAt(bytes: Buffer, at: number, length: number, other: Buffer): number {
  const common = Math.min(length, other.length);
  for (let i = 0; i < common; i++) {
    const difference = (bytes[at + i] ?? 0) - (other[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return length - other.length;
}
