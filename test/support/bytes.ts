import { Random } from '#faults/random.js';

/** A stream of numbers in 0..2³²−1 that depends on nothing but the seed. */
export function numbers(seed: number): () => number {
  const random = new Random(seed);
  return () => random.int(2 ** 32);
}

/** Bytes without pattern that anybody can make again. */
export function noise(length: number, seed = 1): Buffer {
  const next = numbers(seed);
  const words = Uint32Array.from({ length: Math.ceil(length / 4) }, next);
  return Buffer.from(words.buffer, 0, length);
}

/** Lines that compress well. */
export function lines(length: number, seed = 1): Buffer {
  const next = numbers(seed);
  const out = Buffer.alloc(length);
  for (let at = 0; at < length; ) {
    at += out.write(`{"label": ${next() % 10}, "text": "sample ${next() % 1000}"}\n`, at);
  }
  return out;
}

/** A copy with bit number `bit` flipped. */
export function flipped(bytes: Uint8Array, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  const at = bit >> 3;
  copy[at] = (copy[at] ?? 0) ^ (1 << (bit & 7));
  return copy;
}
