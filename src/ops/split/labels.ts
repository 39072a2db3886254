import { compareUtf8 } from '../../base/bytes.js';
import { DvsError } from '../../base/errors.js';
import { MiB } from '../../base/limits.js';
import type { SampleFacts, SampleList } from './facts.js';

/** Labels that are held in memory, and their characters together. */
const MOST_LABELS = 1_000_000;
const MOST_CHARACTERS = 64 * MiB;

/** The labels of samples, numbered in byte order. */
export interface Labels {
  /** How many samples each label has. */
  readonly counts: readonly number[];
  /** Bytes that the number of a label takes. */
  readonly bytes: number;
  rankOf(sample: SampleFacts): number;
}

/** All samples as if they had one label. */
export function oneLabel({ count }: SampleList): Labels {
  return { counts: [count], bytes: 0, rankOf: () => 0 };
}

/** The labels that samples have, the empty one where they have none. E_LIMIT for a million of them: those are no classes. */
export async function labelsOf(samples: SampleList): Promise<Labels> {
  const found = new Map<string, number>();
  let characters = 0;
  for await (const batch of samples.facts()) {
    for (const { label = '' } of batch) {
      const count = found.get(label);
      if (count === undefined) characters += label.length;
      found.set(label, (count ?? 0) + 1);
      if (found.size > MOST_LABELS || characters > MOST_CHARACTERS) {
        throw new DvsError('E_LIMIT', `there are more than ${found.size - 1} labels`, {
          hint: 'Stratify by a column of classes, or split with `--method exact`.',
        });
      }
    }
  }
  const sorted = [...found.keys()].sort(compareUtf8);
  const ranks = new Map(sorted.map((label, rank) => [label, rank]));
  return {
    counts: sorted.map((label) => found.get(label) ?? 0),
    bytes: Math.ceil(Math.log2(sorted.length) / 8),
    rankOf({ label = '' }) {
      const rank = ranks.get(label);
      if (rank === undefined) throw new DvsError('E_INTERNAL', 'a sample had another label before');
      return rank;
    },
  };
}
