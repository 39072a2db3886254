import type { RecordedPermutation } from '../flows/shuffle.js';
import { type MadeView, madeView } from './made.js';

export interface PermutationView extends MadeView {
  /** The samples, or the split whose `part` is ordered. */
  readonly of: string;
  readonly part: string | null;
  readonly algorithm: string;
  readonly seed: string;
  /** How many, as text: it may be beyond what numbers of JSON hold. */
  readonly n: string;
  /** How it ends where workers must get equally many; null when nothing is recorded of that. */
  readonly tail: 'drop' | 'pad' | null;
}

export function permutationView(recorded: RecordedPermutation): PermutationView {
  const { of, part, algorithm, seed, n, tail } = recorded.permutation;
  return {
    ...madeView(recorded),
    of: of.toString(),
    part: part ?? null,
    algorithm,
    seed,
    n: String(n),
    tail: tail ?? null,
  };
}
