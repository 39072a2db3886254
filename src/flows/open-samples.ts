import { concatBytes } from '../base/bytes.js';
import { DvsError } from '../base/errors.js';
import { sampleSeed } from '../ops/shuffle/sample-seed.js';
import type { Repository } from './repository.js';
import { findPopulation, numbersOf, type Population } from './samples/population.js';

/** One example. */
export interface Sample {
  /** Its number among all samples, from 0; also in a part. */
  readonly number: number;
  /** Of the file that it is, or is in. */
  readonly path: string;
  readonly key: string;
  /** Undefined where samples have no labels, or this one has none. */
  readonly label: string | undefined;
  /** Its bytes: of a whole file its content, of a row what its key is the SHA-256 of. */
  read(): Promise<Uint8Array>;
}

/** What the random choices for a sample depend on, beside the sample. */
export interface RandomUse {
  readonly seed: string;
  readonly epoch: number;
}

/** Samples, or those of a part, for a program to go through. They are closed with the repository. */
export class SampleCollection implements AsyncIterable<Sample> {
  /** How many there are. */
  readonly count: number;
  readonly #population: Population;

  constructor(population: Population) {
    this.#population = population;
    this.count = population.count;
  }

  /** The `i`th of them, from 0, found without going through others; of a part, in the order of their numbers. E_USAGE beyond the last. */
  async get(i: number): Promise<Sample> {
    const { set } = this.#population;
    const number = await this.numberAt(i);
    const { path, key } = await set.locate(number);
    const label = set.labelOf(number);
    return this.#sample({ number, path, key, label: label === undefined ? undefined : set.labels[label] });
  }

  /** The number that the `i`th of them has among all samples. E_USAGE beyond the last. */
  async numberAt(i: number): Promise<number> {
    if (!Number.isSafeInteger(i) || i < 0 || i >= this.count) {
      throw new DvsError('E_USAGE', `there is no sample ${i} here: there are ${this.count}`, {
        hint: 'They are counted from 0.',
      });
    }
    return this.#population.part === undefined ? i : this.#population.part.members.at(i);
  }

  /** Whether the sample with this number is among them: one look at a segment, however many there are. */
  async has(number: number): Promise<boolean> {
    const { part, samples } = this.#population;
    if (part !== undefined) return part.members.has(number);
    return Number.isSafeInteger(number) && number >= 0 && number < samples.count;
  }

  /** Their numbers, ascending. */
  async *indices(): AsyncGenerator<number, void, undefined> {
    const { samples } = this.#population;
    for await (const batch of numbersOf(this.#population).within(0, samples.count)) yield* batch;
  }

  /** All of them, ascending by number; each file is read once, from front to back. Bytes are read when they are asked for. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Sample, void, undefined> {
    const { set, samples, part } = this.#population;
    const only = part && (() => numbersOf(this.#population).within(0, samples.count));
    const wish = { key: true, label: true, ...(only === undefined ? {} : { only }) };
    for await (const batch of set.scan(wish)) for (const sample of batch) yield this.#sample(sample);
  }

  /**
   * 64 bits for what is done at random to the `i`th of them in an epoch (crops, noise): they depend on seed, epoch and the
   * number of the sample alone, not on workers. See `sampleSeed`. E_USAGE for what is out of range.
   */
  async rng(i: number, { seed, epoch }: RandomUse): Promise<bigint> {
    return sampleSeed({ seed, epoch, number: await this.numberAt(i) });
  }

  #sample({ number, path, key, label }: Omit<Sample, 'read'>): Sample {
    const read = async (): Promise<Uint8Array> => {
      const pieces: Uint8Array[] = [];
      for await (const piece of this.#population.set.read(number)) pieces.push(piece);
      return concatBytes(pieces);
    };
    return { number, path, key, label, read };
  }
}

/** Opens samples, or a part of a split such as `mnist-split/train`. E_USAGE for what has no samples. */
export async function openSamples(repo: Repository, reference: string): Promise<SampleCollection> {
  return new SampleCollection(await findPopulation(repo, reference));
}
