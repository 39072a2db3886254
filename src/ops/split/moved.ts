import { RecordSorter } from '../../base/record-sorter.js';
import type { Scratch } from '../../base/scratch.js';
import type { Division } from './division.js';
import type { SampleList } from './facts.js';
import { eachDivided } from './key-records.js';
import { putDigest, putInteger, RecordCursor, takeInteger } from './record.js';
import { DIGEST_BYTES } from './u.js';

/** Keys that were in the part `from`, and are in the part `to`, where they were not: indexes of parts. */
export interface Moved {
  readonly from: number;
  readonly to: number;
  readonly keys: number;
}

/** Samples of which nothing can be shown: their key was in several parts, so that it says of none where it was. */
export interface Ambiguous {
  readonly keys: number;
  /** Of those that were kept, how many have such a key. */
  readonly samples: number;
}

/** What became of the keys of a division. */
export interface KeyMoves {
  readonly moved: readonly Moved[];
  readonly ambiguous: Ambiguous;
}

interface Side {
  readonly samples: SampleList;
  readonly division: Division;
}

const SIDE_AT = DIGEST_BYTES;
const PART_AT = SIDE_AT + 1;
const PART_BYTES = 2;

/**
 * Compares two divisions of samples, whose parts have the same indexes: for every key that both have, its parts now must be among
 * those that it had. Keys that moved from a part to another are counted for each such pair, in ascending order; those that
 * were in several parts are counted as such.
 */
export async function movedBetween(before: Side, after: Side, scratch: Scratch): Promise<KeyMoves> {
  const sorter = new RecordSorter(scratch, PART_AT + PART_BYTES);
  const counts = new Map<string, Moved>();
  const ambiguous = { keys: 0, samples: 0 };
  try {
    const record = new Uint8Array(sorter.width);
    for (const [side, { samples, division }] of [before, after].entries()) {
      await eachDivided(samples, division, (digest, _, part) => {
        putDigest(record, 0, digest, DIGEST_BYTES);
        record[SIDE_AT] = side;
        putInteger(record, PART_AT, part, PART_BYTES);
        sorter.add(record);
      });
    }
    const cursor = new RecordCursor(sorter);
    const key = new Uint8Array(DIGEST_BYTES);
    while (!cursor.isAtEnd) {
      cursor.copyTo(key, DIGEST_BYTES);
      const [were, are] = [new Set<number>(), new Set<number>()];
      const samples = [0, 0];
      for (; cursor.startsWith(key); cursor.next()) {
        const part = takeInteger(cursor.bytes, cursor.at + PART_AT, PART_BYTES);
        const side = cursor.bytes[cursor.at + SIDE_AT] === 0 ? 0 : 1;
        (side === 0 ? were : are).add(part);
        samples[side] = (samples[side] ?? 0) + 1;
      }
      count(were, are);
      if (were.size > 1 && are.size > 0) {
        ambiguous.keys++;
        ambiguous.samples += Math.min(...samples);
      }
    }
  } finally {
    sorter.close();
  }
  return { moved: [...counts.values()].sort((a, b) => a.from - b.from || a.to - b.to), ambiguous };

  function count(were: Set<number>, are: Set<number>): void {
    if (were.size === 0) return;
    for (const to of are) {
      if (were.has(to)) continue;
      for (const from of were) {
        const name = `${from} ${to}`;
        counts.set(name, { from, to, keys: (counts.get(name)?.keys ?? 0) + 1 });
      }
    }
  }
}
