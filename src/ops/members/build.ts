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

/** Bytes of segment number `segment`, of `bits` bits in all. */
export function segmentBytes(bits: number, segment: number): number {
  return Math.ceil(Math.min(SEGMENT_BITS, bits - segment * SEGMENT_BITS) / 8);
}

/** Writes the members of one part of `bits` samples, a segment after the other: one open node a level is in memory. */
export class MembersBuilder {
  readonly #bits: number;
  readonly #sink: MembersSink;
  readonly #levels: MembersItem[][] = [[]];
  /** Nodes of each level that are complete. */
  readonly #closed: number[] = [];

  constructor(bits: number, sink: MembersSink) {
    this.#bits = bits;
    this.#sink = sink;
  }

  /** Adds the next segment, with `count` ones in it. */
  async add(segment: Uint8Array, count: number): Promise<void> {
    await this.#push(0, { id: await this.#sink.addContent(segment), count });
  }

  /** The root, when all segments were added. */
  async finish(): Promise<MembersItem> {
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
