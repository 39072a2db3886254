import { DvsError } from '../../base/errors.js';
import { RecordSorter } from '../../base/record-sorter.js';
import type { Scratch } from '../../base/scratch.js';
import type { Division, PartName } from './division.js';
import { type SampleFacts, type SampleList, trusted } from './facts.js';
import { addKeys, eachDivided } from './key-records.js';
import type { OldSplit } from './method.js';
import { type KeyMoves, type Moved, movedBetween } from './moved.js';
import { MOST_PARTS } from './parameters.js';
import { PartTable } from './part-table.js';
import { NUMBER_BYTES, putDigest, putInteger, RecordCursor, takeInteger } from './record.js';
import { DIGEST_BYTES } from './u.js';

const PART_BYTES = 2;

/** A split that was carried over to other samples. */
export interface Carried extends Division, KeyMoves {
  /** Samples that are where one of the same key was. */
  readonly kept: number;
  /** For each index of a part: samples that have no such, because there were fewer of their key or none. */
  readonly added: readonly number[];
  /** Samples of the old split that are no more. */
  readonly gone: number;
  /** Of a right result there are none: it is looked up in the result. */
  readonly moved: readonly Moved[];
}

/**
 * Carries an old split over to new samples: the j-th with a key goes where the j-th with that key was, further ones where the
 * last one was, and keys that are new where the old method puts them (`Method.place`). Joins both by the digests of
 * keys, sorted outside of memory.
 */
export async function carryOver(from: OldSplit, to: SampleList, scratch: Scratch): Promise<Carried> {
  const old = { ...from, samples: trusted(from.samples) };
  const samples = trusted(to);
  // Where a column names the parts, there may be more of them.
  const mostParts = old.recipe.needs.includes('part') ? MOST_PARTS : old.parts.length;
  const table = new PartTable(samples.total, mostParts);
  const added: number[] = [];
  const kept = await join(old, samples, table, added, scratch);
  const rule = await old.recipe.place(old, () => unplaced(samples, table));
  assertSameParts(old.parts, rule.parts);
  for (const { index } of rule.parts) added[index] ??= 0;
  for await (const batch of unplaced(samples, table)) {
    for (const sample of batch) {
      const part = rule.partOf(sample);
      added[part] = (added[part] ?? 0) + 1;
      table.set(sample.number, part + 1);
    }
  }
  const division = table.division(rule.parts);
  return {
    ...division,
    kept,
    added,
    gone: old.samples.count - kept,
    ...(await movedBetween({ samples: old.samples, division: old }, { samples, division }, scratch)),
  };
}

/** Refuses (E_DAMAGED) an old split whose parts are not those that its method makes: what is kept would change its part. */
function assertSameParts(old: readonly PartName[], made: readonly PartName[]): void {
  const isSame = old.every(({ name, index, isComplement }, i) => {
    const own = made[i];
    return own?.name === name && own.index === index && own.isComplement === isComplement;
  });
  if (isSame) return;
  throw new DvsError(
    'E_DAMAGED',
    'the parts of the split that is carried over are not those that its method makes',
    {
      hint: 'It was not made by dvs: make it again with `dvs split`.',
    },
  );
}

/** Places samples whose keys are old; returns how many are where one of them was. */
async function join(
  old: OldSplit,
  samples: SampleList,
  table: PartTable,
  added: number[],
  scratch: Scratch,
): Promise<number> {
  const partAt = DIGEST_BYTES + NUMBER_BYTES;
  const before = new RecordSorter(scratch, partAt + PART_BYTES);
  const after = new RecordSorter(scratch, DIGEST_BYTES + NUMBER_BYTES);
  try {
    const record = new Uint8Array(before.width);
    await eachDivided(old.samples, old, (digest, number, part) => {
      putDigest(record, 0, digest, DIGEST_BYTES);
      putInteger(record, DIGEST_BYTES, number, NUMBER_BYTES);
      putInteger(record, partAt, part, PART_BYTES);
      before.add(record);
    });
    await addKeys(samples, after);
    const was = new RecordCursor(before);
    const is = new RecordCursor(after);
    const key = new Uint8Array(DIGEST_BYTES);
    let kept = 0;
    while (!is.isAtEnd) {
      while (was.compare(is, DIGEST_BYTES) < 0) was.next();
      is.copyTo(key, DIGEST_BYTES);
      let part = -1;
      for (; is.startsWith(key); is.next()) {
        if (was.startsWith(key)) {
          part = takeInteger(was.bytes, was.at + partAt, PART_BYTES);
          kept++;
          was.next();
        } else if (part >= 0) added[part] = (added[part] ?? 0) + 1;
        if (part >= 0) table.set(takeInteger(is.bytes, is.at + DIGEST_BYTES, NUMBER_BYTES), part + 1);
      }
    }
    return kept;
  } finally {
    before.close();
    after.close();
  }
}

async function* unplaced(
  samples: SampleList,
  table: PartTable,
): AsyncGenerator<SampleFacts[], void, undefined> {
  for await (const batch of samples.facts()) {
    const left = batch.filter(({ number }) => table.get(number) === 0);
    if (left.length > 0) yield left;
  }
}
