import { describe, expect, test } from 'vitest';
import { Seeded } from '#bench/seeded.js';
import { ROUNDS } from '#src/ops/shuffle/network.js';
import { NumberPermutation } from '#src/ops/shuffle/of-numbers.js';
import { roundKeys } from '#src/ops/shuffle/round-keys.js';
import { chiSquare, deviation } from './chi-square.js';

/*
 * Does an order look like one that was drawn by chance? Each test sums up many orders in one number that is normally
 * distributed if so. The same test is made of three kinds of orders: ours, those that a Fisher–Yates shuffle makes with
 * a good source (a control: the test itself is right), and ours with four rounds instead of twelve, or two (the test sees
 * something). Everything has fixed seeds, so what passes once passes always.
 */

/** What chance goes beyond once in 15,000 times. */
const CHANCE = 4;
/** What it does not, once in 10⁹ times. */
const NO_CHANCE = 6;

/** Orders of 0 … n−1, one after the other: those of keys 0, 1, 2 … */
interface Orders {
  readonly n: number;
  readonly keys: number;
  readonly values: Int32Array;
}

/** How many orders of each size: what four rounds need to show. */
const KEYS = new Map([
  [10, 20_000],
  [97, 20_000],
  [256, 16_000],
  [1000, 3000],
  [65_537, 48],
]);
const SIZES = [...KEYS.keys()];

/** Epochs of one seed, or seeds of one epoch. */
type Neighbours = 'epochs' | 'seeds';

const made = new Map<string, Orders>();

/** Made when first asked for: several tests look at the same ones. */
function orders(name: string, n: number, make: (key: number, order: Int32Array) => void): Orders {
  const known = made.get(`${name} ${n}`);
  if (known !== undefined) return known;
  const keys = KEYS.get(n) ?? 0;
  const values = new Int32Array(keys * n);
  for (let key = 0; key < keys; key++) make(key, values.subarray(key * n, (key + 1) * n));
  made.set(`${name} ${n}`, { n, keys, values });
  return { n, keys, values };
}

function ours(n: number, rounds: number, neighbours: Neighbours): Orders {
  return orders(`${rounds} ${neighbours}`, n, (key, order) => {
    const recipe = neighbours === 'epochs' ? { n, seed: '42', epoch: key } : { n, seed: `${key}`, epoch: 0 };
    const permuted = new NumberPermutation(n, roundKeys(recipe), rounds);
    for (let i = 0; i < n; i++) order[i] = permuted.at(i);
  });
}

function control(n: number): Orders {
  const random = new Seeded(n);
  return orders('control', n, (_, order) => {
    for (let i = 0; i < n; i++) {
      const other = random.below(i + 1);
      order[i] = order[other] ?? 0;
      order[other] = i;
    }
  });
}

const CELLS = 4;

/**
 * How evenly the members of each class of positions spread over the classes of values, within every single order. The
 * sums of a table with fixed margins are (n−1)/n of a chi-square with (classes − 1)² degrees of freedom.
 */
function uniformity({ n, keys, values }: Orders, classOf: (i: number) => number): number {
  const sizes = new Float64Array(CELLS);
  const classes = Uint8Array.from({ length: n }, (_, i) => classOf(i));
  for (const index of classes) sizes[index] = (sizes[index] ?? 0) + 1;
  const expected = (cell: number): number =>
    ((sizes[Math.floor(cell / CELLS)] ?? 0) * (sizes[cell % CELLS] ?? 0)) / n;
  let sum = 0;
  for (let key = 0; key < keys; key++) {
    const counted = new Float64Array(CELLS * CELLS);
    for (let i = 0; i < n; i++) {
      const cell = (classes[i] ?? 0) * CELLS + (classes[values[key * n + i] ?? 0] ?? 0);
      counted[cell] = (counted[cell] ?? 0) + 1;
    }
    sum += (chiSquare(counted, expected) * (n - 1)) / n;
  }
  return deviation(sum, keys * (CELLS - 1) ** 2);
}

/** Differences are counted each by itself, or in as many stretches as this. */
const CLASSES = 1000;

