import { countOf } from '../../base/count.js';
import { DvsError } from '../../base/errors.js';
import { checkWhole } from './usage.js';

/** What happens to the end of an order that the number of ranks does not divide. THE list. */
export const TAILS = [
  'uneven', // the first ranks get one position more than the others
  'drop', // nobody gets it
  'pad', // ranks go on with the beginning of the same order until all have equally many
] as const;

/** What happens to the end of an order that the number of ranks does not divide. */
export type Tail = (typeof TAILS)[number];

const MOST_AGAIN = 1000;

/** How an order is dealt out. */
export interface Deal {
  /** The length of the whole order. */
  readonly n: number;
  /** How many ranks there are. */
  readonly world: number;
  /** The position from which it is dealt out: those before it were consumed already, by however many ranks. */
  readonly start?: number;
  /** 'uneven' when not given. */
  readonly tail?: Tail;
}

/** A position of the global order, dealt to a rank. */
export interface Dealt {
  readonly position: number;
  /** True when it was dealt before in this epoch, and comes again only to make the ranks even. */
  readonly padded: boolean;
}

/**
 * One order shared out to ranks, as cards are dealt: in turn t rank r gets the position start + t·world + r. So what
 * all ranks get in the turns up to any one is a prefix of the same order, whatever their number. (What 'drop' leaves out
 * and 'pad' repeats does depend on it: an epoch that ends on another number of ranks may drop another end.)
 */
export class Shards {
  readonly n: number;
  readonly world: number;
  readonly start: number;
  readonly tail: Tail;
  /** Turns in which every rank gets a position of its own. */
  readonly #full: number;
  /** Positions that are left after those turns: fewer than ranks. */
  readonly #rest: number;

  /**
   * E_USAGE unless all are whole numbers with 1 ≤ n ≤ 2⁵³, world ≥ 1 and 0 ≤ start ≤ n, and for a `tail` of 'drop' with
   * more ranks than positions: every epoch would be dropped whole.
   */
  constructor({ n, world, start = 0, tail = 'uneven' }: Deal) {
    checkWhole('n', n, 1, 2 ** 53);
    checkWhole('the number of ranks', world, 1, Number.MAX_SAFE_INTEGER);
    checkWhole('start', start, 0, n);
    if (!TAILS.includes(tail)) {
      throw new DvsError('E_USAGE', `there is no tail '${tail}'`, { hint: `Choose of ${TAILS.join(', ')}.` });
    }
    if (tail === 'drop' && world > n) {
      throw new DvsError(
        'E_USAGE',
        `${world} ranks share ${countOf(n, 'position')}: with a tail of 'drop' none gets any`,
        {
          hint: "Take fewer ranks, or the tail 'pad' or 'uneven'.",
        },
      );
    }
    this.n = n;
    this.world = world;
    this.start = start;
    this.tail = tail;
    this.#rest = (n - start) % world;
    this.#full = (n - start - this.#rest) / world;
  }

  /** How many positions at the end of the order no rank gets. */
  get dropped(): number {
    return this.tail === 'drop' ? this.#rest : 0;
  }

  /** How many positions are dealt once more, to all ranks together. */
  get padded(): number {
    return this.tail === 'pad' && this.#rest > 0 ? this.world - this.#rest : 0;
  }

  /** How many positions `rank` gets. E_USAGE unless 0 ≤ rank < world. */
  length(rank: number): number {
    checkWhole('a rank', rank, 0, this.world - 1);
    const oneMore = this.tail === 'pad' ? this.#rest > 0 : this.tail === 'uneven' && rank < this.#rest;
    return this.#full + (oneMore ? 1 : 0);
  }

  /** What `rank` gets in `turn`. E_USAGE unless 0 ≤ rank < world and 0 ≤ turn < length(rank). */
  at(rank: number, turn: number): Dealt {
    const length = this.length(rank);
    if (length === 0) throw new DvsError('E_USAGE', `rank ${rank} gets no position`);
    checkWhole('a turn', turn, 0, length - 1);
    return this.#dealt(rank, turn);
  }

  /**
   * What `rank` gets from `turn` on, to its end: all without a `turn`. Can be gone through as often as wanted. E_USAGE
   * unless 0 ≤ rank < world and 0 ≤ turn ≤ length(rank).
   */
  positions(rank: number, turn = 0): Iterable<Dealt> {
    checkWhole('a turn', turn, 0, this.length(rank));
    return { [Symbol.iterator]: () => this.#from(rank, turn) };
  }

  /**
   * Who gets a position that is dealt once more, after all got positions of their own: none unless some are padded, several
   * only where there are more ranks than positions. Of very many, the first 1,000.
   */
  *again(position: number): Generator<{ readonly rank: number; readonly turn: number }> {
    if (this.padded === 0) return;
    const end = Math.min(this.world, this.#rest + position + MOST_AGAIN * this.n);
    for (let rank = this.#rest + position; rank < end; rank += this.n) yield { rank, turn: this.#full };
  }

  /**
   * The global position up to which everything is consumed once every rank had `turns` turns (or all that it has): what
   * a cursor records, and a `start` for another number of ranks. n after the last turn, dropped positions included.
   */
  reached(turns: number): number {
    checkWhole('a number of turns', turns, 0, Number.MAX_SAFE_INTEGER);
    const last = this.#full + (this.tail !== 'drop' && this.#rest > 0 ? 1 : 0);
    return turns >= last ? this.n : this.start + turns * this.world;
  }

  *#from(rank: number, turn: number): Generator<Dealt> {
    for (let t = turn, end = this.length(rank); t < end; t++) yield this.#dealt(rank, t);
  }

  #dealt(rank: number, turn: number): Dealt {
    const padded = turn === this.#full && rank >= this.#rest;
    return padded
      ? { position: (rank - this.#rest) % this.n, padded }
      : { position: this.start + turn * this.world + rank, padded };
  }
}
