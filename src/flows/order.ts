import { DvsError } from '../base/errors.js';
import { aKind } from '../entities/kind.js';
import { PERMUTATION_ALGORITHM, type PermutationEntity, parsePermutation } from '../entities/permutation.js';
import type { CID } from '../id/cid.js';
import { decode, inNode } from '../id/codec.js';
import { kindOf, type Resolved } from '../ops/resolve/resolve.js';
import { type Cursor, parseCursor } from '../ops/shuffle/cursor.js';
import { type Permutation, permutation } from '../ops/shuffle/permutation.js';
import { sampleSeed } from '../ops/shuffle/sample-seed.js';
import { Shards, type Tail } from '../ops/shuffle/shards.js';
import { checkWhole } from '../ops/shuffle/usage.js';
import { find } from './references.js';
import type { Repository } from './repository.js';
import { findSamples } from './samples/find-sample.js';
import { openPart, type Population } from './samples/population.js';
import { openRecorded } from './samples/recorded.js';

/** Which stretch of an order, for which rank. */
export interface OrderOptions {
  /** By default 0, or that of the cursor. */
  readonly epoch?: number | undefined;
  /** The global position to begin at; by default 0, or that of the cursor. */
  readonly start?: number | undefined;
  /** How many samples at most; by default all. */
  readonly count?: number | undefined;
  /** One of `world` workers, from 0; by default the only one. */
  readonly rank?: number | undefined;
  readonly world?: number | undefined;
  readonly tail?: Tail | undefined;
}

/** A sample at its place in an order. */
export interface OrderedSample {
  /** Its position in the global order of the epoch, the same on any number of workers. */
  readonly step: number;
  /** Its number among all samples. */
  readonly number: number;
  /** True when it is here only to give all ranks equally many. */
  readonly padded: boolean;
}

/** When a sample is seen. */
export interface SeenAt {
  readonly number: number;
  readonly step: number;
  /** Which worker sees it, and in which turn; for one worker rank 0, and the step. */
  readonly rank: number;
  readonly turn: number;
  /** True when that worker sees it only so that all see equally many. */
  readonly padded: boolean;
}

/** A stretch of an order, for one rank. */
export interface Stretch {
  readonly epoch: number;
  readonly shards: Shards;
  readonly rank: number;
  /** How many samples come. */
  readonly length: number;
  samples(): AsyncGenerator<OrderedSample, void, undefined>;
}

/** A permutation of the store, opened, with the samples that it orders. It is closed with the repository. */
export class Order {
  readonly id: CID;
  readonly permutation: PermutationEntity;
  readonly population: Population;
  readonly n: number;

  private constructor(id: CID, permutation: PermutationEntity, population: Population) {
    this.id = id;
    this.permutation = permutation;
    this.population = population;
    this.n = population.count;
  }

  /** Opens what a reference leads to. E_USAGE when that is no permutation; E_DAMAGED when it does not fit what it orders. */
  static async open(repo: Repository, reference: string): Promise<Order> {
    const resolved = await find(repo, reference);
    const kind = await kindOf(repo.store, resolved);
    if (kind !== 'permutation' || resolved.path !== '') throw noPermutation(reference, kind, resolved);
    const bytes = await repo.store.objects.get(resolved.id);
    const recipe = inNode(resolved.id, () => parsePermutation(decode(bytes)));
    if (recipe.algorithm !== PERMUTATION_ALGORITHM) {
      throw new DvsError(
        'E_FORMAT',
        `${reference} was made by ${recipe.algorithm}, which this dvs does not know`,
        {
          hint: 'Update dvs and run the same command again.',
        },
      );
    }
    const population = await orderedBy(repo, recipe, reference);
    if (BigInt(population.count) === recipe.n) return new Order(resolved.id, recipe, population);
    throw new DvsError(
      'E_DAMAGED',
      `${reference} orders ${recipe.n} samples, and there are ${population.count}`,
      {
        about: [resolved.id.toString()],
        hint: 'It was not made by dvs: make it again with `dvs shuffle`.',
      },
    );
  }

  /** The numbers of samples in the order of an epoch. E_USAGE for what is out of range. */
  stretch(options: OrderOptions = {}): Stretch {
    const { epoch = 0, start = 0, count = Number.POSITIVE_INFINITY, rank = 0, world = 1 } = options;
    if (count !== Number.POSITIVE_INFINITY)
      checkWhole('the number of samples to give', count, 0, Number.MAX_SAFE_INTEGER);
    const shards = this.#shards(start, world, options.tail);
    const length = Math.min(count, shards.length(rank));
    const order = permutation({ n: this.n, seed: this.permutation.seed, epoch });
    const samples = (): AsyncGenerator<OrderedSample, void, undefined> =>
      this.#samples(order, shards, rank, length);
    return { epoch, shards, rank, length, samples };
  }