/** How even the differences `at(i + lag) − at(i)` mod n are, that are 1 … n−1. */
function pairs({ n, keys, values }: Orders, lag: number): number {
  const classes = Math.min(n - 1, CLASSES);
  const classOf = (difference: number): number => Math.floor(((difference - 1) * classes) / (n - 1));
  const sizes = new Float64Array(classes);
  for (let d = 1; d < n; d++) sizes[classOf(d)] = (sizes[classOf(d)] ?? 0) + 1;
  const counted = new Float64Array(classes);
  for (let key = 0; key < keys; key++) {
    const order = values.subarray(key * n, (key + 1) * n);
    for (let i = 0; i < n; i++) {
      const index = classOf(((order[(i + lag) % n] ?? 0) - (order[i] ?? 0) + n) % n);
      counted[index] = (counted[index] ?? 0) + 1;
    }
  }
  const sum = chiSquare(counted, (index) => (keys * n * (sizes[index] ?? 0)) / (n - 1));
  return deviation(sum, classes - 1);
}

/**
 * How even what the orders of keys e and e+1 differ by is, mod n: at one position (lag 0), or in the difference of two
 * positions. Two differences of independent orders are the same once in n−1 times, and each other distance is as
 * frequent as any.
 */
function neighbouring({ n, keys, values }: Orders, lag: number): number {
  const classes = Math.min(n, CLASSES);
  const classOf = (distance: number): number => Math.floor((distance * classes) / n);
  const chances = new Float64Array(classes);
  const same = lag === 0 ? 1 / n : 1 / (n - 1);
  for (let d = 0; d < n; d++) {
    chances[classOf(d)] = (chances[classOf(d)] ?? 0) + (d === 0 ? same : (1 - same) / (n - 1));
  }
  const difference = (order: Int32Array, i: number): number =>
    lag === 0 ? (order[i] ?? 0) : (order[(i + lag) % n] ?? 0) - (order[i] ?? 0);
  const counted = new Float64Array(classes);
  let before = values.subarray(0, n);
  for (let key = 1; key < keys; key++) {
    const order = values.subarray(key * n, (key + 1) * n);
    for (let i = 0; i < n; i++) {
      const index = classOf((difference(order, i) - difference(before, i) + 2 * n) % n);
      counted[index] = (counted[index] ?? 0) + 1;
    }
    before = order;
  }
  return deviation(
    chiSquare(counted, (index) => (keys - 1) * n * (chances[index] ?? 0)),
    classes - 1,
  );
}

/** What is tested, on which sizes, and where four rounds give themselves away. */
interface Statistic {
  readonly what: string;
  readonly of: (orders: Orders) => number;
  readonly keys: Neighbours;
  /** How many rounds it sees through: two where four give each position any value as often as any other. */
  readonly rounds: 2 | 4;
  /** The sizes at which so few rounds fail; elsewhere the walk, or too few orders, hide them. */
  readonly seen: readonly number[];
}

const STATISTICS: readonly Statistic[] = [
  {
    what: 'stretches of positions spread over stretches of values',
    of: (orders) => uniformity(orders, (i) => Math.floor((i * CELLS) / orders.n)),
    keys: 'epochs',
    rounds: 4,
    seen: [256, 1000],
  },
  {
    what: 'positions spread over values by their remainders',
    of: (orders) => uniformity(orders, (i) => i % CELLS),
    keys: 'epochs',
    rounds: 4,
    seen: [97, 256, 1000],
  },
  {
    what: 'differences of successive values',
    of: (orders) => pairs(orders, 1),
    keys: 'epochs',
    rounds: 4,
    seen: [97, 256, 1000],
  },
  {
    what: 'differences of values half the order apart',
    of: (orders) => pairs(orders, orders.n >> 1),
    keys: 'epochs',
    rounds: 4,
    seen: [256, 1000, 65_537],
  },
  ...(['epochs', 'seeds'] as const).flatMap((kind) => [
    {
      what: `values at one position in neighbouring ${kind}`,
      of: (orders: Orders) => neighbouring(orders, 0),
      keys: kind,
      rounds: 2 as const,
      seen: [10, 97, 65_537],
    },
    {
      what: `differences of values half the order apart, in neighbouring ${kind}`,
      of: (orders: Orders) => neighbouring(orders, orders.n >> 1),
      keys: kind,
      rounds: 4 as const,
      seen: [256],
    },
  ]),
];

describe.each(STATISTICS)('$what', ({ of, keys, rounds, seen }) => {
  test.each(SIZES)('are those of chance, for an n of %i', (n) => {
    expect(Math.abs(of(control(n)))).toBeLessThan(CHANCE);
    expect(Math.abs(of(ours(n, ROUNDS, keys)))).toBeLessThan(CHANCE);
  });

  test.each(seen)(`are not, of ${rounds} rounds, for an n of %i`, (n) => {
    expect(Math.abs(of(ours(n, rounds, keys)))).toBeGreaterThan(NO_CHANCE);
  });
});
