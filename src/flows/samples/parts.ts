import { SEGMENT_BITS } from '../../entities/members.js';
import type { Split, SplitPart } from '../../entities/split.js';
import { Members } from '../../ops/members/members.js';
import type { Repository } from '../repository.js';
import { membersSource } from './population.js';

/** Of a sample that belongs to no part. */
export const NO_PART = 0xffff;

/**
 * The parts of a split of which each sample is in one at most: all, but of folds, whose names alone have a slash, only the
 * folds themselves, because the others are their complements.
 */
export function disjointParts({ parts }: Pick<Split, 'parts'>): SplitPart[] {
  return parts.filter(({ name }) => !name.includes('/') || name.endsWith('/test'));
}

/** The parts of a stretch of samples. */
export interface PartStretch {
  /** The number of the first. */
  readonly first: number;
  /** For each, the index in `disjointParts` of its part, or NO_PART. */
  readonly parts: Uint16Array;
}

/** Which part each sample is in, in order: one stretch of a segment at a time. */
export async function* partsInOrder(
  repo: Repository,
  split: Split,
  total: number,
): AsyncGenerator<PartStretch, void, undefined> {
  const members: Members[] = [];
  for (const part of disjointParts(split))
    members.push(await Members.open(membersSource(repo), part.members));
  for (let first = 0; first < total; first += SEGMENT_BITS) {
    const parts = new Uint16Array(Math.min(SEGMENT_BITS, total - first)).fill(NO_PART);
    for (const [i, of] of members.entries()) {
      for await (const numbers of of.numbers(first)) {
        for (const number of numbers) if (number - first < parts.length) parts[number - first] = i;
        break;
      }
    }
    yield { first, parts };
  }
}
