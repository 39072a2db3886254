import zlib from 'node:zlib';
import { asBuffer } from '../../base/bytes.js';
import { DvsError } from '../../base/errors.js';

/** Level 1: the others cost more time than the disk they save is worth here. */
const LEVEL = 1;

/** Which of the implementations it is: that of Node, the faster one in WebAssembly, or the one that installs anywhere. */
export type ZstdOrigin = 'built-in' | 'fast' | 'portable';

interface Zstd {
  readonly origin: ZstdOrigin;
  compress(bytes: Uint8Array): Uint8Array;
  decompress(bytes: Uint8Array): Uint8Array;
}

/** Frames that are unpacked before it pays to load the faster implementation, which takes more than twice as long. */
const FEW = 64;

let loaded: Zstd | undefined;
/** Serves until `loaded` does. */
let forFew: Zstd | undefined;
let loadingForFew: Promise<Zstd> | undefined;
let unpacked = 0;

/**
 * Loads a Zstandard implementation on first use: Node's own from 22.15 on, else WebAssembly (the faster of two
 * where it is installed). Any of them reads what any other wrote. No native addon: the one that performed best
 * crashes when two threads load it at once.
 */
export async function loadZstd(): Promise<void> {
  loaded ??= loadBuiltIn() ?? (await loadFast()) ?? (await loadPortable());
}

/** Loads what unpacks one more frame: for most commands, which read a few, that which is there soonest. */
export async function loadUnpacking(): Promise<void> {
  loaded ??= loadBuiltIn();
  if (loaded !== undefined) return;
  if (unpacked++ >= FEW) return loadZstd();
  loadingForFew ??= loadPortable();
  forFew = await loadingForFew;
}

/** The implementation that `loadZstd()` found. */
export function zstdOrigin(): ZstdOrigin {
  return ready().origin;
}

export function isZstdLoaded(): boolean {
  return loaded !== undefined;
}

/** Compresses one frame. `loadZstd()` comes first. */
export function compress(bytes: Uint8Array): Uint8Array {
  return ready().compress(bytes);
}

/**
 * Decompresses a frame to exactly `realLength` bytes. E_BOMB when the frame declares any other size, before
 * anything is allocated; E_DAMAGED when it cannot be decompressed.
 */
export function decompress(bytes: Uint8Array, realLength: number): Uint8Array {
  const declared = declaredLength(bytes);
  if (declared !== realLength) {
    throw new DvsError('E_BOMB', `a frame of ${realLength} bytes declares ${declared ?? 'no size'}`);
  }
  let out: Uint8Array;
  try {
    out = (loaded ?? forFew ?? ready()).decompress(bytes);
  } catch (cause) {
    throw new DvsError('E_DAMAGED', 'a compressed frame is damaged', { cause });
  }
  if (out.length !== realLength) throw new DvsError('E_DAMAGED', 'a compressed frame has the wrong length');
  return out;
}

/** The content size in a Zstandard frame header (RFC 8878, section 3.1.1.1), or undefined. */
export function declaredLength(frame: Uint8Array): number | undefined {
  const bytes = asBuffer(frame);
  if (bytes.length < 6 || bytes.readUInt32LE(0) !== 0xfd2fb528) return undefined;
  const descriptor = bytes.readUInt8(4);
  const singleSegment = (descriptor & 0x20) !== 0;
  const sizeFlag = descriptor >> 6;
  const at = 5 + (singleSegment ? 0 : 1) + ([0, 1, 2, 4][descriptor & 3] ?? 0);
  const width = sizeFlag === 0 ? (singleSegment ? 1 : 0) : 1 << sizeFlag;
  if (width === 0 || at + width > bytes.length) return undefined;
  if (width === 8) return Number(bytes.readBigUInt64LE(at));
  return bytes.readUIntLE(at, width) + (width === 2 ? 256 : 0);
}

function ready(): Zstd {
  if (loaded === undefined) throw new DvsError('E_INTERNAL', 'loadZstd() was not awaited');
  return loaded;
}

/** The part of node:zlib that Node 20 has not got. */
interface BuiltIn {
  readonly constants: { readonly [name: string]: number | undefined };
  readonly zstdCompressSync?: (bytes: Uint8Array, options: object) => Uint8Array;
  readonly zstdDecompressSync?: (bytes: Uint8Array) => Uint8Array;
}

function loadBuiltIn(): Zstd | undefined {
  const { constants, zstdCompressSync, zstdDecompressSync }: BuiltIn = zlib;
  const parameter = constants['ZSTD_c_compressionLevel'];
  if (zstdCompressSync === undefined || zstdDecompressSync === undefined || parameter === undefined)
    return undefined;
  return {
    origin: 'built-in',
    compress: (bytes) =>
      zstdCompressSync(bytes, { params: { [parameter]: LEVEL }, pledgedSrcSize: bytes.length }),
    decompress: (bytes) => zstdDecompressSync(bytes),
  };
}

async function loadFast(): Promise<Zstd | undefined> {
  try {
    const wasm = await import('@cloudpss/zstd/wasm');
    return {
      origin: 'fast',
      compress: (bytes) => wasm.compress(bytes, LEVEL),
      decompress: (bytes) => wasm.decompress(bytes),
    };
  } catch {
    return undefined; // an optional dependency: whatever keeps it from loading, the portable one serves
  }
}

/** The implementation that installs anywhere; exported so that tests can hold it against the others. */
export async function loadPortable(): Promise<Zstd> {
  const wasm = await import('@bokuweb/zstd-wasm');
  await wasm.init();
  return {
    origin: 'portable',
    compress: (bytes) => wasm.compress(asBuffer(bytes), LEVEL),
    decompress: (bytes) => wasm.decompress(asBuffer(bytes)),
  };
}
