import { utf8 } from '../../base/bytes.js';
import { sha256 } from '../../id/hash.js';
import { checkSeed, checkWhole } from './usage.js';

/** Which sample, seen in which epoch of a training: what its random choices may depend on. */
export interface SampleUse {
  /** A text without a line feed. */
  readonly seed: string;
  readonly epoch: number | bigint;
  /** The sample's number, not its position in the order. */
  readonly number: number | bigint;
}

/**
 * 64 bits for the random choices (crops, flips, noise) that are made for one sample in one epoch: the first eight
 * bytes, big-endian, of SHA-256("dvs-sample-seed-1\n{seed}\n{epoch}\n{number}"). They are the same on whichever
 * worker the sample lands. E_USAGE for what is no whole number, and for a seed that cannot be one.
 */
export function sampleSeed(use: SampleUse): bigint {
  return digestOf(use).getBigUint64(0);
}

/** `sampleSeed` as its upper and its lower 32 bits, for generators that are seeded without bigints. */
export function sampleSeedHalves(use: SampleUse): { readonly high: number; readonly low: number } {
  const digest = digestOf(use);
  return { high: digest.getUint32(0), low: digest.getUint32(4) };
}

function digestOf({ seed, epoch, number }: SampleUse): DataView {
  checkSeed(seed);
  checkWhole('epoch', epoch, 0);
  checkWhole('the number of a sample', number, 0);
  const digest = sha256(utf8(`dvs-sample-seed-1\n${seed}\n${epoch}\n${number}`));
  return new DataView(digest.buffer, digest.byteOffset, digest.byteLength);
}
