import { npyHead } from '../formats/npy.js';
import type { Stretch } from './order.js';

const AT_ONCE = 8192;
/** 64-bit integers. */
const NUMBERS = { version: 1, descr: "'<i8'", isFortran: false } as const;

/** The numbers of a stretch as a `.npy` file: one axis of 64-bit integers. */
export async function* orderBytes({ length, samples }: Stretch): AsyncGenerator<Uint8Array, void, undefined> {
  yield npyHead(NUMBERS, [length]);
  let piece = Buffer.alloc(8 * AT_ONCE);
  let filled = 0;
  for await (const { number } of samples()) {
    filled = piece.writeBigInt64LE(BigInt(number), filled);
    if (filled < piece.length) continue;
    yield piece;
    piece = Buffer.alloc(8 * AT_ONCE);
    filled = 0;
  }
  if (filled > 0) yield piece.subarray(0, filled);
}
