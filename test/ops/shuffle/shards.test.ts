import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Deal, type Dealt, Shards, TAILS } from '#src/ops/shuffle/shards.js';
import { codeOf, failure } from '../../support/errors.js';

const ranks = (world: number): number[] => Array.from({ length: world }, (_, rank) => rank);
const dealtBy = (shards: Shards): Dealt[][] => ranks(shards.world).map((rank) => [...shards.positions(rank)]);
/** As one reads them in the tests: padded positions have a +. */
const shown = (deal: Deal): string[] =>
  dealtBy(new Shards(deal)).map((dealt) =>
    dealt.map(({ position, padded }) => `${position}${padded ? '+' : ''}`).join(' '),
  );
/** All positions in the order of the turns, and of the ranks within a turn. */
const inTurns = (shards: Shards): Dealt[] => {
  const dealt = dealtBy(shards);
  return ranks(Math.max(...dealt.map(({ length }) => length))).flatMap((turn) =>
    dealt.flatMap((own) => own[turn] ?? []),
  );
};

const deals = fc
  .record({ n: fc.integer({ min: 1, max: 60 }), world: fc.integer({ min: 1, max: 70 }), part: fc.nat() })
  .chain(({ n, world, part }) =>
    fc.constantFrom(...TAILS.filter((tail) => tail !== 'drop' || world <= n)).map((tail) => ({
      n,
      world,
      tail,
      start: part % (n + 1),
    })),
  );

describe('ten positions for four ranks', () => {
  test('uneven: the first ranks get one more; this is what happens when nothing is said', () => {
    expect(shown({ n: 10, world: 4 })).toEqual(['0 4 8', '1 5 9', '2 6', '3 7']);
    expect(shown({ n: 10, world: 4, tail: 'uneven' })).toEqual(shown({ n: 10, world: 4 }));
  });

  test('drop: the last two are left out', () => {
    expect(shown({ n: 10, world: 4, tail: 'drop' })).toEqual(['0 4', '1 5', '2 6', '3 7']);
    expect(new Shards({ n: 10, world: 4, tail: 'drop' }).dropped).toBe(2);
  });

  test('pad: two come again, from the beginning of the order', () => {
    expect(shown({ n: 10, world: 4, tail: 'pad' })).toEqual(['0 4 8', '1 5 9', '2 6 0+', '3 7 1+']);
    expect(new Shards({ n: 10, world: 4, tail: 'pad' }).padded).toBe(2);
  });

  test('after five were consumed, by however many ranks', () => {
    expect(shown({ n: 10, world: 4, start: 5 })).toEqual(['5 9', '6', '7', '8']);
    expect(shown({ n: 10, world: 4, start: 5, tail: 'drop' })).toEqual(['5', '6', '7', '8']);
    expect(shown({ n: 10, world: 4, start: 5, tail: 'pad' })).toEqual(['5 9', '6 0+', '7 1+', '8 2+']);
  });

  test('after all were consumed there is nothing, not even to pad', () => {
    for (const tail of TAILS) expect(shown({ n: 10, world: 4, start: 10, tail })).toEqual(['', '', '', '']);
  });
});

test('more ranks than positions: some get none, or the order again and again', async () => {
  expect(shown({ n: 2, world: 5 })).toEqual(['0', '1', '', '', '']);
  expect(shown({ n: 2, world: 5, tail: 'pad' })).toEqual(['0', '1', '0+', '1+', '0+']);
  const error = await failure(() => new Shards({ n: 2, world: 5, tail: 'drop' }));
  expect([error.code, error.message]).toEqual([
    'E_USAGE',
    expect.stringContaining('5 ranks share 2 positions'),
  ]);
});

test('fewer positions left than ranks may be dropped at the end of an epoch', () => {
  const shards = new Shards({ n: 10, world: 4, start: 8, tail: 'drop' });
  expect([shards.length(0), shards.dropped]).toEqual([0, 2]);
});

