import zlib from 'node:zlib';
import type { Unpackers } from '../../../../formats/parquet/chunk.js';
import { Unreadable } from '../../../../formats/unreadable.js';
import { declaredLength, decompress, isZstdLoaded, loadZstd } from '../../../../store/pack/zstd.js';

/** The decompressors that Parquet's own layer has not got. `loadCodecs()` comes first. */
export const CODECS: Unpackers = {
  GZIP: (bytes, length) =>
    zlib.unzipSync(bytes, { maxOutputLength: Math.max(1, length) }).subarray(0, length),
  BROTLI: (bytes, length) => zlib.brotliDecompressSync(bytes, { maxOutputLength: Math.max(1, length) }),
  ZSTD: (bytes, length) => decompress(withLength(bytes, length), length),
};

/** Loads Zstandard, when a file needs it. */
export async function loadCodecs(codecs: Iterable<string>): Promise<void> {
  if (!isZstdLoaded() && new Set(codecs).has('ZSTD')) await loadZstd();
}

const MAGIC_BYTES = 4;
/** Frame_Content_Size_flag for a size of four bytes. */
const FOUR_BYTES = 2 << 6;
const SINGLE_SEGMENT = 1 << 5;

/**
 * The same frame with its size in its head, where a tool that streams left it out: it is then checked before anything is
 * allocated. Format: RFC 8878, section 3.1.1.1.
 */
function withLength(frame: Uint8Array, length: number): Uint8Array {
  const descriptor = frame[MAGIC_BYTES];
  if (descriptor === undefined) throw new Unreadable('it breaks off');
  if (declaredLength(frame) !== undefined || (descriptor & SINGLE_SEGMENT) !== 0) return frame;
  const at = MAGIC_BYTES + 2 + ([0, 1, 2, 4][descriptor & 3] ?? 0);
  const out = Buffer.alloc(frame.length + 4);
  out.set(frame.subarray(0, at));
  out.writeUInt8(descriptor | FOUR_BYTES, MAGIC_BYTES);
  out.writeUInt32LE(length, at);
  out.set(frame.subarray(at), at + 4);
  return out;
}
