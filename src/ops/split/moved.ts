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

interface Side {
  readonly samples: SampleList;
  readonly division: Division;
}

const SIDE_AT = DIGEST_BYTES;
const PART_AT = SIDE_AT + 1;
const PART_BYTES = 2;

/**
 * Compares two divisions of samples, whose parts have the same indexes: for every key that both have, its parts now must be among
 * those that it had. Keys that moved from a part to another are counted for each such pair, in ascending order.
 */
export async function movedBetween(before: Side, after: Side, scratch: Scratch): Promise<Moved[]> {
  const sorter = new RecordSorter(scratch, PART_AT + PART_BYTES);
  const counts = new Map<string, Moved>();
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
      const parts: [Set<number>, Set<number>] = [new Set(), new Set()];
      for (; cursor.startsWith(key); cursor.next()) {
        const part = takeInteger(cursor.bytes, cursor.at + PART_AT, PART_BYTES);
        parts[cursor.bytes[cursor.at + SIDE_AT] === 0 ? 0 : 1].add(part);
      }
      count(parts);
    }
  } finally {
    sorter.close();
  }
  return [...counts.values()].sort((a, b) => a.from - b.from || a.to - b.to);

  function count([were, are]: [Set<number>, Set<number>]): void {
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
