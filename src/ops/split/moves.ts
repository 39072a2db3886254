import { RecordSorter } from '../../base/record-sorter.js';
import type { Scratch } from '../../base/scratch.js';
import type { Division } from './division.js';
import type { SampleList } from './facts.js';
import { eachDivided } from './key-records.js';
import { NUMBER_BYTES, putDigest, putInteger, RecordCursor, takeInteger } from './record.js';
import { DIGEST_BYTES } from './u.js';

/** Samples and the parts that they are in. */
export interface DividedSamples {
  readonly samples: SampleList;
  readonly division: Division;
}

/** Samples that are in another part than before. An undefined part: there was, or is, no such sample. */
export interface Move {
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly count: number;
  /** The numbers of the first of them: those that they have now, or of such as are gone, had. */
  readonly examples: readonly number[];
}

/** How one split became another. */
export interface SplitMoves {
  /** Samples that are in a part of the same name. */
  readonly kept: number;
  /** Of these all: those whose key was in several parts, so that which is which is not known. */
  readonly ambiguous: number;
  /** Those that moved, then those that are new, then those that are gone; by the names of parts. */
  readonly moves: readonly Move[];
}

const MOST_EXAMPLES = 1000;
const PART_BYTES = 2;
const SIDE_AT = DIGEST_BYTES;
const NUMBER_AT = SIDE_AT + 1;
const PART_AT = NUMBER_AT + NUMBER_BYTES;

/**
 * Compares two divisions by the keys of samples: of several with one key, the first with the first. Parts are the same when
 * their names are. Joins both sorted outside of memory.
 */
export async function movesBetween(
  before: DividedSamples,
  after: DividedSamples,
  scratch: Scratch,
): Promise<SplitMoves> {
  const sorter = new RecordSorter(scratch, PART_AT + PART_BYTES);
  try {
    const record = new Uint8Array(sorter.width);
    for (const [side, { samples, division }] of [before, after].entries()) {
      await eachDivided(samples, division, (digest, number, part) => {
        putDigest(record, 0, digest, DIGEST_BYTES);
        record[SIDE_AT] = side;
        putInteger(record, NUMBER_AT, number, NUMBER_BYTES);
        putInteger(record, PART_AT, part, PART_BYTES);
        sorter.add(record);
      });
    }
    return count(new RecordCursor(sorter), [namesOf(before.division), namesOf(after.division)]);
  } finally {
    sorter.close();
  }
}

/** The names of parts by the index that samples are assigned to. */
function namesOf({ parts }: Division): ReadonlyMap<number, string> {
  return new Map(parts.filter(({ isComplement }) => !isComplement).map(({ index, name }) => [index, name]));
}

type Names = readonly [ReadonlyMap<number, string>, ReadonlyMap<number, string>];

function count(cursor: RecordCursor, names: Names): SplitMoves {
  const moves = new Map<string, Move & { count: number; examples: number[] }>();
  const key = new Uint8Array(DIGEST_BYTES);
  let kept = 0;
  let ambiguous = 0;
  const note = (from: string | undefined, to: string | undefined, number: number): void => {
    const id = JSON.stringify([from, to]);
    const move = moves.get(id) ?? { from, to, count: 0, examples: [] };
    move.count++;
    if (move.examples.length < MOST_EXAMPLES) move.examples.push(number);
    moves.set(id, move);
  };
  while (!cursor.isAtEnd) {
    cursor.copyTo(key, DIGEST_BYTES);
    /** The samples with this key before, of which those from `next` on have no counterpart yet. */
    const old: { number: number; part: string | undefined }[] = [];
    let next = 0;
    let samples = 0;
    for (; cursor.startsWith(key); cursor.next()) {
      const side = cursor.bytes[cursor.at + SIDE_AT] === 0 ? 0 : 1;
      const number = takeInteger(cursor.bytes, cursor.at + NUMBER_AT, NUMBER_BYTES);
      const part = names[side].get(takeInteger(cursor.bytes, cursor.at + PART_AT, PART_BYTES));
      if (side === 0) {
        old.push({ number, part });
        continue;
      }
      samples++;
      const counterpart = old[next++];
      if (counterpart === undefined) note(undefined, part, number);
      else if (counterpart.part === part) kept++;
      else note(counterpart.part, part, number);
    }
    for (const { number, part } of old.slice(next)) note(part, undefined, number);
    if (new Set(old.map(({ part }) => part)).size > 1) ambiguous += samples;
  }
  return { kept, ambiguous, moves: [...moves.values()].sort(byNames) };
}

function byNames(a: Move, b: Move): number {
  const rank = ({ from, to }: Move): number => (from === undefined ? 1 : to === undefined ? 2 : 0);
  return rank(a) - rank(b) || compare(a.from, b.from) || compare(a.to, b.to);
}

function compare(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
