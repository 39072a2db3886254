import type { CID } from '../../id/cid.js';
import { type DividedSamples, type Move, movesBetween } from '../../ops/split/moves.js';
import type { Repository } from '../repository.js';
import { findSplit } from './find-split.js';
import { openDivided } from './old-split.js';

/** A sample that moved, and how it is called. */
export interface MovedSample {
  readonly number: number;
  readonly path: string;
  readonly key: string;
}

/** Samples that moved from one part to another; from none: they are new, to none: they are gone. */
export interface MovedSamples extends Omit<Move, 'examples'> {
  readonly examples: readonly MovedSample[];
}

/** How one split became another. */
export interface SplitDiff {
  readonly from: CID;
  readonly to: CID;
  /** Samples that are in a part of the same name in both. */
  readonly kept: number;
  /** Samples of `to` whose key is in several parts of `from`: of several, the first is taken for the first. */
  readonly ambiguous: number;
  readonly moves: readonly MovedSamples[];
}

/** Which samples are in another part of the split `b` than they were in `a`: by their keys, or by their numbers where both are of the same. */
export async function diffSplits(repo: Repository, a: string, b: string): Promise<SplitDiff> {
  const [from, to] = [(await findSplit(repo, a)).id, (await findSplit(repo, b)).id];
  const [before, after] = [await openDivided(repo, from), await openDivided(repo, to)];
  const isSame = before.population.id.equals(after.population.id);
  const [old, now] = isSame ? [byNumber(before), byNumber(after)] : [before, after];
  const { kept, ambiguous, moves } = await movesBetween(old, now, repo.scratch);
  const described: MovedSamples[] = [];
  for (const { examples, ...move } of moves) {
    const { set } = (move.to === undefined ? before : after).population;
    const samples: MovedSample[] = [];
    for (const number of examples) {
      const { path, key } = await set.locate(number);
      samples.push({ number, path, key });
    }
    described.push({ ...move, examples: samples });
  }
  return { from, to, kept, ambiguous, moves: described };
}

/** The same samples, told by their numbers, of which no two share one. */
function byNumber({ samples, division }: DividedSamples): DividedSamples {
  return {
    division,
    samples: {
      ...samples,
      async *facts() {
        for await (const batch of samples.facts())
          yield batch.map(({ number }) => ({ number, key: String(number) }));
      },
    },
  };
}
