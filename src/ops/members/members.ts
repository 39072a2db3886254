import { DvsError } from '../../base/errors.js';
import { bitsOfItem, type MembersNode, parseMembers } from '../../entities/members.js';
import { type CID, DAG_CBOR } from '../../id/cid.js';
import { decode, inNode } from '../../id/codec.js';
import { Segment } from './segment.js';

/** Where members are read from: what is returned was checked against its ID. */
export interface MembersSource {
  get(id: CID): Promise<Uint8Array>;
  /** The bytes of a content that should have `size` of them; of a longer one no more is read than shows that it is. */
  content(id: CID, size: number): Promise<Uint8Array>;
}

/** Segments in memory at once, 36 KiB each: those of 268 million samples. */
const KEPT_SEGMENTS = 1024;
/** Inner nodes in memory at once. */
const KEPT_NODES = 64;

/**
 * Which samples belong to a part. Asking whether one does, which is the k-th, and which comes how many after the first reads
 * one node a level and one segment of 32 KiB, however many there are; those are kept.
 */
export class Members {
  readonly #source: MembersSource;
  readonly #root: MembersNode;
  readonly #keep: number;
  /** By ID and by what they were checked to be: the same one may be said to be something else in another place. */
  readonly #segments = new Map<string, Promise<Segment>>();
  readonly #nodes = new Map<string, Promise<MembersNode>>();

  private constructor(source: MembersSource, root: MembersNode, keep: number) {
    this.#source = source;
    this.#keep = keep;
    this.#root = root;
  }

  /** Opens the root `id`, to keep so many segments in memory. E_MISSING, E_DAMAGED, E_ENCODING. */
  static async open(source: MembersSource, id: CID, keep = KEPT_SEGMENTS): Promise<Members> {
    const root = await readNode(source, id);
    if (root.level === 0 || root.items.length > 1) return new Members(source, root, keep);
    throw new DvsError('E_ENCODING', `${id.toString()}: a root above level 0 has at least two items`, {
      about: [id.toString()],
    });
  }

  /** How many members there are. */
  get count(): number {
    return this.#root.count;
  }

  /** How many samples there are, members or not. */
  get total(): number {
    return this.#root.bits;
  }

  async has(number: number): Promise<boolean> {
    if (!Number.isSafeInteger(number) || number < 0 || number >= this.total) return false;
    const { segment, start } = await this.#find((_, end) => number < end);
    return segment.has(number - start);
  }

  /** The number of the `k`th member, counted from 0. E_USAGE beyond the last. */
  async at(k: number): Promise<number> {
    if (!Number.isSafeInteger(k) || k < 0 || k >= this.count) {
      throw new DvsError('E_USAGE', `there is no member ${k}: the part has ${this.count}`, {
        hint: 'Members are counted from 0.',
      });
    }
    const { segment, start, before } = await this.#find((upTo) => k < upTo);
    return start + segment.select(k - before);
  }

  /** How many members have a lower number: the place of `number` among them when it is one. */
  async rank(number: number): Promise<number> {
    if (number >= this.total) return this.count;
    const { segment, start, before } = await this.#find((_, end) => number < end);
    return before + segment.rank(number - start);
  }

  /** The numbers of all members from `from` to before `to`, ascending, a segment's at a time. */
  async *numbers(from = 0, to = this.total): AsyncGenerator<readonly number[], void, undefined> {
    for (let next = from; next < Math.min(to, this.total); ) {
      const { segment, start, end } = await this.#find((_, end) => next < end);
      const found = segment.numbers(next - start, to - start, start);
      if (found.length > 0) yield found;
      next = end;
    }
  }

  /** The first segment for which `isHere(members up to its end, number of its end)` holds. */
  async #find(isHere: (upTo: number, end: number) => boolean): Promise<Found> {
    let node = this.#root;
    let start = 0;
    let before = 0;
    for (;;) {
      const each = bitsOfItem(node.level);
      const nodeEnd = start + node.bits;
      for (const [i, item] of node.items.entries()) {
        const end = Math.min(start + each, nodeEnd);
        if (!isHere(before + item.count, end) && i < node.items.length - 1) {
          before += item.count;
          start = end;
          continue;
        }
        if (node.level === 0)
          return { segment: await this.#segment(item.id, end - start, item.count), start, end, before };
        node = await this.#node(item.id, { level: node.level - 1, bits: end - start, count: item.count });
        break;
      }
    }
  }

  #segment(id: CID, bits: number, count: number): Promise<Segment> {
    return kept(this.#segments, `${id.toString()} ${bits} ${count}`, this.#keep, async () =>
      Segment.open(id, await this.#source.content(id, Math.ceil(bits / 8)), bits, count),
    );
  }

  #node(id: CID, expected: Pick<MembersNode, 'level' | 'bits' | 'count'>): Promise<MembersNode> {
    const { level, bits, count } = expected;
    return kept(this.#nodes, `${id.toString()} ${level} ${bits} ${count}`, KEPT_NODES, async () => {
      const node = await readNode(this.#source, id);
      if (node.level === level && node.bits === bits && node.count === count) return node;
      throw new DvsError('E_ENCODING', `${id.toString()}: not the node that its parent describes`, {
        about: [id.toString()],
      });
    });
  }
}

interface Found {
  readonly segment: Segment;
  readonly start: number;
  readonly end: number;
  /** Members before it. */
  readonly before: number;
}

async function readNode(source: MembersSource, id: CID): Promise<MembersNode> {
  if (id.code !== DAG_CBOR)
    throw new DvsError('E_CID', `${id.toString()} is the ID of a content, not of a node`);
  const bytes = await source.get(id);
  return inNode(id, () => parseMembers(decode(bytes)));
}

function kept<T>(
  known: Map<string, Promise<T>>,
  key: string,
  most: number,
  load: () => Promise<T>,
): Promise<T> {
  const found = known.get(key);
  if (found !== undefined) return found;
  const loading = load();
  loading.catch(() => known.delete(key));
  known.set(key, loading);
  const [oldest] = known.keys();
  if (known.size > most && oldest !== undefined) known.delete(oldest);
  return loading;
}
