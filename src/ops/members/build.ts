import {
  bitsOfItem,
  encodeMembers,
  MEMBERS_FANOUT,
  type MembersItem,
  SEGMENT_BITS,
} from '../../entities/members.js';
import type { CID } from '../../id/cid.js';

/** Where segments and nodes go; what a node leads to always before it. */
export interface MembersSink {
  addContent(bytes: Uint8Array): Promise<CID>;
  addNode(id: CID, bytes: Uint8Array): Promise<void>;
}

/** The members of a part, written. */
export interface BuiltMembers {
  readonly id: CID;
  readonly count: number;
}

/**
 * Writes the bits of one part of `bits` samples. Members come in ascending order. In memory are one segment and one open
 * node a level, whatever the number of samples.
 */
export class MembersBuilder {
  readonly #bits: number;
  readonly #sink: MembersSink;
  readonly #levels: MembersItem[][] = [[]];
  /** Nodes of each level that are complete. */
  readonly #closed: number[] = [];
  #segment: Buffer | undefined;
  #ones = 0;
  /** Segments that are complete. */
  #done = 0;

  constructor(bits: number, sink: MembersSink) {
    this.#bits = bits;
    this.#sink = sink;
  }

  /** The first number that is not in the open segment: members from there on need a `flush`. */
  get end(): number {
    return (this.#done + 1) * SEGMENT_BITS;
  }

  /** Adds a member below `end`. */
  add(number: number): void {
    const at = number - this.#done * SEGMENT_BITS;
    this.#segment ??= Buffer.alloc(this.#segmentBytes());
    this.#segment[at >> 3] = (this.#segment[at >> 3] ?? 0) | (1 << (at & 7));
    this.#ones++;
  }

  /** Completes segments until `number` lies in the open one. */
  async flush(number: number): Promise<void> {
    while (number >= this.end) await this.#closeSegment();
  }

  async finish(): Promise<BuiltMembers> {
    while (this.#done * SEGMENT_BITS < this.#bits) await this.#closeSegment();
    for (let level = 0; ; level++) {
      const items = this.#levels[level] ?? [];
      const isTop = level === this.#levels.length - 1;
      const [only] = items;
      if (isTop && level > 0 && items.length === 1 && only !== undefined) return only;
      if (items.length === 0) continue;
      const item = await this.#closeNode(level, items);
      if (isTop) return item;
    }
  }

  async #closeSegment(): Promise<void> {
    const bytes = this.#segment ?? Buffer.alloc(this.#segmentBytes());
    const item = { id: await this.#sink.addContent(bytes), count: this.#ones };
    this.#segment = undefined;
    this.#ones = 0;
    this.#done++;
    await this.#push(0, item);
  }

  #segmentBytes(): number {
    return Math.ceil(Math.min(SEGMENT_BITS, this.#bits - this.#done * SEGMENT_BITS) / 8);
  }

  async #push(level: number, item: MembersItem): Promise<void> {
    const items = this.#levels[level] ?? [];
    this.#levels[level] = items;
    items.push(item);
    if (items.length === MEMBERS_FANOUT) await this.#closeNode(level, items);
  }

  async #closeNode(level: number, items: MembersItem[]): Promise<MembersItem> {
    const own = items.splice(0);
    const count = own.reduce((sum, item) => sum + item.count, 0);
    const closed = this.#closed[level] ?? 0;
    const covered = bitsOfItem(level + 1);
    const bits = Math.min(covered, this.#bits - closed * covered);
    const { id, bytes } = encodeMembers({ level, bits, count, items: own });
    this.#closed[level] = closed + 1;
    await this.#sink.addNode(id, bytes);
    const item = { id, count };
    await this.#push(level + 1, item);
    return item;
  }
}
