/** A permutation of 0 … n−1 in which every place is found without the others. */
export interface Permutation<N extends number | bigint> {
  readonly n: N;

  /** The value at position `i` of the order, in constant time. E_USAGE unless 0 ≤ i < n. */
  at(i: N): N;

  /** The position at which `value` comes: `indexOf(at(i))` is i. E_USAGE unless 0 ≤ value < n. */
  indexOf(value: N): N;

  /**
   * The values at `start`, `start` + 1 …: `count` of them, or fewer where the order ends before that; all that are
   * left without a `count`. Can be gone through as often as wanted. E_USAGE unless 0 ≤ start ≤ n and count ≥ 0.
   */
  slice(start?: N, count?: N): Iterable<N>;
}
