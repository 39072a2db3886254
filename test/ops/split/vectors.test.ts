import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { SampleFacts } from '#src/ops/split/facts.js';
import { recipe } from '#src/ops/split/method.js';
import { exact } from '#src/ops/split/methods/exact.js';
import { group } from '#src/ops/split/methods/group.js';
import { kFold } from '#src/ops/split/methods/k-fold.js';
import { stable } from '#src/ops/split/methods/stable.js';
import { stratify } from '#src/ops/split/methods/stratify.js';
import { time } from '#src/ops/split/methods/time.js';
import { normalWeights } from '#src/ops/split/parameters.js';
import { firstBefore, foldEnds, splitDigest, uAt, uOf, weightEnds } from '#src/ops/split/u.js';
import { listOf, partsOf, scratchHere } from './support.js';

/* The frozen vectors of dvs-split-1: if a test here fails, the code is wrong. */

interface MemberCase {
  readonly method: string;
  readonly seed?: string;
  readonly weights?: readonly number[];
  readonly k?: number;
  readonly parts: readonly number[];
}
interface Vectors {
  readonly u: readonly { readonly seed: string; readonly key: string; readonly u: number }[];
  readonly members: {
    readonly keys: readonly string[];
    readonly labels: readonly string[];
    readonly groups: readonly (string | null)[];
    readonly times: readonly number[];
    readonly cases: readonly MemberCase[];
  };
}

const vectors: Vectors = JSON.parse(
  readFileSync(new URL('../../../fixtures/splits/split.json', import.meta.url), 'utf8'),
);
const { keys, labels, groups, times, cases } = vectors.members;
const samples: SampleFacts[] = keys.map((key, number) => ({
  number,
  key,
  label: labels[number],
  group: groups[number] ?? undefined,
  time: String(times[number]),
}));

function recipeOf({ method, seed = '', weights = [], k = 0 }: MemberCase) {
  const parts = weights.map((_, i) => `part-${i}`);
  const normal = normalWeights(weights.map((weight, i) => ({ name: `part-${i}`, weight })));
  if (method === 'time') return recipe(time, { parts, weights: normal });
  if (method === 'k-fold') return recipe(kFold, { seed, folds: k });
  const found = [stable, exact, stratify, group].find(({ name }) => name === method);
  return recipe(found ?? expect.fail(method), { seed, parts, weights: normal });
}

describe('the vectors of dvs-split-1', () => {
  test.each(vectors.u)('u($key) with the seed $seed', ({ seed, key, u }) => {
    const digest = splitDigest(seed)(key);
    expect(uOf(digest)).toBe(u);
    expect(uAt(Buffer.from(`..${digest}`, 'latin1'), 2)).toBe(u);
  });

  test.each(cases)('$method with the seed $seed and weights $weights', async (one) => {
    const division = await recipeOf(one).divide(listOf(samples), { scratch: await scratchHere() });
    expect(await partsOf(samples, division)).toEqual(one.parts);
  });
});

describe('where parts end', () => {
  const END = 2n ** 52n;

  test.each([2, 3, 7, 10, 999, 1000])('is exact for %i folds', (folds) => {
    const ends = foldEnds(folds);
    for (const [t, end] of ends.entries()) {
      for (const u of [end - 1, end].filter((value) => value < 2 ** 52)) {
        expect(firstBefore(ends, u)).toBe(Number((BigInt(u) * BigInt(folds)) / END));
      }
      expect(firstBefore(ends, end - 1)).toBe(t);
    }
  });

  test('is exact for weights', () => {
    expect([...weightEnds([8, 1, 1])]).toEqual([3602879701896396, 4053239664633446, 2 ** 52]);
    expect([...weightEnds([1, 2 ** 32 - 2])]).toEqual([1048576, 2 ** 52]);
    expect(firstBefore(weightEnds([8, 1, 1]), 3602879701896395)).toBe(0);
    expect(firstBefore(weightEnds([8, 1, 1]), 3602879701896396)).toBe(1);
    expect(firstBefore(weightEnds([1]), 2 ** 52 - 1)).toBe(0);
  });
});
