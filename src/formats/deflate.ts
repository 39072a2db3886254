import { pipeline } from 'node:stream/promises';
import { constants, createGunzip, createGzip, createInflateRaw, type Gunzip } from 'node:zlib';
import { systemCode } from '../base/errors.js';
import { KiB } from '../base/limits.js';
import { ByteReader, type Bytes } from './byte-reader.js';
import { Unreadable } from './unreadable.js';

/** What a byte of deflate can become at most: two bits repeat 258 bytes. */
export const MAX_EXPANSION = 1032;

const PIECE = 64 * KiB;
/** Where a gzip header (RFC 1952) tells the operating system, and the value for "unknown". */
const SYSTEM_AT = 9;
const UNKNOWN_SYSTEM = 255;

/** How bytes are packed: a gzip file (of any number of members), or bare deflate as in a zip. */
export type Packing = 'gzip' | 'deflate';

/** Packed bytes as what they become. A stretch costs unpacking all before it. Throws `Unreadable`. */
export function unpackedBytes(packed: () => AsyncIterable<Uint8Array>, packing: Packing): Bytes {
  const stream = () => unpacked(packed(), packing);
  return {
    stream,
    async range(offset, length) {
      const reader = new ByteReader(stream());
      try {
        await reader.skip(offset);
        return await reader.take(length);
      } finally {
        await reader.close();
      }
    },
  };
}

async function* unpacked(
  packed: AsyncIterable<Uint8Array>,
  packing: Packing,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* through(
      packed,
      packing === 'gzip' ? createGunzip({ chunkSize: PIECE }) : createInflateRaw({ chunkSize: PIECE }),
    );
  } catch (error) {
    // Codes of zlib itself: Z_DATA_ERROR, Z_BUF_ERROR for what breaks off …
    if (!(error instanceof Error && 'code' in error && /^Z_/.test(systemCode(error) ?? ''))) throw error;
    const why =
      systemCode(error) === 'Z_BUF_ERROR'
        ? 'its compressed bytes break off'
        : 'its compressed bytes are broken';
    throw new Unreadable(why, { cause: error });
  }
}

/** A gzip file of bytes, without time or name, so that the same bytes give the same file wherever zlib is the same. */
export async function* gzipped(
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let isFirst = true;
  for await (const piece of through(
    bytes,
    createGzip({ level: constants.Z_BEST_COMPRESSION, chunkSize: PIECE }),
  )) {
    if (isFirst && piece.length > SYSTEM_AT) piece[SYSTEM_AT] = UNKNOWN_SYSTEM;
    isFirst = false;
    yield piece;
  }
}

async function* through(
  bytes: AsyncIterable<Uint8Array>,
  engine: Gunzip | ReturnType<typeof createGzip>,
): AsyncGenerator<Uint8Array, void, undefined> {
  // Its failure is also the engine's, which is read below.
  const feeding = pipeline(bytes, engine).catch(() => undefined);
  try {
    for await (const piece of engine) yield piece;
  } finally {
    engine.destroy();
    await feeding;
  }
}
