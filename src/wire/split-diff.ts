import type { MovedSample, SplitDiff } from '../flows/split/diff.js';

/** How one split became another. */
export interface SplitDiffView {
  readonly from: string;
  readonly to: string;
  readonly kept: number;
  readonly ambiguous: number;
  readonly moves: readonly {
    /** Null for new samples. */
    readonly from: string | null;
    /** Null for such as are gone. */
    readonly to: string | null;
    readonly count: number;
    /** The first of them. */
    readonly examples: readonly MovedSample[];
  }[];
}

export function splitDiffView({ from, to, kept, ambiguous, moves }: SplitDiff): SplitDiffView {
  return {
    from: from.toString(),
    to: to.toString(),
    kept,
    ambiguous,
    moves: moves.map(({ from, to, count, examples }) => ({
      from: from ?? null,
      to: to ?? null,
      count,
      examples,
    })),
  };
}
