/**
 * How many samples of each label, and of all so far, the parts of dvs-split-1 get. Products pass 2⁵³, so all of it is
 * on big integers.
 */
export class Quotas {
  readonly #weights: readonly bigint[];
  readonly #sum: bigint;
  /** What each part was given so far. */
  readonly #given: bigint[];
  /** Samples so far. */
  #all = 0n;

  constructor(weights: readonly number[]) {
    this.#weights = weights.map(BigInt);
    this.#sum = this.#weights.reduce((a, b) => a + b, 0n);
    this.#given = weights.map(() => 0n);
  }

  /** Where each part ends in the next label, which has `count` samples: part t has those before ends[t]. */
  next(count: number): Float64Array {
    const size = BigInt(count);
    this.#all += size;
    const shares = this.#weights.map((weight) => (size * weight) / this.#sum);
    for (const [t, share] of shares.entries()) this.#given[t] = (this.#given[t] ?? 0n) + share;
    let left = Number(size - shares.reduce((a, b) => a + b, 0n));
    if (left > 0) {
      for (const t of this.#byNeed()) {
        if (left-- === 0) break;
        shares[t] = (shares[t] ?? 0n) + 1n;
        this.#given[t] = (this.#given[t] ?? 0n) + 1n;
      }
    }
    let end = 0;
    return Float64Array.from(shares, (share) => {
      end += Number(share);
      return end;
    });
  }

  /** The parts, those first that have the least of what they should have. */
  #byNeed(): number[] {
    const lacks = this.#weights.map((weight, t) => weight * this.#all - this.#sum * (this.#given[t] ?? 0n));
    return [...lacks.keys()].sort((a, b) => {
      const difference = (lacks[b] ?? 0n) - (lacks[a] ?? 0n);
      if (difference === 0n) return a - b;
      return difference > 0n ? 1 : -1;
    });
  }
}
