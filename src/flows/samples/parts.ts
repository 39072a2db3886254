import { DvsError } from '../../base/errors.js';
import { SEGMENT_BITS } from '../../entities/members.js';
import type { Split, SplitPart } from '../../entities/split.js';
import type { Members } from '../../ops/members/members.js';
import type { Repository } from '../repository.js';
import { openMembers } from './population.js';

/** Of a sample that belongs to no part. */
export const NO_PART = 0xffff;

/**
 * The parts of a split of which each sample is in one at most: all, but of folds, whose names alone have a slash, only the
 * folds themselves, because the others are their complements.
 */
export function disjointParts({ parts }: Pick<Split, 'parts'>): SplitPart[] {
  return parts.filter(({ name }) => !name.includes('/') || name.endsWith('/test'));
}

/** Segments of each part that are kept by who goes forward only: there may be a thousand parts. */
const FORWARD = 1;

/** The parts of a stretch of samples. */
export interface PartStretch {
  /** The number of the first. */
  readonly first: number;
  /** For each, the index in `disjointParts` of its part, or NO_PART. */
  readonly parts: Uint16Array;
}

/** Which part each sample is in, in order: one stretch of a segment at a time. E_DAMAGED for a sample that is in two. */
export async function* partsInOrder(
  repo: Repository,
  split: Split,
  total: number,
): AsyncGenerator<PartStretch, void, undefined> {
  const members: Members[] = [];
  for (const part of disjointParts(split)) members.push(await openMembers(repo, part, total, FORWARD));
  for (let first = 0; first < total; first += SEGMENT_BITS) {
    const parts = new Uint16Array(Math.min(SEGMENT_BITS, total - first)).fill(NO_PART);
    for (const [i, of] of members.entries()) {
      for await (const numbers of of.numbers(first, first + parts.length)) {
        for (const number of numbers) {
          if (parts[number - first] !== NO_PART) throw inTwoParts(number);
          parts[number - first] = i;
        }
      }
    }
    yield { first, parts };
  }
}

function inTwoParts(number: number): DvsError {
  return new DvsError('E_DAMAGED', `sample ${number} is in two parts of the split`, {
    hint: 'That split was not made by dvs: make it again with `dvs split`.',
  });
}

/** Says which part samples are in, asked in the order of their numbers. */
export class PartFollower {
  readonly #stretches: AsyncGenerator<PartStretch, void, undefined>;
  readonly #loaded: PartStretch[] = [];

  constructor(repo: Repository, split: Split, total: number) {
    this.#stretches = partsInOrder(repo, split, total);
  }

  /** Has the parts of all samples up to `number` at hand. */
  async upTo(number: number): Promise<void> {
    for (let last = this.#loaded.at(-1); last === undefined || last.first + last.parts.length <= number; ) {
      const next = await this.#stretches.next();
      if (next.done === true) return;
      last = next.value;
      this.#loaded.push(last);
    }
  }

  /** The index of its part, or NO_PART; of a sample no later than the last `upTo`, and no earlier than those before. */
  partOf(number: number): number {
    for (let stretch = this.#loaded[0]; stretch !== undefined; stretch = this.#loaded[0]) {
      if (number < stretch.first + stretch.parts.length)
        return stretch.parts[number - stretch.first] ?? NO_PART;
      this.#loaded.shift();
    }
    return NO_PART;
  }
}
