import type { Permutation } from './interface.js';
import { BigintPermutation } from './of-bigints.js';
import { NumberPermutation } from './of-numbers.js';
import { type Recipe, roundKeys } from './round-keys.js';
import { checkSeed, checkWhole } from './usage.js';

export type { Permutation } from './interface.js';

/**
 * The permutation of 0 … n−1 that `seed` and `epoch` stand for, by dvs-perm-1: a recipe of a few bytes that gives
 * any place of the order at once, both ways, and the same on every machine. n is from 1 to 2⁵³ as a number, in
 * numbers then, or up to 2⁶⁴ as a bigint, in bigints. It is a shuffle and keeps nothing secret. E_USAGE for what is
 * out of range, and for a seed with a line feed or half of a surrogate pair in it.
 */
export function permutation(recipe: Recipe & { readonly n: number }): Permutation<number>;
export function permutation(recipe: Recipe & { readonly n: bigint }): Permutation<bigint>;
export function permutation(recipe: Recipe): Permutation<number> | Permutation<bigint> {
  const { n, seed, epoch } = recipe;
  checkSeed(seed);
  checkWhole('epoch', epoch, 0);
  const keys = roundKeys(recipe);
  return typeof n === 'bigint' ? new BigintPermutation(n, keys) : new NumberPermutation(n, keys);
}
