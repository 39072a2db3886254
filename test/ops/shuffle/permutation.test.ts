import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Seeded } from '#bench/seeded.js';
import { permutation } from '#src/ops/shuffle/permutation.js';
import { codeOf, failure } from '../../support/errors.js';

/*
 * The values in fixtures/splits are frozen: if a test here fails, the code is wrong, or every order ever
 * recorded changes.
 */
const SPLITS = new URL('../../../fixtures/splits/', import.meta.url);

interface Vector {
  readonly n: string;
  readonly epoch: number;
  readonly seed: string;
  readonly at: Readonly<Record<string, string>>;
}
const VECTORS: readonly Vector[] = JSON.parse(readFileSync(new URL('permutation.json', SPLITS), 'utf8'));

const MOST = 2 ** 53;
const named = { seed: 'imagenet', epoch: 7 };

describe('the vectors', () => {
  test('hold in bigints, both ways', () => {
    for (const { n, epoch, seed, at } of VECTORS) {
      const order = permutation({ n: BigInt(n), epoch, seed });
      for (const [i, value] of Object.entries(at)) {
        expect([n, i, order.at(BigInt(i)), order.indexOf(BigInt(value))]).toEqual([
          n,
          i,
          BigInt(value),
          BigInt(i),
        ]);
      }
    }
    expect(VECTORS).toHaveLength(100);
  });

  test('hold in numbers up to 2⁵³, both ways', () => {
    const upTo = VECTORS.filter(({ n }) => BigInt(n) <= MOST);
    for (const { n, epoch, seed, at } of upTo) {
      const order = permutation({ n: Number(n), epoch: BigInt(epoch), seed });
      for (const [i, value] of Object.entries(at)) {
        expect([n, i, order.at(Number(i)), order.indexOf(Number(value))]).toEqual([
          n,
          i,
          Number(value),
          Number(i),
        ]);
      }
    }
    expect(upTo.at(-1)?.n).toBe(String(MOST));
  });
});

describe('a permutation', () => {
  test('has every value once, and finds its position, for every n to 5,000', () => {
    for (let n = 1; n <= 5000; n++) {
      const order = permutation({ n, seed: '42', epoch: n % 3 });
      const seen = new Uint8Array(n);
      let wrong = 0;
      for (let i = 0; i < n; i++) {
        const value = order.at(i);
        seen[value] = 1;
        if (order.indexOf(value) !== i) wrong++;
      }
      expect([n, wrong, seen.indexOf(0)]).toEqual([n, 0, -1]);
    }
  });

  test('is the same in numbers and in bigints', () => {
    const index = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    // Of each length in bits as many, not half of all near 2⁵³.
    const size = fc
      .integer({ min: 1, max: 53 })
      .chain((bits) => fc.maxSafeInteger().map((all) => (Math.abs(all) % 2 ** bits) + 1));
    fc.assert(
      fc.property(size, index, fc.string({ unit: 'grapheme' }), fc.nat(), (n, fraction, text, epoch) => {
        const seed = text.replaceAll('\n', ' ');
        const i = Math.floor(fraction * n);
        const small = permutation({ n, seed, epoch });
        const large = permutation({ n: BigInt(n), seed, epoch: BigInt(epoch) });
        expect(large.at(BigInt(i))).toBe(BigInt(small.at(i)));
        expect(large.indexOf(BigInt(i))).toBe(BigInt(small.indexOf(i)));
      }),
      { numRuns: 2000 },
    );
  });

  test('is another one for another n, seed and epoch', () => {
    const start = (n: number, seed: string, epoch: number) =>
      [...permutation({ n, seed, epoch }).slice(0, 20)].join();
    const all = [start(1000, '1', 0), start(1001, '1', 0), start(1000, '2', 0), start(1000, '1', 1)];
    expect(new Set(all).size).toBe(4);
  });

  test('gives a stretch of its order, as often as one goes through it', () => {
    const order = permutation({ n: 10, ...named });
    const all = Array.from({ length: 10 }, (_, i) => order.at(i));
    expect([...order.slice()]).toEqual(all);
    expect([...order.slice(7)]).toEqual(all.slice(7));
    const middle = order.slice(3, 4);
    expect([[...middle], [...middle]]).toEqual([all.slice(3, 7), all.slice(3, 7)]);
    expect([...order.slice(8, 5)]).toEqual(all.slice(8));
    expect([...order.slice(10, 5)]).toEqual([]);
    expect([...order.slice(2, 0)]).toEqual([]);
    expect([...permutation({ n: 10n, ...named }).slice(8n, 5n)]).toEqual(all.slice(8).map(BigInt));
  });

  test('reaches the last positions of the largest there are', () => {
    const last = [...permutation({ n: MOST, ...named }).slice(MOST - 2, 9)];
    const large = permutation({ n: BigInt(MOST), ...named });
    expect(last.map(BigInt)).toEqual([large.at(BigInt(MOST) - 2n), large.at(BigInt(MOST) - 1n)]);
    const largest = permutation({ n: 2n ** 64n, ...named });
    expect([...largest.slice(2n ** 64n - 1n, 9n)].map((value) => largest.indexOf(value))).toEqual([
      2n ** 64n - 1n,
    ]);
  });

  test('has the values of the last, incomplete stretch, where halves have all 32 bits', () => {
    const n = 2n ** 63n + 2n ** 31n + 6n;
    const order = permutation({ n, ...named });
    for (const value of [2n ** 63n, 2n ** 63n + 5n, 2n ** 63n + 2n ** 31n, n - 1n]) {
      expect(order.at(order.indexOf(value))).toBe(value);
    }
  });
});

