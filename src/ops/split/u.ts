import { hash } from 'node:crypto';

/** Bytes of a digest that are kept: two keys with the same are the same. */
export const DIGEST_BYTES = 16;
/** u is less than this. */
const END = 2n ** 52n;

/** A SHA-256, as one character (U+0000 to U+00FF) a byte: half the time that bytes take. */
export type KeyDigest = (key: string) => string;

/** The digest of a key that u(key) is the beginning of: of dvs-split-1. */
export function splitDigest(seed: string): KeyDigest {
  const head = `dvs-split-1\n${seed}\n`;
  return (key) => hash('sha256', head + key, 'binary');
}

/** The digest of a key, to find equal ones by. */
export const keyDigest: KeyDigest = (key) => hash('sha256', key, 'binary');

/** The first 52 bits of a digest: u of dvs-split-1. */
export function uOf(digest: string): number {
  let u = 0;
  for (let i = 0; i < 6; i++) u = u * 256 + digest.charCodeAt(i);
  return u * 16 + (digest.charCodeAt(6) >> 4);
}

/** The same of a digest that lies at `at`. */
export function uAt(bytes: Uint8Array, at: number): number {
  let u = 0;
  for (let i = at; i < at + 6; i++) u = u * 256 + (bytes[i] ?? 0);
  return u * 16 + ((bytes[at + 6] ?? 0) >> 4);
}

/** Where each part ends: part t is the first with u < ends[t] = ⌊2⁵²·(w_0+…+w_t)/W⌋. */
export function weightEnds(weights: readonly number[]): Float64Array {
  const sum = weights.reduce((a, b) => a + BigInt(b), 0n);
  let before = 0n;
  return Float64Array.from(weights, (weight) => {
    before += BigInt(weight);
    return Number((END * before) / sum);
  });
}

/** Where each fold ends: ⌊u·folds/2⁵²⌋ is the first with u < ends[t] = ⌈2⁵²·(t+1)/folds⌉. */
export function foldEnds(folds: number): Float64Array {
  const count = BigInt(folds);
  return Float64Array.from({ length: folds }, (_, t) => Number((END * BigInt(t + 1) + count - 1n) / count));
}

/** The first t with value < ends[t]; `ends` ascends, and its last is larger than the value. */
export function firstBefore(ends: Float64Array, value: number): number {
  let low = 0;
  let high = ends.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value < (ends[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}
