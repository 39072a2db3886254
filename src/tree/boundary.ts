import { KiB } from '../base/limits.js';
import { sha256 } from '../id/hash.js';

/** Where nodes end. Frozen: another value here gives every tree another ID. */
export const MAX_ENTRIES = 1024;
export const MAX_ENTRY_BYTES = 64 * KiB;
export const MIN_ENTRIES = 2;
/** On average one key in 128 ends its node. */
const THRESHOLD = 2 ** 32 / 128;

const scratch = new Uint8Array(1025);
const encoder = new TextEncoder();

/** True when `key` ends its node at `level`: the first 32 bits of SHA-256(u8(level) ‖ key) are below 2³²/128. */
export function endsNode(level: number, key: string): boolean {
  const digest = sha256(hashInput(level, key));
  const first =
    ((digest[0] ?? 0) << 24) | ((digest[1] ?? 0) << 16) | ((digest[2] ?? 0) << 8) | (digest[3] ?? 0);
  return first >>> 0 < THRESHOLD;
}

function hashInput(level: number, key: string): Uint8Array {
  const most = 1 + 3 * key.length;
  const room = most <= scratch.length ? scratch : new Uint8Array(most);
  room[0] = level;
  const { written } = encoder.encodeInto(key, room.subarray(1));
  return room.subarray(0, 1 + written);
}

/** True when a node holding `count` entries of `bytes` encoded bytes has no room for one of `next` bytes. */
export function overflows(count: number, bytes: number, next: number): boolean {
  return count >= MAX_ENTRIES || bytes + next > MAX_ENTRY_BYTES;
}