const python = spawnSync('python3', ['--version']).status === 0;
test.skipIf(!python)(
  'permutation.py gives the same in 10,000 cases up to 2⁶⁴ (skipped without python3)',
  () => {
    const random = new Seeded(5);
    const below = (end: bigint): bigint => random.bytes(16).readBigUInt64LE() % end;
    const cases = Array.from({ length: 10_000 }, (_, number) => {
      const bits = BigInt(random.below(65));
      const n = bits === 64n && number % 2 === 0 ? 2n ** 64n : below(2n ** bits) + 1n;
      const seed = random.pick(['0', '42', 'ünïcode – 🎲', '', `${number}`]);
      return {
        n,
        seed,
        epoch: below(2n ** BigInt(random.below(60))),
        i: below(n),
        inverse: number % 2 === 1,
      };
    });
    const questions = cases.map(({ n, seed, epoch, i, inverse }) =>
      JSON.stringify({ n: `${n}`, seed, epoch: `${epoch}`, [inverse ? 'indexOf' : 'at']: `${i}` }),
    );
    const { stdout, stderr } = spawnSync('python3', [fileURLToPath(new URL('permutation.py', SPLITS))], {
      input: `${questions.join('\n')}\n`,
      encoding: 'utf8',
      maxBuffer: 2 ** 24,
    });
    expect(stderr).toBe('');
    const answers = stdout.trimEnd().split('\n');
    const ours = cases.map(({ n, seed, epoch, i, inverse }) => {
      const order = permutation({ n, seed, epoch });
      return String(inverse ? order.indexOf(i) : order.at(i));
    });
    expect(ours).toEqual(answers);
  },
);

describe('refused as wrong use', () => {
  const make = (n: number | bigint, seed = '', epoch: number | bigint = 0) =>
    typeof n === 'bigint' ? permutation({ n, seed, epoch }) : permutation({ n, seed, epoch });

  test.each([0, -1, 1.5, Number.NaN, MOST + 2, Number.POSITIVE_INFINITY, 0n, -1n, 2n ** 64n + 1n])(
    'an n of %s',
    async (n) => {
      expect((await failure(() => make(n))).message).toMatch(
        /^n has to be a whole number from 1 to \d+, not /,
      );
      expect(await codeOf(() => make(n))).toBe('E_USAGE');
    },
  );

  test.each([-1, 0.5, Number.NaN, MOST, -1n])('an epoch of %s', async (epoch) => {
    const error = await failure(() => make(10, '', epoch));
    expect([error.code, error.message]).toEqual(['E_USAGE', expect.stringContaining('epoch has to be')]);
  });

  test('an epoch beyond 2⁵³−1 is a bigint', async () => {
    expect((await failure(() => make(10, '', MOST))).message).toContain('bigint');
    expect(make(10, '', BigInt(MOST)).n).toBe(10);
  });

  test.each([
    ['a\nb', 'line feed'],
    ['\ud83c', 'surrogate'],
    ['\udfb2x', 'surrogate'],
  ])('a seed of %j', async (seed, says) => {
    const error = await failure(() => make(10, seed));
    expect([error.code, error.message]).toEqual(['E_USAGE', expect.stringContaining(says)]);
  });

  test.each([-1, 10, 2.5, Number.NaN])('position or value %s of 10', async (i) => {
    const order = permutation({ n: 10, ...named });
    expect((await failure(() => order.at(i))).message).toBe(
      `a position has to be a whole number from 0 to 9, not ${i}`,
    );
    expect(await codeOf(() => order.at(i))).toBe('E_USAGE');
    expect(await codeOf(() => order.indexOf(i))).toBe('E_USAGE');
  });

  test.each([-1n, 10n])('position or value %sn of 10', async (i) => {
    const order = permutation({ n: 10n, ...named });
    expect(await codeOf(() => order.at(i))).toBe('E_USAGE');
    expect(await codeOf(() => order.indexOf(i))).toBe('E_USAGE');
  });

  test.each([
    [10, 5n, 'number'],
    [2n ** 64n, 5, 'bigint'],
    [10, '5', 'number'],
  ])('of %s the position or value %s, where types do not tell', async (n, i, type) => {
    const order = make(n);
    for (const [asked, what] of [
      [order.at, 'a position'],
      [order.indexOf, 'a value'],
      [order.slice, 'start'],
    ] as const) {
      const error = await failure(() => Reflect.apply(asked, order, [i]));
      expect([error.code, error.message]).toEqual([
        'E_USAGE',
        `${what} has to be a ${type}, as n is, and not of type ${typeof i}`,
      ]);
    }
    const counted = await failure(() => Reflect.apply(order.slice, order, [undefined, i]));
    expect(counted.message).toMatch(/^count has to be a /);
  });

  test('a stretch from beyond the end, or of less than nothing', async () => {
    const order = permutation({ n: 10, ...named });
    expect(await codeOf(() => order.slice(11))).toBe('E_USAGE');
    expect(await codeOf(() => order.slice(-1))).toBe('E_USAGE');
    expect(await codeOf(() => order.slice(0, -1))).toBe('E_USAGE');
    expect(await codeOf(() => order.slice(0, 1.5))).toBe('E_USAGE');
    const large = permutation({ n: 10n, ...named });
    expect(await codeOf(() => large.slice(11n))).toBe('E_USAGE');
    expect(await codeOf(() => large.slice(0n, -1n))).toBe('E_USAGE');
  });
});
