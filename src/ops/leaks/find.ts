import { compareBytes } from '../../base/bytes.js';
import { RecordSorter } from '../../base/record-sorter.js';
import type { Scratch } from '../../base/scratch.js';
import { MARK_LENGTH } from './sample.js';

/** Samples that are held against one another: a part, or all of another dataset. Numbered from 0. */
export interface Cohort {
  readonly name: string;
  /** Cohorts of others are held against one's own alone, not against each other. */
  readonly isOwn: boolean;
}

/** Two samples that have something in common, by number. */
export interface LeakPair {
  readonly a: number;
  readonly b: number;
}

/** What two cohorts have in common by one check. */
export interface Leak {
  readonly check: string;
  /** Numbers of cohorts, the lower first. */
  readonly a: number;
  readonly b: number;
  /** How many different things: contents, rows, groups. */
  readonly things: number;
  /** How many samples of each have them. */
  readonly samplesOfA: number;
  readonly samplesOfB: number;
  /** The first of each of some things. */
  readonly examples: readonly LeakPair[];
}

/** Pairs of cohorts that are told of; a thing in very many cohorts is told of its first. */
const MOST_PAIRS = 10_000;
const MOST_COHORTS = 100;
/** Examples kept of each pair of cohorts; and of all together, from where on each has one. */
const MOST_EXAMPLES = 1000;
const MOST_OF_ALL = 100_000;

/** Mark, u16 cohort, u48 number: sorted, what has a mark in common lies together, cohort by cohort. */
const WIDTH = MARK_LENGTH + 2 + 6;

/** Finds the marks that samples of two cohorts have in common, in bounded memory. Whoever makes one closes it. */
export class LeakFinder {
  readonly #check: string;
  readonly #cohorts: readonly Cohort[];
  readonly #sorter: RecordSorter;
  readonly #record = Buffer.alloc(WIDTH);
  readonly #found = new Map<string, Growing>();
  #unlisted = 0;
  #count = 0;
  #examples = 0;

  constructor(check: string, cohorts: readonly Cohort[], scratch: Scratch) {
    this.#check = check;
    this.#cohorts = cohorts;
    this.#sorter = new RecordSorter(scratch, WIDTH);
  }

  add(mark: Uint8Array, cohort: number, number: number): void {
    this.#record.fill(0, 0, MARK_LENGTH);
    this.#record.set(mark.subarray(0, MARK_LENGTH));
    this.#record.writeUInt16BE(cohort, MARK_LENGTH);
    this.#record.writeUIntBE(number, MARK_LENGTH + 2, 6);
    this.#sorter.add(this.#record);
    this.#count++;
  }

  /** How many marks there are. */
  get count(): number {
    return this.#count;
  }

  /** What was found, in the order of the cohorts. */
  find(): Leak[] {
    const mark = Buffer.alloc(MARK_LENGTH);
    let here: Presence[] = [];
    for (const batch of this.#sorter.sorted()) {
      for (let at = 0; at < batch.length; at += WIDTH) {
        const own = batch.subarray(at, at + MARK_LENGTH);
        if (compareBytes(own, mark) !== 0) {
          this.#note(here);
          here = [];
          mark.set(own);
        }
        const cohort = batch.readUInt16BE(at + MARK_LENGTH);
        const number = batch.readUIntBE(at + MARK_LENGTH + 2, 6);
        const last = here.at(-1);
        if (last?.cohort === cohort) last.samples++;
        else here.push({ cohort, first: number, samples: 1 });
      }
    }
    this.#note(here);
    return [...this.#found.values()].sort((x, y) => x.a - y.a || x.b - y.b);
  }

  close(): void {
    this.#sorter.close();
  }

  /** How many times something was in two cohorts that are not told of: there were too many of them. */
  get unlisted(): number {
    return this.#unlisted;
  }

  /** The cohorts in which one mark is, ascending. */
  #note(all: readonly Presence[]): void {
    const here = all.length > MOST_COHORTS ? all.slice(0, MOST_COHORTS) : all;
    this.#unlisted += all.length - here.length;
    for (const [i, one] of here.entries()) {
      for (const other of here.slice(i + 1)) {
        if (this.#isOwn(one) || this.#isOwn(other)) this.#leak(one, other);
      }
    }
  }

  #isOwn({ cohort }: Presence): boolean {
    return this.#cohorts[cohort]?.isOwn === true;
  }

  #leak(one: Presence, other: Presence): void {
    const key = `${one.cohort} ${other.cohort}`;
    if (this.#found.size >= MOST_PAIRS && !this.#found.has(key)) {
      this.#unlisted++;
      return;
    }
    const leak = this.#found.get(key) ?? {
      check: this.#check,
      a: one.cohort,
      b: other.cohort,
      things: 0,
      samplesOfA: 0,
      samplesOfB: 0,
      examples: [],
    };
    leak.things++;
    leak.samplesOfA += one.samples;
    leak.samplesOfB += other.samples;
    if (leak.examples.length < (this.#examples < MOST_OF_ALL ? MOST_EXAMPLES : 1)) {
      leak.examples.push({ a: one.first, b: other.first });
      this.#examples++;
    }
    this.#found.set(key, leak);
  }
}

/** One mark in one cohort. */
interface Presence {
  readonly cohort: number;
  /** The lowest number of a sample that has it there. */
  readonly first: number;
  samples: number;
}

interface Growing extends Leak {
  things: number;
  samplesOfA: number;
  samplesOfB: number;
  readonly examples: LeakPair[];
}
