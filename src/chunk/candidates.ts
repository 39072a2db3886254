import { GEAR } from './gear-table.js';
import { WINDOW } from './limits.js';

// JavaScript has no fast 64-bit integers: the hash and its table are kept in halves of 32 bits.
const LOW = Int32Array.from(GEAR, (value) => Number(BigInt.asIntN(32, value)));
const HIGH = Int32Array.from(GEAR, (value) => Number(BigInt.asIntN(32, value >> 32n)));

/**
 * The first p in `from..to` such that a chunk may end before `bytes[p]`, or undefined. A chunk may end after
 * a byte that leaves the top 16 bits of the gear hash h = (h << 1) + G[byte] mod 2^64 zero.
 * The 64 bytes before p decide alone; where `bytes` has fewer, it must begin where the file begins.
 */
export function nextCandidate(bytes: Uint8Array, from: number, to: number): number | undefined {
  let low = 0;
  let high = 0;
  for (let at = Math.max(0, from - WINDOW); at < to; at++) {
    const byte = bytes[at] ?? 0;
    const added = LOW[byte] ?? 0;
    const doubled = low << 1;
    const sum = (doubled + added) | 0;
    // The carry is computed, not compared: half the time it is there, so a branch on it is three times slower.
    const carry = ((doubled & added) | ((doubled | added) & ~sum)) >>> 31;
    high = ((high << 1) + (low >>> 31) + (HIGH[byte] ?? 0) + carry) | 0;
    low = sum;
    if (high >>> 16 === 0 && at + 1 >= from) return at + 1;
  }
  return undefined;
}
