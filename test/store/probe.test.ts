import { describe, expect, test } from 'vitest';
import { mayCompress } from '#src/store/pack/probe.js';
import { lines, noise } from '../support/bytes.js';

/** Normally distributed, as initial weights are: their exponents are few, and yet little can be saved. */
function weights(count: number): Buffer {
  const random = new Uint32Array(noise(8 * count, 3).buffer);
  const values = Float32Array.from({ length: count }, (_, i) => {
    const [a = 0, b = 0] = random.subarray(2 * i);
    return 0.02 * Math.sqrt(-2 * Math.log((a + 1) / 2 ** 32)) * Math.cos((2 * Math.PI * b) / 2 ** 32);
  });
  return Buffer.from(values.buffer);
}

describe('what a look at a sample says', () => {
  test.each([
    ['text', lines(100_000), true],
    ['zeros', Buffer.alloc(100_000), true],
    ['noise in hexadecimal digits', Buffer.from(noise(50_000).toString('hex')), true],
    ['noise that repeats', Buffer.concat(Array.from({ length: 100 }, () => noise(1_000))), true],
    ['noise', noise(100_000), false],
    ['floats', weights(25_000), false],
    ['too little to save a block', lines(1_000), false],
  ])('%s', (_, bytes, expected) => {
    expect(mayCompress(bytes)).toBe(expected);
  });
});
