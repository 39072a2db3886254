import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodePermutation, type PermutationEntity } from '#src/entities/permutation.js';
import { Order, type OrderOptions, parseOrderReference, type SeenAt } from '#src/flows/order.js';
import { orderBytes } from '#src/flows/order-npy.js';
import { orderRows } from '#src/flows/order-rows.js';
import type { Repository } from '#src/flows/repository.js';
import { shuffle } from '#src/flows/shuffle.js';
import { split } from '#src/flows/split.js';
import { permutation } from '#src/ops/shuffle/permutation.js';
import { sampleSeed } from '#src/ops/shuffle/sample-seed.js';
import { orderView } from '#src/wire/order.js';
import { codeOf, failure } from '../support/errors.js';
import { addPath, all, openRepository, problems, write } from '../support/repository.js';
import { numbers, publish, state, table } from '../support/samples.js';

const COUNT = 103;

/** A dataset of rows, a split `s` of it, an order `p` of all and an order `q` of `s/train`. */
async function withOrders(): Promise<{ repo: Repository; p: Order; q: Order }> {
  const { repo, root } = await openRepository();
  write(join(root, 'data'), { 'a.csv': table(COUNT) });
  await addPath(repo, 'data');
  const parts = [
    { name: 'train', weight: 3 },
    { name: 'test', weight: 1 },
  ];
  await split(repo, { reference: 'data', parts, seed: '1', key: 'id', name: 's' });
  await shuffle(repo, { reference: 'data', key: 'id', seed: '42', name: 'p' });
  await shuffle(repo, { reference: 's/train', seed: '42', name: 'q' });
  return { repo, p: await Order.open(repo, 'p'), q: await Order.open(repo, 'q') };
}

