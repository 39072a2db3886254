import { fileHash as oracleFileHash } from '@huggingface/xetchunk-wasm';
import { describe, expect, it } from 'vitest';
import { nextCandidate } from '#src/chunk/candidates.js';
import { chunksOf } from '#src/chunk/chunks.js';
import { fileHash } from '#src/chunk/file-hash.js';
import { chunkHash } from '#src/chunk/hash.js';
import { MAX_CHUNK, MIN_CHUNK, WINDOW } from '#src/chunk/limits.js';
import { type Hashed, make, noise, oracle, specifiedLengths } from './support.js';

function ours(bytes: Uint8Array): Hashed[] {
  return chunksOf(bytes).map(({ offset, length }) => ({
    hash: chunkHash(bytes.subarray(offset, offset + length)),
    length,
  }));
}

const plain = ({ hash, length }: Hashed) => `${length} ${Buffer.from(hash).toString('hex')}`;

function expectSame(bytes: Uint8Array, what?: string): void {
  const expected = oracle(bytes);
  const chunks = ours(bytes);
  expect(chunks.map(plain), what).toEqual(expected.map(plain));
  expect(Buffer.from(fileHash(chunks)), what).toEqual(Buffer.from(oracleFileHash(expected)));
}

const lengthsOf = (bytes: Uint8Array): number[] => chunksOf(bytes).map(({ length }) => length);

describe('chunks are those of xetchunk-wasm', () => {
  const EDGES = [0, WINDOW, MIN_CHUNK, 65536, MAX_CHUNK, 2 * MAX_CHUNK];
  const sizes = EDGES.flatMap((edge) => [edge - 1, edge, edge + 1]).filter((size) => size >= 0);

  it.each(sizes)('for %i bytes of noise, zeros and text', (length) => {
    expectSame(noise(length));
    expectSame(new Uint8Array(length));
    expectSame(make({ formula: 'counting', length }));
  });

  it('for several MiB of noise', () => {
    for (const seed of [1, 2, 3]) expectSame(noise(6_000_001, seed));
  });

  it('for every constant byte', () => {
    for (let byte = 0; byte < 256; byte++) {
      expectSame(new Uint8Array(2 * MAX_CHUNK + 5).fill(byte), `byte ${byte}`);
    }
  });

  it('for few values, text and floats', () => {
    expectSame(noise(2_000_000).map((byte) => byte & 3));
    expectSame(make({ formula: 'counting', length: 3_000_000 }));
    const floats = Float32Array.from({ length: 500_000 }, (_, index) => Math.sin(index / 100));
    expectSame(new Uint8Array(floats.buffer));
  });

  // A float32 19.427 over and over is a candidate every fourth byte; the others every third and fifth.
  it.each(['7f6a9b41', '30c1b5', '504f6799e6'])('for %s over and over', (hex) => {
    const bytes = make({ formula: 'repeat', hex, length: 1_000_000 });
    expectSame(bytes);
    expect(lengthsOf(bytes)[0]).toBeLessThan(MIN_CHUNK + hex.length);
  });
});

describe('candidates near the limits', () => {
  /** 64 bytes after which, and only after which, a chunk may end. */
  const source = noise(1_000_000);
  const end = nextCandidate(source, WINDOW, source.length) ?? 0;
  const window = source.subarray(end - WINDOW, end);

  function withCandidatesAt(length: number, ...ends: number[]): Uint8Array {
    const bytes = new Uint8Array(length);
    for (const at of ends) bytes.set(window, at - WINDOW);
    return bytes;
  }

  it.each([
    [MIN_CHUNK - 2, MAX_CHUNK],
    [MIN_CHUNK - 1, MAX_CHUNK],
    [MIN_CHUNK, MIN_CHUNK],
    [MIN_CHUNK + 1, MIN_CHUNK + 1],
    [MAX_CHUNK - 1, MAX_CHUNK - 1],
    [MAX_CHUNK, MAX_CHUNK],
    [MAX_CHUNK + 1, MAX_CHUNK],
  ])('a candidate at %i makes a first chunk of %i', (at, first) => {
    const bytes = withCandidatesAt(3 * MAX_CHUNK, at);
    expect(lengthsOf(bytes)[0]).toBe(first);
    expect(lengthsOf(bytes)).toEqual(specifiedLengths(bytes));
    expectSame(bytes);
  });

  it.each([MIN_CHUNK - 1, MIN_CHUNK, MIN_CHUNK + 1, MAX_CHUNK - 1, MAX_CHUNK, MAX_CHUNK + 1])(
    'and so does one %i after a cut',
    (distance) => {
      const first = 20_000;
      const bytes = withCandidatesAt(3 * MAX_CHUNK, first, first + distance);
      expect(lengthsOf(bytes)).toEqual(specifiedLengths(bytes));
      expectSame(bytes);
    },
  );

  it('a candidate at the end of the file makes no empty chunk', () => {
    const bytes = withCandidatesAt(20_000, 20_000);
    expect(lengthsOf(bytes)).toEqual([20_000]);
  });
});

describe('the shape of chunks', () => {
  it('they cover the content without gaps, within the limits', () => {
    const bytes = noise(3_000_000, 7);
    const chunks = chunksOf(bytes);
    let at = 0;
    for (const { offset, length } of chunks) {
      expect(offset).toBe(at);
      at += length;
      expect(length).toBeLessThanOrEqual(MAX_CHUNK);
      if (at < bytes.length) expect(length).toBeGreaterThanOrEqual(MIN_CHUNK);
    }
    expect(at).toBe(bytes.length);
  });

  it('an insertion changes only the chunks around it', () => {
    const before = noise(3_000_000, 9);
    const after = Buffer.concat([
      before.subarray(0, 1_000_000),
      Buffer.from('x'),
      before.subarray(1_000_000),
    ]);
    const known = new Set(ours(before).map(plain));
    expect(ours(after).filter((chunk) => !known.has(plain(chunk))).length).toBeLessThanOrEqual(4);
  });
});
