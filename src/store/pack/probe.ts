import { KiB } from '../../base/limits.js';

/** Less than this saves no block of a disk. */
const WORTHWHILE = 2 * KiB;
/** What is looked at, from the middle. */
const SAMPLE = 4 * KiB;
/** A code for single bytes that saves less than this share of them is not worth undoing. */
const LITERAL_SHARE = 0.9;
/** Places whose four bytes came before, as a share of those looked at: more means that matches save something. */
const REPEATED_SHARE = 1 / 32;

const HASH_BITS = 11;
const counts = new Uint32Array(256);
/** The last four bytes with each hash. */
const seen = new Int32Array(1 << HASH_BITS);

/**
 * False when a look at a sample says that a compressor, which codes single bytes by their frequency and
 * repeated stretches by where they came before, would save little. Wrong now and then, and twenty times cheaper
 * than to ask the compressor; with it, data that does not compress never loads one.
 */
export function mayCompress(bytes: Uint8Array): boolean {
  if (bytes.length < WORTHWHILE) return false;
  const from = Math.max(0, (bytes.length - SAMPLE) >> 1);
  const sample = bytes.subarray(from, from + SAMPLE);
  return literalShare(sample) < LITERAL_SHARE || repeatedShare(sample) > REPEATED_SHARE;
}

/** Shannon's entropy of single bytes, as a share of eight bits, corrected for the size of the sample. */
function literalShare(sample: Uint8Array): number {
  counts.fill(0);
  for (let i = 0; i < sample.length; i++) {
    const byte = sample[i] ?? 0;
    counts[byte] = (counts[byte] ?? 0) + 1;
  }
  let bits = 0;
  let kinds = 0;
  for (const count of counts) {
    if (count === 0) continue;
    kinds++;
    bits -= count * Math.log2(count / sample.length);
  }
  // A small sample looks less varied than what it was taken from (Miller and Madow, 1955).
  const corrected = bits / sample.length + (kinds - 1) / (2 * Math.LN2 * sample.length);
  return corrected / 8;
}

function repeatedShare(sample: Uint8Array): number {
  seen.fill(0);
  let word = 0;
  let repeated = 0;
  for (let i = 0; i < sample.length; i++) {
    word = (word >>> 8) | ((sample[i] ?? 0) << 24);
    const hash = Math.imul(word, 0x9e3779b1) >>> (32 - HASH_BITS);
    if (seen[hash] === word) repeated++;
    seen[hash] = word;
  }
  return repeated / sample.length;
}
