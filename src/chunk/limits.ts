import { KiB } from '../base/limits.js';

/** Bytes of a chunk: at least, on average (roughly), at most. The last chunk of a file may be smaller. */
export const MIN_CHUNK = 8 * KiB;
export const TARGET_CHUNK = 64 * KiB;
export const MAX_CHUNK = 128 * KiB;

/** Bytes that the gear hash remembers: each step shifts by one bit and it has 64. */
export const WINDOW = 64;
