import { compareUtf8 } from '../../base/bytes.js';
import type { Scratch } from '../../base/scratch.js';
import { type Sequence, sequence } from '../../base/sequence.js';
import { Spill } from '../../base/spill.js';
import { datasetSchema } from '../../entities/dataset.js';
import { digestOf } from '../../id/cid.js';
import type { Compared, Present } from './compare.js';
import { NAMED, Obstacles } from './obstacles.js';
import type { Expected } from './place.js';
import { type Fate, fateOf, type Planned, planned } from './planned.js';

/** What would be lost: how much, and some of it in byte order. */
export interface Endangered {
  readonly count: number;
  readonly paths: readonly string[];
}

/** What has to happen so that a folder holds what it should, in byte order of the path; not held in memory. */
export class CheckoutPlan {
  readonly #items: Spill<Planned>;
  readonly #obstacles = new Obstacles();
  readonly #counts: Record<Fate, number> = { same: 0, write: 0, remove: 0, stranger: 0 };
  readonly #replaced: string[] = [];
  #lost = 0;
  #bytes = 0;

  constructor(scratch: Scratch) {
    this.#items = new Spill(scratch, planned);
  }

  /** Takes the next path. `mayGo`: what is there now, if anything, can be brought back. */
  add({ path, found, wanted }: Compared, mayGo: boolean): void {
    if (wanted === undefined) {
      if (found === undefined) return;
      const fate = mayGo ? 'remove' : 'stranger';
      this.#put({ fate, path, entry: found.entry, stat: expectedOf(found) });
    } else if (found === undefined) this.#put({ fate: 'write', path, entry: wanted, stat: undefined });
    else if (datasetSchema.equal(found.entry, wanted)) this.#put({ ...found, fate: 'same' });
    else {
      this.#put({ fate: 'write', path, entry: wanted, stat: expectedOf(found) ?? 'anything' });
      if (!mayGo && this.#lost++ < NAMED) this.#replaced.push(path);
    }
  }

  #put(item: Planned): void {
    const { fate, path, entry } = item;
    this.#counts[fate]++;
    if (fate === 'write' && entry.type === 'file') this.#bytes += entry.size;
    if (fate === 'write') this.#obstacles.file(path);
    if (fate === 'stranger') this.#obstacles.stranger(path, this.#items.length);
    this.#items.add(item);
  }

  /** What was never added and yet would be overwritten or removed. */
  get endangered(): Endangered {
    const inTheWay = this.#obstacles.paths.toSorted(compareUtf8);
    const paths = [...this.#replaced, ...inTheWay].slice(0, NAMED);
    return { count: this.#lost + this.#obstacles.size, paths };
  }

  /** Paths that it is about, whatever becomes of them. */
  get length(): number {
    return this.#items.length;
  }

  /** True when there is nothing that should be there. */
  get isEmpty(): boolean {
    return this.#counts.same + this.#counts.write === 0;
  }

  /** All of them. */
  get items(): Sequence<Planned> {
    return this.#items;
  }

  /** As they should be already. */
  get same(): Sequence<Planned> {
    return this.#those(this.#counts.same, (fate) => fate === 'same');
  }

  get write(): Sequence<Planned> {
    return this.#those(this.#counts.write, (fate) => fate === 'write');
  }

  /** Size of what is to be written. */
  get bytes(): number {
    return this.#bytes;
  }

  get remove(): Sequence<Planned> {
    return this.#those(this.#counts.remove + this.#obstacles.size, this.#goes);
  }

  /** Never added, not in the version, and not in its way. */
  get left(): Sequence<Planned> {
    const isLeft = (fate: Fate, index: number): boolean => fate === 'stranger' && !this.#goes(fate, index);
    return this.#those(this.#counts.stranger - this.#obstacles.size, isLeft);
  }

  /** What will be there in the end. */
  get remaining(): Sequence<Planned> {
    const count = this.#items.length - this.#counts.remove - this.#obstacles.size;
    return this.#those(count, (fate, index) => !this.#goes(fate, index));
  }

  readonly #goes = (fate: Fate, index: number): boolean =>
    fate === 'remove' || (fate === 'stranger' && this.#obstacles.has(index));

  #those(length: number, isChosen: (fate: Fate, index: number) => boolean): Sequence<Planned> {
    return sequence(length, () => this.#chosen(isChosen));
  }

  *#chosen(isChosen: (fate: Fate, index: number) => boolean): Generator<Planned> {
    let index = 0;
    for (const { bytes } of this.#items.records()) {
      if (isChosen(fateOf(bytes), index++)) yield planned.take(bytes);
    }
  }
}

function expectedOf({ entry, stat }: Present): Expected {
  return stat && entry.type === 'file' ? { ...stat, digest: digestOf(entry.id) } : stat;
}
