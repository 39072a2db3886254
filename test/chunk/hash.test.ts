import { hashToHex, hmac, fileHash as oracleFileHash } from '@huggingface/xetchunk-wasm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hex } from '#src/base/bytes.js';
import { FileHasher, fileHash, xetHex } from '#src/chunk/file-hash.js';
import { chunkHash, implementation, keyedBlake3, portableBlake3 } from '#src/chunk/hash.js';
import { noise, shared } from './support.js';

describe('keyed BLAKE3', () => {
  it('native, portable and oracle agree, also over shared memory', () => {
    expect(['native', 'portable']).toContain(implementation());
    for (const length of [0, 1, 63, 64, 65, 1023, 1024, 1025, 8192, 65_537, 131_072]) {
      const key = Uint8Array.from(noise(32, length + 1));
      const bytes = noise(length);
      const expected = Buffer.from(hmac(bytes, key));
      for (const hash of [keyedBlake3, portableBlake3]) {
        expect(Buffer.from(hash(key, bytes))).toEqual(expected);
        expect(Buffer.from(hash(key, shared(bytes)))).toEqual(expected);
      }
    }
  });

  it('a chunk hash is that of draft-denis-xet-03, appendix C.1', () => {
    const hash = chunkHash(Buffer.from('Hello World!'));
    expect(hex(hash)).toBe('a29cfb08e608d4d8726dd8659a90b9134b3240d5d8e42d5fcb28e2a6e763a3e8');
    expect(xetHex(hash)).toBe('d8d408e608fb9ca213b9909a65d86d725f2de4d8d540324be8a363e7a6e228cb');
  });
});

describe('file hash', () => {
  const chunk = fc.record({
    hash: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    length: fc.integer({ min: 1, max: 131072 }),
  });

  it('is that of xetchunk-wasm for any chunks', () => {
    fc.assert(
      fc.property(fc.array(chunk, { maxLength: 300, size: 'max' }), (chunks) => {
        expect(Buffer.from(fileHash(chunks))).toEqual(Buffer.from(oracleFileHash(chunks)));
      }),
    );
  });

  it.each([0, 1, 2, 3, 8, 9, 10, 17, 18, 19, 81, 82, 730])(
    'for %i chunks whose hashes end no group',
    (count) => {
      const chunks = Array.from({ length: count }, (_, index) => ({
        hash: noise(32, index + 1).fill(index % 5 === 0 ? 2 : 1, 24),
        length: 8192 + index,
      }));
      expect(Buffer.from(fileHash(chunks))).toEqual(Buffer.from(oracleFileHash(chunks)));
    },
  );

  it('for a great many chunks', () => {
    const chunks = Array.from({ length: 50_000 }, (_, index) => ({
      hash: noise(32, index + 1),
      length: 65536,
    }));
    const hasher = new FileHasher();
    for (const { hash, length } of chunks) hasher.add(hash, length);
    expect(Buffer.from(hasher.digest())).toEqual(Buffer.from(oracleFileHash(chunks)));
  });

  it('is written as Xet writes hashes', () => {
    const hash = noise(32);
    expect(xetHex(hash)).toBe(hashToHex(hash));
  });
});
