import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  encodeMembers,
  MEMBERS_FANOUT,
  type MembersItem,
  parseMembers,
  SEGMENT_BITS,
} from '#src/entities/members.js';
import { type CID, contentId } from '#src/id/cid.js';
import { decode } from '#src/id/codec.js';
import { MembersBuilder, type MembersSink, segmentBytes } from '#src/ops/members/build.js';
import { Members, type MembersSource } from '#src/ops/members/members.js';
import { type BuiltPart, PartsBuilder } from '#src/ops/members/parts-builder.js';
import { Segment } from '#src/ops/members/segment.js';
import { codeOf } from '../support/errors.js';
import { all } from '../support/repository.js';

/** Objects in memory: what leads to others always comes after them. */
class Memory implements MembersSink, MembersSource {
  readonly #kept = new Map<string, Uint8Array>();
  /** The same bytes again, without hashing them. */
  readonly #known = new WeakMap<Uint8Array, CID>();
  reads = 0;

  async addContent(bytes: Uint8Array): Promise<CID> {
    const known = this.#known.get(bytes);
    if (known !== undefined) return known;
    const id = contentId(bytes);
    this.#known.set(bytes, id);
    this.#kept.set(id.toString(), Uint8Array.from(bytes));
    return id;
  }

  async addNode(id: CID, bytes: Uint8Array): Promise<void> {
    const { level, items } = parseMembers(decode(bytes));
    for (const { id: to } of items) {
      if (!this.#kept.has(to.toString())) throw new Error(`a node of level ${level} came before ${to}`);
    }
    this.#kept.set(id.toString(), bytes);
  }

  async get(id: CID): Promise<Uint8Array> {
    this.reads++;
    const found = this.#kept.get(id.toString());
    if (found === undefined) throw new Error(`there is no ${id}`);
    return found;
  }

  content(id: CID): Promise<Uint8Array> {
    return this.get(id);
  }

  put(node: Parameters<typeof encodeMembers>[0]): CID {
    const { id, bytes } = encodeMembers(node);
    this.#kept.set(id.toString(), bytes);
    return id;
  }
}

const PARTS: readonly BuiltPart[] = [
  { index: 0, isComplement: false },
  { index: 1, isComplement: false },
  { index: 0, isComplement: true },
];

/** Writes some samples of `total`, the rest in no part, and opens every part. */
async function built(
  total: number,
  assigned: readonly (readonly [number: number, index: number])[],
  { parts = PARTS, batch = 100 }: { parts?: readonly BuiltPart[]; batch?: number } = {},
): Promise<{ memory: Memory; roots: MembersItem[]; parts: Members[] }> {
  const memory = new Memory();
  const builder = new PartsBuilder(total, parts, memory);
  for (let at = 0; at < assigned.length; at += batch) {
    const some = assigned.slice(at, at + batch);
    await builder.add(
      Float64Array.from(some, ([number]) => number),
      Uint16Array.from(some, ([, index]) => index),
    );
  }
  const roots = await builder.finish();
  return { memory, roots, parts: await Promise.all(roots.map(({ id }) => Members.open(memory, id))) };
}

/** Holds members against the plain list of their numbers, around each of these and `near`. */
async function assertAgrees(members: Members, numbers: readonly number[], near: readonly number[] = []) {
  const { total } = members;
  expect(members.count).toBe(numbers.length);
  expect((await all(members.numbers())).flat()).toEqual(numbers);
  const belongs = new Set(numbers);
  const before = (number: number): number => numbers.filter((member) => member < number).length;
  for (const [k, number] of numbers.entries()) expect(await members.at(k)).toBe(number);
  const places = [...numbers, ...near].flatMap((number) => [number - 1, number, number + 1]);
  for (const number of [0, total - 1, ...places]) {
    expect(await members.has(number)).toBe(belongs.has(number));
    if (number < 0) continue;
    expect(await members.rank(number)).toBe(before(number));
    expect((await all(members.numbers(number))).flat()).toEqual(numbers.filter((member) => member >= number));
  }
  expect(await members.rank(total)).toBe(numbers.length);
}

/** Numbers that lie where something begins or ends, most of them. */
function numberBelow(total: number): fc.Arbitrary<number> {
  const edges = [0, 7, 8, 511, 512, 513, SEGMENT_BITS - 1, SEGMENT_BITS, 2 * SEGMENT_BITS, total - 1];
  return fc.oneof(fc.nat(total - 1), fc.constantFrom(...edges.filter((edge) => edge >= 0 && edge < total)));
}

describe('members', () => {
  test('are those of a plain list, also over several segments', async () => {
    const totals = fc.constantFrom(
      1,
      7,
      8,
      9,
      512,
      1000,
      SEGMENT_BITS - 1,
      SEGMENT_BITS,
      SEGMENT_BITS + 1,
      3 * SEGMENT_BITS + 5,
    );
    const cases = totals.chain((total) =>
      fc.tuple(
        fc.constant(total),
        fc.uniqueArray(fc.tuple(numberBelow(total), fc.nat(1)), {
          selector: ([number]) => number,
          maxLength: 25,
        }),
        fc.integer({ min: 1, max: 10 }),
      ),
    );
    await fc.assert(
      fc.asyncProperty(cases, async ([total, chosen, batch]) => {
        const assigned = chosen.toSorted(([a], [b]) => a - b);
        const { roots, parts } = await built(total, assigned, { batch });
        const numbersOf = (index: number): number[] =>
          assigned.flatMap(([number, to]) => (to === index ? [number] : []));
        for (const [i, index] of [0, 1, 1].entries()) {
          expect(roots[i]?.count).toBe(numbersOf(index).length);
          const [part] = parts.slice(i);
          expect(part?.total).toBe(total);
          if (part !== undefined) await assertAgrees(part, numbersOf(index));
        }
      }),
      { numRuns: 40 },
    );
  });

  test('when they are dense, rank and at are each the inverse of the other', async () => {
    const total = 2 * SEGMENT_BITS + 77;
    const assigned = Array.from({ length: total }, (_, i): [number, number] => [
      i,
      (i * i) % 3 === 1 ? 1 : 0,
    ]);
    const { parts } = await built(total, assigned, { batch: 8192 });
    const [zero, one, other] = parts;
    expect((zero?.count ?? 0) + (one?.count ?? 0)).toBe(total);
    expect(other?.count).toBe(one?.count);
    let before = 0;
    for (const [i, index] of assigned) {
      if (i % 997 === 0 || i % SEGMENT_BITS < 9) {
        expect(await one?.rank(i)).toBe(before);
        if (index === 1) expect(await one?.at(before)).toBe(i);
      }
      if (index === 1) before++;
    }
  });

  test('of 2²⁸ and more samples are found by one node a level and one segment', async () => {
    const node = MEMBERS_FANOUT * SEGMENT_BITS;
    const total = node + 3 * SEGMENT_BITS + 11;
    const numbers = [
      0,
      5,
      SEGMENT_BITS,
      700 * SEGMENT_BITS + 3,
      node - 1,
      node,
      node + SEGMENT_BITS + 1,
      total - 1,
    ];
    const { memory, roots, parts } = await built(
      total,
      numbers.map((number, i) => [number, i % 2]),
    );
    await assertAgrees(
      await Members.open(memory, roots[0]?.id ?? contentId(Buffer.of())),
      numbers.filter((_, i) => i % 2 === 0),
      [SEGMENT_BITS, node],
    );
    const [, odd] = parts;
    memory.reads = 0;
    expect(await odd?.has(total - 1)).toBe(true);
    expect(memory.reads).toBe(2);
    expect(await odd?.at(3)).toBe(total - 1);
    expect(await odd?.rank(node + 5)).toBe(3);
    expect(memory.reads).toBe(3);
  });

  test.each([
    ['one full node', MEMBERS_FANOUT * SEGMENT_BITS, 0],
    ['a full node and a bit', MEMBERS_FANOUT * SEGMENT_BITS + 1, 1],
    ['a full node of full nodes', MEMBERS_FANOUT ** 2 * SEGMENT_BITS, 1],
    ['a bit more than that', MEMBERS_FANOUT ** 2 * SEGMENT_BITS + 1, 2],
  ])('%s has as few levels as can be', async (_, total, level) => {
    const memory = new Memory();
    const builder = new MembersBuilder(total, memory);
    const full = Math.floor(total / SEGMENT_BITS);
    const [zeros, first, last] = [
      Buffer.alloc(SEGMENT_BITS / 8),
      Buffer.alloc(SEGMENT_BITS / 8),
      Buffer.of(1),
    ];
    first[1] = 2;
    for (let segment = 0; segment < full; segment++) {
      const isChosen = segment === 0 || segment === full - 1;
      await builder.add(isChosen ? first : zeros, isChosen ? 1 : 0);
    }
    if (full * SEGMENT_BITS < total) await builder.add(last, 1);
    const { id } = await builder.finish();
    expect(parseMembers(decode(await memory.get(id))).level).toBe(level);
    const members = await Members.open(memory, id);
    expect(members.total).toBe(total);
    const far = (full - 1) * SEGMENT_BITS + 9;
    expect(await members.at(1)).toBe(far);
    expect([await members.has(far), await members.has(far - 1), await members.rank(far + 1)]).toEqual([
      true,
      false,
      2,
    ]);
    expect(await members.has(total - 1)).toBe(full * SEGMENT_BITS < total);
  });

  test('of the same samples have the same ID, however they came', async () => {
    const assigned = Array.from({ length: 500 }, (_, i): [number, number] => [i * 1999, i % 2]);
    const [a, b] = [
      await built(1_000_000, assigned, { batch: 1 }),
      await built(1_000_000, assigned, { batch: 500 }),
    ];
    expect(a.roots.map(({ id }) => id.toString())).toEqual(b.roots.map(({ id }) => id.toString()));
  });

  test.each([-1, 3, 0.5, Number.NaN, 2 ** 53])('there is no member %s of three', async (k) => {
    const { parts } = await built(100, [
      [1, 0],
      [50, 0],
      [99, 0],
    ]);
    expect(await codeOf(() => parts[0]?.at(k))).toBe('E_USAGE');
  });

  test.each([-1, 100, 0.5, Number.NaN, 2 ** 53])(
    '%s is no number of a hundred, so no member',
    async (number) => {
      const { parts } = await built(100, [
        [0, 0],
        [99, 0],
      ]);
      expect(await parts[0]?.has(number)).toBe(false);
    },
  );
});

test('a segment agrees with a plain list of bits', () => {
  const bits = fc.array(fc.boolean(), { minLength: 1, maxLength: 2000 });
  fc.assert(
    fc.property(bits, (list) => {
      const bytes = Buffer.alloc(Math.ceil(list.length / 8));
      for (const [i, bit] of list.entries()) if (bit) bytes[i >> 3] = (bytes[i >> 3] ?? 0) | (1 << (i & 7));
      const ones = list.flatMap((bit, i) => (bit ? [i] : []));
      const segment = Segment.open(contentId(bytes), bytes, list.length, ones.length);
      expect(list.map((_, i) => segment.has(i))).toEqual(list);
      expect(list.map((_, i) => segment.rank(i))).toEqual(
        list.map((_, i) => ones.filter((one) => one < i).length),
      );
      expect(ones.map((_, k) => segment.select(k))).toEqual(ones);
      expect(segment.numbers(0, list.length, 1000)).toEqual(ones.map((one) => 1000 + one));
      const from = list.length >> 1;
      expect(segment.numbers(from, list.length, 0)).toEqual(ones.filter((one) => one >= from));
      expect(segment.numbers(0, from, 0)).toEqual(ones.filter((one) => one < from));
    }),
  );
});

describe('what lies is refused when it is used', () => {
  const id = contentId(Buffer.of());
  test.each<[string, number[], number, number]>([
    ['a byte too few', [1], 9, 1],
    ['a byte too many', [1, 0], 8, 1],
    ['a spare bit that is set', [1, 2], 9, 2],
    ['fewer ones than said', [1], 8, 2],
    ['more ones than said', [3], 8, 1],
  ])('a segment with %s', async (_, bytes, bits, count) => {
    expect(await codeOf(() => Segment.open(id, Uint8Array.from(bytes), bits, count))).toBe('E_ENCODING');
  });

  /** Ways to ask for everything. */
  async function ask(members: Members): Promise<void> {
    await all(members.numbers());
    for (let k = 0; k < members.count; k++) await members.at(k);
  }

  test('a segment that is there twice, with two counts', async () => {
    const memory = new Memory();
    const one = Buffer.alloc(SEGMENT_BITS / 8);
    one[0] = 1;
    const segment = await memory.addContent(one);
    const items = [1, 3].map((count) => ({ id: segment, count }));
    const root = memory.put({ level: 0, bits: 2 * SEGMENT_BITS, count: 4, items });
    const members = await Members.open(memory, root);
    expect(await members.at(0)).toBe(0);
    expect(await codeOf(() => members.at(3))).toBe('E_ENCODING');
    expect(await codeOf(() => ask(members))).toBe('E_ENCODING');
  });

  test('a node that is there twice, with two counts', async () => {
    const memory = new Memory();
    const one = Buffer.alloc(SEGMENT_BITS / 8);
    one[0] = 1;
    const segment = await memory.addContent(one);
    const each = MEMBERS_FANOUT * SEGMENT_BITS;
    const items = Array.from({ length: MEMBERS_FANOUT }, () => ({ id: segment, count: 1 }));
    const node = memory.put({ level: 0, bits: each, count: MEMBERS_FANOUT, items });
    const root = memory.put({
      level: 1,
      bits: 2 * each,
      count: MEMBERS_FANOUT + 7,
      items: [
        { id: node, count: MEMBERS_FANOUT },
        { id: node, count: 7 },
      ],
    });
    const members = await Members.open(memory, root);
    expect(await members.has(0)).toBe(true);
    expect(await codeOf(() => members.at(MEMBERS_FANOUT + 3))).toBe('E_ENCODING');
    expect(await codeOf(() => members.has(each))).toBe('E_ENCODING');
  });

  test.each<[string, (memory: Memory, zeros: CID) => CID]>([
    [
      'of the wrong level',
      (memory, zeros) => {
        const items = Array.from({ length: MEMBERS_FANOUT }, () => ({ id: zeros, count: 0 }));
        const inner = memory.put({ level: 0, bits: MEMBERS_FANOUT * SEGMENT_BITS, count: 0, items });
        return memory.put({
          level: 1,
          bits: MEMBERS_FANOUT * SEGMENT_BITS,
          count: 0,
          items: [{ id: inner, count: 0 }],
        });
      },
    ],
    [
      'of fewer bits',
      (memory, zeros) =>
        memory.put({ level: 0, bits: SEGMENT_BITS, count: 0, items: [{ id: zeros, count: 0 }] }),
    ],
  ])('a child %s', async (_, make) => {
    const memory = new Memory();
    const zeros = await memory.addContent(Buffer.alloc(SEGMENT_BITS / 8));
    const child = make(memory, zeros);
    const each = MEMBERS_FANOUT * SEGMENT_BITS;
    const root = memory.put({
      level: 1,
      bits: each + 5,
      count: 3,
      items: [
        { id: child, count: 0 },
        { id: child, count: 3 },
      ],
    });
    const members = await Members.open(memory, root);
    expect(await codeOf(() => members.at(0))).toBe('E_ENCODING');
    expect(await codeOf(() => members.has(each + 1))).toBe('E_ENCODING');
    expect(segmentBytes(each + 5, MEMBERS_FANOUT)).toBe(1);
  });
});