  #shards(start: number, world: number, asked: Tail | undefined): Shards {
    const tail = this.#tail(asked);
    const left = isPastEnd(start, this.n, world) ? this.n : start;
    return new Shards({ n: this.n, world, start: left, ...(tail === undefined ? {} : { tail }) });
  }

  /** The tail that is recorded, else the one that was asked for. E_USAGE when they differ: others go by what is recorded. */
  #tail(asked: Tail | undefined): Tail | undefined {
    const { tail } = this.permutation;
    if (tail === undefined || asked === undefined || asked === tail) return tail ?? asked;
    throw new DvsError(
      'E_USAGE',
      `this order is recorded with the tail ${tail}, so it cannot end with ${asked}`,
      {
        hint: 'Leave `--tail` out, or record another order with `dvs shuffle`.',
      },
    );
  }

  async *#samples(
    order: Permutation<number>,
    shards: Shards,
    rank: number,
    length: number,
  ): AsyncGenerator<OrderedSample, void, undefined> {
    if (length === 0) return;
    let left = length;
    for (const { position, padded } of shards.positions(rank)) {
      const at = order.at(position);
      const member = this.population.part?.members.at(at);
      yield { step: position, number: member === undefined ? at : await member, padded };
      if (--left === 0) return;
    }
  }

  /**
   * When the samples that a number or a key means are seen in an epoch that is dealt out from `start` on, and by whom: in the
   * order of the epoch, then what a tail of 'pad' repeats (of a sample the first 1,000 times). E_NOT_FOUND when none of them is: seen before, or dropped at the
   * end. E_USAGE for what is out of range.
   */
  async where(
    sample: string,
    { epoch = 0, start = 0, world = 1, tail }: OrderOptions = {},
  ): Promise<SeenAt[]> {
    const shards = this.#shards(start, world, tail);
    const order = permutation({ n: this.n, seed: this.permutation.seed, epoch });
    const places: Pick<SeenAt, 'number' | 'step'>[] = [];
    for (const number of await findSamples(this.population, sample)) {
      const member = this.population.part?.members.rank(number);
      places.push({ number, step: order.indexOf(member === undefined ? number : await member) });
    }
    places.sort((a, b) => a.step - b.step);
    const end = this.n - shards.dropped;
    const seen = places
      .filter(({ step }) => step >= start && step < end)
      .map((place): SeenAt => {
        const dealt = place.step - start;
        return { ...place, rank: dealt % world, turn: Math.floor(dealt / world), padded: false };
      });
    for (const place of places)
      for (const dealt of shards.again(place.step)) seen.push({ ...place, ...dealt, padded: true });
    const [first] = places;
    if (seen.length === 0 && first !== undefined) throw notSeen(sample, first.step, epoch, start, world);
    return seen;
  }

  /** 64 random bits for what is done to a sample in an epoch: the same on any worker. */
  seedOf(number: number, epoch: number): bigint {
    return sampleSeed({ seed: this.permutation.seed, epoch, number });
  }
}

/**
 * Whether a cursor may be that of the end of an epoch: what was dealt in its last turn counts too, where some of it was padding,
 * or nobody's. That is less than there were workers then, who are rarely more than samples; how many is not known.
 */
function isPastEnd(start: number, n: number, world: number): boolean {
  return Number.isSafeInteger(start) && start > n && start < n + Math.max(n, world);
}

function notSeen(sample: string, step: number, epoch: number, start: number, world: number): DvsError {
  const place = `position ${step} of epoch ${epoch}`;
  const about = [sample];
  if (step < start) {
    return new DvsError(
      'E_NOT_FOUND',
      `sample ${sample} is seen at ${place}, before ${start}, where this begins`,
      {
        about,
        hint: 'Leave the start out to look at the whole epoch.',
      },
    );
  }
  return new DvsError(
    'E_NOT_FOUND',
    `no worker sees sample ${sample}: it is at ${place}, in the end that ${world} workers drop`,
    { about, hint: 'It is seen in other epochs, and with a tail of pad or uneven.' },
  );
}

/** A permutation by reference, or by a cursor: `p`, `p:v3`, `p@3.1200`. */
export function parseOrderReference(text: string): Pick<Cursor, 'reference'> & Partial<Cursor> {
  return text.includes('@') ? parseCursor(text) : { reference: text };
}

/** What a permutation orders. */
export async function orderedBy(
  repo: Repository,
  { of, part }: PermutationEntity,
  reference: string,
): Promise<Population> {
  if (part === undefined) {
    const opened = await openRecorded(repo, of);
    return { ...opened, part: undefined, count: opened.samples.count };
  }
  const opened = await openPart(repo, of, part, reference);
  return { ...(await openRecorded(repo, opened.samples)), part: opened, count: opened.members.count };
}

function noPermutation(reference: string, kind: string, { path }: Resolved): DvsError {
  const isOne = kind === 'permutation';
  const what = path === '' ? aKind(kind) : isOne ? 'a path in a permutation' : `a part of ${aKind(kind)}`;
  return new DvsError('E_USAGE', `${reference} is ${what}, not a permutation`, {
    about: [reference],
    hint: isOne
      ? 'A permutation has no parts: name it alone.'
      : `Make one: \`dvs shuffle ${reference} --seed 42 --name <name>\`.`,
  });
}
