import type { Stretch } from './order.js';

const AT_ONCE = 8192;
const ALIGN = 64;

/** The numbers of a stretch as a `.npy` file: one axis of 64-bit integers. */
export async function* orderBytes({ length, samples }: Stretch): AsyncGenerator<Uint8Array, void, undefined> {
  yield header(length);
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

/** NPY 1.0: magic, version, length of the text that follows, padded to a multiple of 64 bytes. */
function header(length: number): Buffer {
  const text = `{'descr': '<i8', 'fortran_order': False, 'shape': (${length},), }`;
  const padded = Math.ceil((10 + text.length + 1) / ALIGN) * ALIGN - 10;
  const head = Buffer.from('\x93NUMPY\x01\x00\x00\x00', 'latin1');
  head.writeUInt16LE(padded, 8);
  return Buffer.concat([head, Buffer.from(`${text.padEnd(padded - 1)}\n`, 'latin1')]);
}
