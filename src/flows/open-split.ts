import type { Split } from '../entities/split.js';
import type { CID } from '../id/cid.js';
import { SampleCollection } from './open-samples.js';
import type { Repository } from './repository.js';
import { openPart, readSplit } from './samples/population.js';
import { type OpenedSamples, openRecorded } from './samples/recorded.js';
import { findSplit } from './split/find-split.js';

/** A split for a program to go through. It is closed with the repository. */
export class OpenSplit {
  readonly id: CID;
  /** Names and counts of its parts, in their order. */
  readonly parts: readonly { readonly name: string; readonly count: number }[];
  readonly #repo: Repository;
  readonly #split: Split;
  #samples: Promise<OpenedSamples> | undefined;
  readonly #opened = new Map<string, Promise<SampleCollection>>();

  constructor(repo: Repository, id: CID, split: Split) {
    this.id = id;
    this.parts = split.parts.map(({ name, count }) => ({ name, count }));
    this.#repo = repo;
    this.#split = split;
  }

  /** The samples of a part; opened once. E_NOT_FOUND lists what there is. */
  part(name: string): Promise<SampleCollection> {
    const known = this.#opened.get(name);
    if (known !== undefined) return known;
    const opening = this.#open(name);
    opening.catch(() => this.#opened.delete(name));
    this.#opened.set(name, opening);
    return opening;
  }

  /** The numbers of the samples of a part, ascending. */
  async *indices(name: string): AsyncGenerator<number, void, undefined> {
    yield* (await this.part(name)).indices();
  }

  /** Whether a part has the sample with this number: one look at a segment, however many there are. */
  async has(name: string, number: number): Promise<boolean> {
    return (await this.part(name)).has(number);
  }

  async #open(name: string): Promise<SampleCollection> {
    const part = await openPart(this.#repo, this.id, name, name);
    this.#samples ??= openRecorded(this.#repo, this.#split.samples);
    return new SampleCollection({ ...(await this.#samples), part, count: part.members.count });
  }
}

/** Opens a split. E_USAGE for what is none. */
export async function openSplit(repo: Repository, reference: string): Promise<OpenSplit> {
  const { id } = await findSplit(repo, reference);
  return new OpenSplit(repo, id, await readSplit(repo, id));
}
