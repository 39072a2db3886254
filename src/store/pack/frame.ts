import { crc32 } from 'node:zlib';
import { asBuffer } from '../../base/bytes.js';
import { DvsError } from '../../base/errors.js';
import { KiB } from '../../base/limits.js';
import { type Frame, FrameCodec } from './layout.js';
import { mayCompress } from './probe.js';
import { compress, decompress, isZstdLoaded } from './zstd.js';

/** Compression that saves less than this share is not worth the time to undo it. */
const WORTHWHILE = 0.9;
/** Frames larger than this are probed by a sample before all of it is compressed. */
const PROBE_ABOVE = 64 * KiB;
const SAMPLE = 16 * KiB;

/**
 * The stored form of a frame's real bytes: compressed when that is worth it, else the same bytes. Without
 * `loadZstd()` before, always the same bytes.
 */
export function packFrame(real: Uint8Array): { codec: FrameCodec; stored: Uint8Array; crc: number } {
  const stored = compressIfWorthwhile(real);
  const codec = stored === undefined ? FrameCodec.plain : FrameCodec.zstd;
  const bytes = stored ?? real;
  return { codec, stored: bytes, crc: crc32(asBuffer(bytes)) };
}

function compressIfWorthwhile(real: Uint8Array): Uint8Array | undefined {
  if (!isZstdLoaded() || !mayCompress(real)) return undefined;
  if (real.length > PROBE_ABOVE) {
    const middle = (real.length - SAMPLE) >> 1;
    const sample = real.subarray(middle, middle + SAMPLE);
    if (compress(sample).length > SAMPLE * WORTHWHILE) return undefined;
  }
  const packed = compress(real);
  return packed.length > real.length * WORTHWHILE ? undefined : packed;
}

/** The real bytes of a frame. E_DAMAGED when the stored ones are not those the footer promises; E_BOMB. */
export function unpackFrame(
  frame: Pick<Frame, 'codec' | 'crc' | 'realLength' | 'storedLength'>,
  stored: Uint8Array,
): Uint8Array {
  if (stored.length !== frame.storedLength || crc32(asBuffer(stored)) !== frame.crc) {
    throw new DvsError('E_DAMAGED', 'a frame is damaged: its checksum does not match');
  }
  return frame.codec === FrameCodec.plain ? stored : decompress(stored, frame.realLength);
}
