import { type MembersItem, SEGMENT_BITS } from '../../entities/members.js';
import { MembersBuilder, type MembersSink, segmentBytes } from './build.js';

/** A part that is written: the samples that are assigned to `index`, or all others that are assigned to something. */
export interface BuiltPart {
  readonly index: number;
  readonly isComplement: boolean;
}

/** The bits of one index in the open segment. */
interface Open {
  readonly bytes: Buffer;
  ones: number;
}

/** Writes the members of all parts of a split in one pass. In memory is one segment a part, 32 KiB. */
export class PartsBuilder {
  readonly #total: number;
  readonly #parts: readonly { readonly part: BuiltPart; readonly builder: MembersBuilder }[];
  /** By index; `#all` has the samples that are assigned to any. */
  #open = new Map<number, Open>();
  #all: Open;
  #segment = 0;

  /** `total` samples, in parts or not. */
  constructor(total: number, parts: readonly BuiltPart[], sink: MembersSink) {
    this.#total = total;
    this.#parts = parts.map((part) => ({ part, builder: new MembersBuilder(total, sink) }));
    this.#all = this.#empty();
  }

  /** Assigns samples, ascending by number from call to call. */
  async add(numbers: Float64Array, indexes: Uint16Array): Promise<void> {
    for (const [i, number] of numbers.entries()) {
      while (number >= (this.#segment + 1) * SEGMENT_BITS) await this.#close();
      const at = number - this.#segment * SEGMENT_BITS;
      const index = indexes[i] ?? 0;
      let open = this.#open.get(index);
      if (open === undefined) {
        open = this.#empty();
        this.#open.set(index, open);
      }
      set(open, at);
      set(this.#all, at);
    }
  }

  /** The members of each part, in the order in which they were given. */
  async finish(): Promise<MembersItem[]> {
    while (this.#segment * SEGMENT_BITS < this.#total) await this.#close();
    return Promise.all(this.#parts.map(({ builder }) => builder.finish()));
  }

  async #close(): Promise<void> {
    const nothing = this.#empty();
    for (const { part, builder } of this.#parts) {
      const own = this.#open.get(part.index) ?? nothing;
      const { bytes, ones } = part.isComplement ? without(this.#all, own) : own;
      await builder.add(bytes, ones);
    }
    this.#segment++;
    this.#open = new Map();
    this.#all = this.#empty();
  }

  #empty(): Open {
    return { bytes: Buffer.alloc(Math.max(0, segmentBytes(this.#total, this.#segment))), ones: 0 };
  }
}

function set(open: Open, at: number): void {
  const byte = at >> 3;
  open.bytes[byte] = (open.bytes[byte] ?? 0) | (1 << (at & 7));
  open.ones++;
}

function without(all: Open, own: Open): Open {
  return {
    bytes: Buffer.from(all.bytes.map((byte, i) => byte & ~(own.bytes[i] ?? 0))),
    ones: all.ones - own.ones,
  };
}
