import { getChunks, type Chunk as Hashed, hmac } from '@huggingface/xetchunk-wasm';
import { GEAR } from '#src/chunk/gear-table.js';
import { MAX_CHUNK, MIN_CHUNK } from '#src/chunk/limits.js';

export type { Hashed };

/** Data that anybody can make again: by a formula, so that vectors stay small. */
export type Recipe = { readonly length: number } & (
  | { readonly formula: 'splitmix64'; readonly seed: number }
  | { readonly formula: 'xorshift32'; readonly seed: number }
  | { readonly formula: 'repeat'; readonly hex: string }
  | { readonly formula: 'counting' }
);

export function make(recipe: Recipe): Uint8Array {
  const bytes = new Uint8Array(recipe.length);
  if (recipe.formula === 'splitmix64') fillSplitmix(bytes, recipe.seed);
  else if (recipe.formula === 'xorshift32') fillXorshift(bytes, recipe.seed);
  else if (recipe.formula === 'repeat') Buffer.from(bytes.buffer).fill(recipe.hex, 'hex');
  else fillCounting(bytes);
  return bytes;
}

/** Fast bytes without pattern. */
export function noise(length: number, seed = 1): Uint8Array {
  return make({ formula: 'xorshift32', seed, length });
}

/** A view of the same bytes over shared memory, at an odd offset. */
export function shared(bytes: Uint8Array): Uint8Array {
  const view = new Uint8Array(new SharedArrayBuffer(bytes.length + 7), 7);
  view.set(bytes);
  return view;
}

/** The lengths of chunks by the pseudocode of the specification, word for word and slow. */
export function specifiedLengths(bytes: Uint8Array): number[] {
  const lengths: number[] = [];
  let start = 0;
  let h = 0n;
  bytes.forEach((byte, index) => {
    h = BigInt.asUintN(64, (h << 1n) + (GEAR[byte] ?? 0n));
    const size = index - start + 1;
    if (size < MIN_CHUNK) return;
    if (size >= MAX_CHUNK || (h & 0xffff000000000000n) === 0n) {
      lengths.push(size);
      start = index + 1;
      h = 0n;
    }
  });
  if (start < bytes.length) lengths.push(bytes.length - start);
  return lengths;
}

const DATA_KEY = Uint8Array.from(
  Buffer.from('6697f5775b9550de3135cbaca597181c9de421109beb2b58b4d0b04b93adf229', 'hex'),
);

/**
 * What `@huggingface/xetchunk-wasm` says, but for its one known mistake: up to 0.2.0 it may end a chunk up to
 * 64 bytes before the minimum (huggingface.js issue 2421). Such a chunk is cut by the specification instead,
 * and the oracle asked again from there on.
 */
export function oracle(bytes: Uint8Array): Hashed[] {
  const chunks: Hashed[] = [];
  let at = 0;
  while (at < bytes.length) {
    const rest = getChunks(bytes.subarray(at));
    const wrong = rest.findIndex((chunk, index) => chunk.length < MIN_CHUNK && index < rest.length - 1);
    const right = wrong < 0 ? rest : rest.slice(0, wrong);
    chunks.push(...right);
    at += right.reduce((sum, { length }) => sum + length, 0);
    if (wrong < 0) break;
    const [length = 0] = specifiedLengths(bytes.subarray(at, at + MAX_CHUNK));
    chunks.push({ hash: hmac(bytes.subarray(at, at + length), DATA_KEY), length });
    at += length;
  }
  return chunks;
}

function fillSplitmix(bytes: Uint8Array, seed: number): void {
  const wrap = (value: bigint): bigint => BigInt.asUintN(64, value);
  const whole = Buffer.alloc(Math.ceil(bytes.length / 8) * 8);
  let state = BigInt(seed);
  for (let at = 0; at < whole.length; at += 8) {
    state = wrap(state + 0x9e3779b97f4a7c15n);
    let z = state;
    z = wrap((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
    z = wrap((z ^ (z >> 27n)) * 0x94d049bb133111ebn);
    whole.writeBigUInt64LE(z ^ (z >> 31n), at);
  }
  bytes.set(whole.subarray(0, bytes.length));
}

function fillXorshift(bytes: Uint8Array, seed: number): void {
  let state = seed;
  for (let at = 0; at < bytes.length; at++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[at] = state;
  }
}

function fillCounting(bytes: Uint8Array): void {
  const lines = Array.from({ length: Math.ceil(bytes.length / 2) }, (_, line) => `${line}\n`);
  bytes.set(Buffer.from(lines.join('')).subarray(0, bytes.length));
}
