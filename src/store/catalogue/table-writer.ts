import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { BLOCK_BYTES, entryLength, writeEntry } from './block.js';
import { BlockIndexBuilder } from './block-index.js';
import type { LayerEntry } from './layer.js';
import type { TableFacts } from './table.js';

/** Bytes that are written at once, whatever the blocks are. */
const PIECE_BYTES = 256 * 1024;

/**
 * Writes entries, in ascending order of keys, into a new file; without waiting for the disk, because what a power cut takes of a
 * catalogue is made again. Nothing stays when it fails.
 */
export async function writeTable(
  folder: string,
  name: string,
  entries: Iterable<LayerEntry>,
): Promise<TableFacts> {
  const path = join(folder, name);
  const handle = await open(path, 'wx');
  try {
    return { name, ...(await writeBlocks(handle, entries)) };
  } catch (error) {
    await rm(path, { force: true }).catch(() => {}); // its maker's name says whose it is
    throw error;
  } finally {
    await handle.close();
  }
}

async function writeBlocks(
  handle: FileHandle,
  entries: Iterable<LayerEntry>,
): Promise<Omit<TableFacts, 'name'>> {
  const index = new BlockIndexBuilder();
  const piece = Buffer.allocUnsafe(PIECE_BYTES);
  /** Where the open block begins in the piece, and where its next entry goes. */
  let begin = 0;
  let at = 0;
  let first: Uint8Array | undefined;
  let size = 0;

  const endBlock = (): void => {
    if (first !== undefined) index.add(at - begin, crc32(piece.subarray(begin, at)), first);
    first = undefined;
    begin = at;
  };
  const writePiece = async (): Promise<void> => {
    await writeFully(handle, piece.subarray(0, at));
    size += at;
    begin = at = 0;
  };

  for (const entry of entries) {
    const length = entryLength(entry);
    if (at > begin && at + length > begin + BLOCK_BYTES) endBlock();
    if (at + length > piece.length) {
      endBlock();
      await writePiece();
    }
    first ??= Uint8Array.from(entry.key);
    at = writeEntry(piece, at, entry);
  }
  endBlock();
  await writePiece();
  const bytes = index.finish();
  await writeFully(handle, bytes);
  return { size: size + bytes.length, indexLength: bytes.length, indexCrc: crc32(bytes) };
}

async function writeFully(handle: FileHandle, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    at += (await handle.write(bytes, at, bytes.length - at)).bytesWritten;
  }
}