async function numbersIn(order: Order, options: OrderOptions = {}): Promise<number[]> {
  return (await all(order.stretch(options).samples())).map(({ number }) => number);
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe('a shuffle', () => {
  test('is recorded once, by the same ID', async () => {
    const { repo, p } = await withOrders();
    const { seq } = repo.store.head;
    const again = await shuffle(repo, { reference: 'data', key: 'id', seed: '42', name: 'p' });
    expect(again).toMatchObject({ id: p.id, isNew: false, version: 1 });
    expect(await shuffle(repo, { reference: p.population.id.toString(), seed: '42' })).toMatchObject({
      id: p.id,
      isNew: false,
    });
    expect(repo.store.head.seq).toBe(seq);
    expect(await problems(repo)).toEqual([]);
  });

  test('is the permutation that is specified', async () => {
    const { p } = await withOrders();
    const specified = permutation({ n: COUNT, seed: '42', epoch: 3 });
    expect(await numbersIn(p, { epoch: 3 })).toEqual(upTo(COUNT).map((i) => specified.at(i)));
    expect(await numbersIn(p, { epoch: 4 })).not.toEqual(await numbersIn(p, { epoch: 3 }));
  });

  test('of a part has its members and no others', async () => {
    const { repo, q } = await withOrders();
    const members = await numbers(repo, 's/train');
    const specified = permutation({ n: members.length, seed: '42', epoch: 0 });
    expect(await numbersIn(q)).toEqual(upTo(members.length).map((i) => members[specified.at(i)]));
  });

  test.each<[string, string]>([
    ['a\nb', 'E_USAGE'],
    ['\ud800', 'E_USAGE'],
  ])('takes no seed %j', async (seed, code) => {
    const { repo } = await withOrders();
    const before = await state(repo);
    expect(await codeOf(() => shuffle(repo, { reference: 'data', key: 'id', seed }))).toBe(code);
    expect(await state(repo)).toEqual(before);
  });

  test('is one of samples, and an order one of a permutation', async () => {
    const { repo } = await withOrders();
    expect(await codeOf(() => shuffle(repo, { reference: 's', seed: '1' }))).toBe('E_USAGE');
    expect(await codeOf(() => shuffle(repo, { reference: 'p', seed: '1' }))).toBe('E_USAGE');
    expect(await codeOf(() => shuffle(repo, { reference: 's/nothing', seed: '1' }))).toBe('E_NOT_FOUND');
    for (const reference of ['s', 's/train', 'data', 'p/x'])
      expect(await codeOf(() => Order.open(repo, reference))).toBe('E_USAGE');
    expect(await codeOf(() => Order.open(repo, 'nothing'))).toBe('E_NOT_FOUND');
  });
});

describe('on several workers', () => {
  const world = fc.integer({ min: 1, max: 12 });

  test('all together see the global order, whatever their number', async () => {
    const { p, q } = await withOrders();
    await fc.assert(
      fc.asyncProperty(
        world,
        fc.nat(9),
        fc.nat(COUNT - 30),
        fc.boolean(),
        async (world, epoch, start, isPart) => {
          const order = isPart ? q : p;
          const from = Math.min(start, order.n);
          const found: { step: number; number: number }[] = [];
          for (let rank = 0; rank < world; rank++) {
            found.push(...(await all(order.stretch({ epoch, start: from, rank, world }).samples())));
          }
          const sorted = found.toSorted((a, b) => a.step - b.step);
          expect(sorted.map(({ step }) => step)).toEqual(upTo(order.n - from).map((i) => from + i));
          expect(sorted.map(({ number }) => number)).toEqual((await numbersIn(order, { epoch })).slice(from));
        },
      ),
      { numRuns: 30 },
    );
  });

  test('a cursor goes on exactly where others stopped, on another number of workers', async () => {
    const { p } = await withOrders();
    await fc.assert(
      fc.asyncProperty(world, world, fc.integer({ min: 0, max: 5 }), async (before, after, turns) => {
        const epoch = 2;
        const seen: number[] = [];
        for (let rank = 0; rank < before; rank++)
          seen.push(...(await numbersIn(p, { epoch, rank, world: before, count: turns })));
        const step = p.stretch({ epoch, world: before }).shards.reached(turns);
        const cursor = parseOrderReference(`p@${epoch}.${step}`);
        for (let rank = 0; rank < after; rank++) {
          seen.push(...(await numbersIn(p, { epoch: cursor.epoch, start: cursor.step, rank, world: after })));
        }
        expect(seen.toSorted((a, b) => a - b)).toEqual(upTo(COUNT));
      }),
      { numRuns: 30 },
    );
  });

  test('equal lengths are asked for, and what is padded says so', async () => {
    const { p } = await withOrders();
    const lengths = async (tail: OrderOptions['tail']): Promise<number[][]> => {
      const rows = await Promise.all(
        upTo(10).map((rank) => all(p.stretch({ rank, world: 10, tail }).samples())),
      );
      return rows.map((row) => [row.length, row.filter(({ padded }) => padded).length]);
    };
    expect(await lengths('uneven')).toEqual(upTo(10).map((rank) => [rank < 3 ? 11 : 10, 0]));
    expect(await lengths('drop')).toEqual(upTo(10).map(() => [10, 0]));
    expect(await lengths('pad')).toEqual(upTo(10).map((rank) => [11, rank < 3 ? 0 : 1]));
  });

  test.each<OrderOptions>([
    { rank: 2, world: 2 },
    { rank: -1, world: 2 },
    { world: 0 },
    { world: 1.5 },
    { start: 2 * COUNT },
    { start: -1 },
    { epoch: -1 },
    { epoch: 0.5 },
    { count: -1 },
    { count: 0.5 },
    { count: Number.NaN },
  ])('there is no stretch %j', async (options) => {
    const { p } = await withOrders();
    expect(await codeOf(() => numbersIn(p, options))).toBe('E_USAGE');
  });

  test('a stretch may be empty', async () => {
    const { p } = await withOrders();
    expect(await numbersIn(p, { count: 0 })).toEqual([]);
    expect(await numbersIn(p, { start: COUNT })).toEqual([]);
    expect(await numbersIn(p, { rank: COUNT, world: COUNT + 1 })).toEqual([]);
  });
});

test('what comes after the last turn of an epoch is nothing; what comes long after it is a mistake', async () => {
  const { p } = await withOrders();
  for (const world of [1, 2, 7])
    for (const start of [COUNT, COUNT + 1, COUNT + 6])
      expect(p.stretch({ epoch: 1, start, rank: 0, world, tail: 'pad' }).length).toBe(0);
  for (const start of [2 * COUNT, -1, COUNT + 0.5])
    expect(() => p.stretch({ epoch: 1, start })).toThrow('whole number');
  expect(() => p.stretch({ epoch: -1 })).toThrow('epoch');
});

describe('where', () => {
  test('is the inverse of the order', async () => {
    const { p, q } = await withOrders();
    for (const order of [p, q]) {
      for await (const { step, number } of order.stretch({ epoch: 5 }).samples()) {
        expect(await order.where(String(number), { epoch: 5 })).toEqual([
          { number, step, rank: 0, turn: step, padded: false },
        ]);
      }
      const [found] = await order.where('k7', { epoch: 5 }).catch(() => []);
      if (found !== undefined) expect(found.number).toBe(7);
    }
    const rank2 = await all(p.stretch({ epoch: 1, rank: 2, world: 4 }).samples());
    for (const [turn, { number, step }] of rank2.entries()) {
      expect(await p.where(String(number), { epoch: 1, world: 4 })).toEqual([
        { number, step, rank: 2, turn, padded: false },
      ]);
    }
  });

  test('agrees with what workers get who begin in the middle', async () => {
    const { p } = await withOrders();
    for (let rank = 0; rank < 4; rank++) {
      const rows = await all(p.stretch({ epoch: 1, start: 50, rank, world: 4 }).samples());
      for (const [turn, { number, step }] of rows.entries()) {
        expect(await p.where(String(number), { epoch: 1, start: 50, world: 4 })).toEqual([
          { number, step, rank, turn, padded: false },
        ]);
      }
    }
    const [, , , fourth] = await numbersIn(p, { epoch: 1 });
    const error = await failure(() => p.where(String(fourth), { epoch: 1, start: 50 }));
    expect([error.code, error.message]).toEqual(['E_NOT_FOUND', expect.stringContaining('at position 3')]);
  });

  test('names every worker that sees it, also those that see it again', async () => {
    const { p } = await withOrders();
    for (const [world, start] of [
      [7, 0],
      [9, 3],
      [COUNT + 5, 0],
      [2 * COUNT + 5, COUNT - 1],
    ] as const) {
      const options = { epoch: 1, start, world, tail: 'pad' } as const;
      const seen: SeenAt[] = [];
      for (let rank = 0; rank < world; rank++) {
        const rows = await all(p.stretch({ ...options, rank }).samples());
        for (const [turn, row] of rows.entries()) seen.push({ ...row, rank, turn });
      }
      const told: SeenAt[] = [];
      for (const number of new Set(seen.map(({ number }) => number)))
        told.push(...(await p.where(String(number), options)));
      const byWorker = (a: SeenAt, b: SeenAt): number => a.rank - b.rank || a.turn - b.turn;
      expect(told.toSorted(byWorker)).toEqual(seen.toSorted(byWorker));
      expect(told.some(({ padded }) => padded)).toBe(true);
    }
  });

  test('a sample that is not ordered is nowhere', async () => {
    const { repo, p, q } = await withOrders();
    const [outside] = await numbers(repo, 's/test');
    expect((await failure(() => q.where(String(outside)))).message).toContain('not in the part train');
    expect(await codeOf(() => q.where(`k${outside}`))).toBe('E_NOT_FOUND');
    expect(await codeOf(() => p.where(String(COUNT)))).toBe('E_NOT_FOUND');
    for (const options of [{ world: 0 }, { world: -2 }, { epoch: -1 }])
      expect(await codeOf(() => p.where('1', options))).toBe('E_USAGE');
  });
});

describe('an order is written', () => {
  test('as documents, with the seed of each sample in that epoch', async () => {
    const { q } = await withOrders();
    const stretch = q.stretch({ epoch: 3, start: 5, count: 4 });
    const rows = (await all(orderRows(q, stretch))).map(orderView);
    expect(rows.map(({ number }) => number)).toEqual((await numbersIn(q, { epoch: 3 })).slice(5, 9));
    for (const [i, row] of rows.entries()) {
      const seed = String(sampleSeed({ seed: '42', epoch: 3, number: row.number }));
      expect(row).toEqual({
        step: 5 + i,
        number: row.number,
        key: `k${row.number}`,
        path: 'a.csv',
        seed,
        padded: false,
      });
    }
  });

  test('as numpy reads it', async () => {
    const { p } = await withOrders();
    const bytes = Buffer.concat(await all(orderBytes(p.stretch({ epoch: 1, start: 3 }))));
    expect(bytes.subarray(0, 8).toString('latin1')).toBe('\x93NUMPY\x01\x00');
    const start = 10 + bytes.readUInt16LE(8);
    expect(start % 64).toBe(0);
    expect(bytes.toString('latin1', 10, start)).toMatch(
      /^\{'descr': '<i8', 'fortran_order': False, 'shape': \(100,\), \} *\n$/,
    );
    expect(upTo(100).map((i) => Number(bytes.readBigInt64LE(start + 8 * i)))).toEqual(
      await numbersIn(p, { epoch: 1, start: 3 }),
    );
    expect(bytes.length).toBe(start + 800);
  });
});

describe('a permutation that somebody wrote by hand', () => {
  async function written(change: Partial<PermutationEntity>): Promise<[Repository, string]> {
    const { repo, q } = await withOrders();
    return [
      repo,
      (await publish(repo, async () => encodePermutation({ ...q.permutation, ...change }))).toString(),
    ];
  }

  test.each<[string, Partial<PermutationEntity>, string]>([
    ['has too few', { n: 5n }, 'E_DAMAGED'],
    ['has too many', { n: 1000n }, 'E_DAMAGED'],
    ['has more than a double holds', { n: 2n ** 64n }, 'E_DAMAGED'],
    ['has a part that is not there', { part: 'dev' }, 'E_NOT_FOUND'],
    ['has no part', { part: undefined }, 'E_ENCODING'],
    ['has an algorithm of another time', { algorithm: 'dvs-perm-2' }, 'E_FORMAT'],
  ])('%s', async (_, change, code) => {
    const [repo, id] = await written(change);
    expect(await codeOf(() => Order.open(repo, id))).toBe(code);
  });

  test('is of a part of samples, which have none', async () => {
    const { repo, p } = await withOrders();
    const id = await publish(repo, async () => encodePermutation({ ...p.permutation, part: 'train' }));
    expect(await codeOf(() => Order.open(repo, id.toString()))).toBe('E_ENCODING');
  });
});

describe('a tail that is recorded', () => {
  test('is how every order ends, and makes it another permutation', async () => {
    const { repo } = await openRepository();
    write(
      join(repo.workspace.root, 'd'),
      Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`${i}.png`, `${i}`])),
    );
    await addPath(repo, 'd');
    const plain = await shuffle(repo, { reference: 'd', seed: '1', name: 'p' });
    const drop = await shuffle(repo, { reference: 'd', seed: '1', tail: 'drop', name: 'q' });
    expect(drop.id.equals(plain.id)).toBe(false);
    const order = await Order.open(repo, 'q');
    const lengths = [0, 1, 2].map((rank) => order.stretch({ rank, world: 3 }).length);
    expect(lengths).toEqual([3, 3, 3]);
    expect(() => order.stretch({ rank: 0, world: 3, tail: 'pad' })).toThrow('recorded with the tail drop');
    expect((await Order.open(repo, 'p')).stretch({ rank: 0, world: 3, tail: 'pad' }).length).toBe(4);
    const last = String((await numbersIn(order)).at(-1));
    expect(await order.where(last)).toHaveLength(1);
    expect((await failure(() => order.where(last, { world: 3 }))).message).toContain(
      'in the end that 3 workers drop',
    );
    expect((await failure(() => order.where(last, { world: 3, tail: 'pad' }))).code).toBe('E_USAGE');
  });
});
