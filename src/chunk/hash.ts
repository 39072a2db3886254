import { createRequire } from 'node:module';
import { blake3 } from '@noble/hashes/blake3.js';

/** 32 bytes of BLAKE3 of `bytes` under a key of 32 bytes. The bytes may lie in shared memory. */
export type KeyedBlake3 = (key: Uint8Array, bytes: Uint8Array) => Uint8Array;

/** The part in use of `@napi-rs/blake-hash`, an optional dependency. */
interface Native {
  readonly Blake3Hasher: {
    newKeyed(key: Buffer): { update(bytes: Uint8Array): { digestBuffer(): Buffer } };
  };
}

/** Xet's published key for the hashes of chunks (DATA_KEY in xet-core). */
const DATA_KEY = Buffer.from('6697f5775b9550de3135cbaca597181c9de421109beb2b58b4d0b04b93adf229', 'hex');

/** Pure JavaScript, for platforms without a native build: the same hashes, some fifty times slower. */
export const portableBlake3: KeyedBlake3 = (key, bytes) => blake3(bytes, { key });

let native: KeyedBlake3 | undefined;
let looked = false;

function nativeBlake3(): KeyedBlake3 | undefined {
  if (looked) return native;
  looked = true;
  try {
    const { Blake3Hasher }: Native = createRequire(import.meta.url)('@napi-rs/blake-hash');
    native = (key, bytes) => Blake3Hasher.newKeyed(Buffer.from(key)).update(bytes).digestBuffer();
  } catch {
    // Not installed, or not built for this platform: the portable one does the same.
  }
  return native;
}

/** Keyed BLAKE3 with the fastest implementation at hand. */
export const keyedBlake3: KeyedBlake3 = (key, bytes) => (nativeBlake3() ?? portableBlake3)(key, bytes);

/** Which implementation `keyedBlake3` uses on this machine. */
export function implementation(): 'native' | 'portable' {
  return nativeBlake3() === undefined ? 'portable' : 'native';
}

/** The Xet hash of a chunk: 32 bytes of keyed BLAKE3. */
export function chunkHash(bytes: Uint8Array): Uint8Array {
  return keyedBlake3(DATA_KEY, bytes);
}
