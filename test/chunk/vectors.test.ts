import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { chunksOf } from '#src/chunk/chunks.js';
import { fileHash, xetHex } from '#src/chunk/file-hash.js';
import { chunkHash } from '#src/chunk/hash.js';
import { make, type Recipe } from './support.js';

interface Vector {
  readonly name: string;
  readonly data: Recipe;
  readonly lengths: readonly number[];
  readonly hashes: readonly string[];
  readonly fileHash: string;
}

const file = new URL('../../fixtures/chunk/vectors.json', import.meta.url);
const { vectors }: { vectors: Vector[] } = JSON.parse(readFileSync(file, 'utf8'));

it.each(vectors)('$name', (vector) => {
  const bytes = make(vector.data);
  const chunks = chunksOf(bytes).map(({ offset, length }) => ({
    hash: chunkHash(bytes.subarray(offset, offset + length)),
    length,
  }));
  expect(chunks.map(({ length }) => length)).toEqual(vector.lengths);
  expect(chunks.map(({ hash }) => xetHex(hash))).toEqual(vector.hashes);
  expect(xetHex(fileHash(chunks))).toBe(vector.fileHash);
});