describe('for every deal', () => {
  test('turn by turn the ranks get the global order from the start on, without a gap', () => {
    fc.assert(
      fc.property(deals, (deal) => {
        const shards = new Shards(deal);
        const own = inTurns(shards).filter(({ padded }) => !padded);
        const left = deal.n - deal.start - shards.dropped;
        expect(own.map(({ position }) => position)).toEqual(ranks(left).map((i) => deal.start + i));
      }),
    );
  });

  test('what comes again is the beginning of the order, after all else, and is counted', () => {
    fc.assert(
      fc.property(deals, (deal) => {
        const shards = new Shards(deal);
        const again = inTurns(shards).slice(deal.n - deal.start - shards.dropped);
        expect(again).toEqual(ranks(shards.padded).map((i) => ({ position: i % deal.n, padded: true })));
      }),
    );
  });

  test('lengths are what one gets, even with drop and pad, within one of each other else', () => {
    fc.assert(
      fc.property(deals, (deal) => {
        const shards = new Shards(deal);
        const lengths = dealtBy(shards).map(({ length }) => length);
        expect(ranks(deal.world).map((rank) => shards.length(rank))).toEqual(lengths);
        const spread = Math.max(...lengths) - Math.min(...lengths);
        expect(spread).toBeLessThanOrEqual(deal.tail === 'uneven' ? 1 : 0);
        expect(shards.dropped).toBeLessThan(deal.world);
        expect(shards.padded).toBeLessThan(deal.world);
      }),
    );
  });

  test('one turn is found without those before it', () => {
    fc.assert(
      fc.property(deals, fc.nat(), (deal, any) => {
        const shards = new Shards(deal);
        const rank = any % deal.world;
        const all = [...shards.positions(rank)];
        expect(all.map((_, turn) => shards.at(rank, turn))).toEqual(all);
        const from = any % (all.length + 1);
        expect([...shards.positions(rank, from)]).toEqual(all.slice(from));
      }),
    );
  });

  test('training that goes on with other ranks sees every position once', () => {
    fc.assert(
      fc.property(deals, fc.integer({ min: 1, max: 60 }), fc.nat({ max: 60 }), (deal, other, turns) => {
        const before = new Shards({ ...deal, tail: 'uneven' });
        const start = before.reached(turns);
        const first = dealtBy(before).flatMap((dealt) => dealt.slice(0, turns));
        const rest = dealtBy(new Shards({ n: deal.n, world: other, start })).flat();
        const seen = [...first, ...rest].map(({ position }) => position).sort((a, b) => a - b);
        expect(seen).toEqual(ranks(deal.n - deal.start).map((i) => deal.start + i));
      }),
    );
  });

  test('after the last turn the epoch is over, dropped positions included', () => {
    fc.assert(
      fc.property(deals, (deal) => {
        const shards = new Shards(deal);
        const turns = Math.max(...ranks(deal.world).map((rank) => shards.length(rank)));
        expect(shards.reached(turns)).toBe(deal.n);
        expect(shards.reached(turns + 5)).toBe(deal.n);
        expect(shards.reached(0)).toBe(turns === 0 ? deal.n : deal.start);
      }),
    );
  });
});

test('counts exactly up to 2⁵³', () => {
  const n = 2 ** 53;
  const shards = new Shards({ n, world: 3, tail: 'pad' });
  const turns = Number((2n ** 53n + 2n) / 3n);
  expect(ranks(3).map((rank) => shards.length(rank))).toEqual([turns, turns, turns]);
  expect([...shards.positions(1, turns - 2)]).toEqual([
    { position: n - 4, padded: false },
    { position: n - 1, padded: false },
  ]);
  expect(shards.at(2, turns - 1)).toEqual({ position: 0, padded: true });
});

describe('refused as wrong use', () => {
  test.each([
    [{ n: 0, world: 1 }, 'n has to be'],
    [{ n: 1.5, world: 1 }, 'n has to be'],
    [{ n: 10, world: 0 }, 'the number of ranks has to be'],
    [{ n: 10, world: Number.NaN }, 'the number of ranks has to be'],
    [{ n: 10, world: 4, start: 11 }, 'start has to be a whole number from 0 to 10, not 11'],
    [{ n: 10, world: 4, start: -1 }, 'start has to be'],
  ])('%j', async (deal, says) => {
    const error = await failure(() => new Shards(deal));
    expect([error.code, error.message]).toEqual(['E_USAGE', expect.stringContaining(says)]);
  });

  test('a tail that is not in the list', async () => {
    const wrong: { n: number; world: number } = JSON.parse('{"n":10,"world":4,"tail":"wrap"}');
    expect((await failure(() => new Shards(wrong))).hint).toContain('uneven, drop, pad');
  });

  test('a rank, a turn or a number of turns that there is not', async () => {
    const shards = new Shards({ n: 10, world: 4 });
    expect((await failure(() => shards.length(4))).message).toBe(
      'a rank has to be a whole number from 0 to 3, not 4',
    );
    expect(await codeOf(() => shards.at(-1, 0))).toBe('E_USAGE');
    expect(await codeOf(() => shards.at(0, 3))).toBe('E_USAGE');
    expect(await codeOf(() => shards.at(2, 2))).toBe('E_USAGE');
    expect(await codeOf(() => shards.positions(2, 3))).toBe('E_USAGE');
    expect(await codeOf(() => shards.reached(-1))).toBe('E_USAGE');
    expect(await codeOf(() => new Shards({ n: 2, world: 5 }).at(4, 0))).toBe('E_USAGE');
  });
});
