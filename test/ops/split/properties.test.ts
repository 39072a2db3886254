import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SampleFacts } from '#src/ops/split/facts.js';
import { type Method, type Recipe, recipe } from '#src/ops/split/method.js';
import { exact } from '#src/ops/split/methods/exact.js';
import { group } from '#src/ops/split/methods/group.js';
import { kFold } from '#src/ops/split/methods/k-fold.js';
import { stable } from '#src/ops/split/methods/stable.js';
import { stratify } from '#src/ops/split/methods/stratify.js';
import { time } from '#src/ops/split/methods/time.js';
import { normalWeights, type SeededParts, type WeightedParts } from '#src/ops/split/parameters.js';
import { countsOf, listOf, partsOf, scratchHere } from './support.js';

const seed = fc.constantFrom('42', '7', 'x');
const weights = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 });
const samples = fc
  .array(
    fc.record({
      key: fc.oneof(fc.constantFrom('a', 'b', 'c'), fc.string({ maxLength: 6 })),
      label: fc.oneof(fc.constantFrom('cat', 'dog', undefined), fc.string({ maxLength: 2 })),
      group: fc.constantFrom(undefined, 'g1', 'g2', 'g3', 'g4'),
      time: fc.integer({ min: -5, max: 5 }).map(String),
      gap: fc.integer({ min: 1, max: 3 }),
    }),
    { minLength: 1, maxLength: 120 },
  )
  .map((all) => {
    let number = -1;
    return all.map(({ gap, ...facts }): SampleFacts => {
      number += gap;
      return { number, ...facts };
    });
  });

function weightedOf(all: readonly number[]): WeightedParts {
  return {
    parts: all.map((_, i) => `p${i}`),
    weights: normalWeights(all.map((weight, i) => ({ name: `p${i}`, weight }))),
  };
}

const seededRecipe = (method: Method<SeededParts>, from: string, all: readonly number[]): Recipe =>
  recipe(method, { seed: from, ...weightedOf(all) });

/** How far the greatest difference from its share is that a part has. */
function awayFromShare(parts: readonly number[], all: readonly number[]): number {
  const sum = all.reduce((a, b) => a + b, 0);
  const counts = countsOf(parts, all.length);
  return Math.max(...all.map((weight, t) => Math.abs((counts[t] ?? 0) * sum - parts.length * weight) / sum));
}

describe('a split', () => {
  test('has parts within one of their share, with exact and with time', async () => {
    const scratch = await scratchHere();
    await fc.assert(
      fc.asyncProperty(seed, weights, samples, async (from, all, list) => {
        for (const by of [seededRecipe(exact, from, all), recipe(time, weightedOf(all))]) {
          const parts = await partsOf(list, await by.divide(listOf(list), { scratch }));
          expect(awayFromShare(parts, all)).toBeLessThan(1);
        }
      }),
    );
  });

  test('has parts within two of their share, and within one of each label, with stratify', async () => {
    const scratch = await scratchHere();
    await fc.assert(
      fc.asyncProperty(seed, weights, samples, async (from, all, list) => {
        const division = await seededRecipe(stratify, from, all).divide(listOf(list), { scratch });
        const parts = await partsOf(list, division);
        expect(awayFromShare(parts, all)).toBeLessThanOrEqual(2);
        for (const label of new Set(list.map((sample) => sample.label ?? ''))) {
          const ofLabel = parts.filter((_, i) => (list[i]?.label ?? '') === label);
          expect(awayFromShare(ofLabel, all)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  test('of a thousand tiny classes fills every part', async () => {
    const list = Array.from({ length: 3000 }, (_, number) => ({
      number,
      key: `k${number}`,
      label: `l${number % 1000}`,
    }));
    const division = await seededRecipe(stratify, '1', [8, 1, 1]).divide(listOf(list, 500), {
      scratch: await scratchHere(),
    });
    expect(awayFromShare(await partsOf(list, division), [8, 1, 1])).toBeLessThan(2);
  });

  test('divides no group, with group', async () => {
    const scratch = await scratchHere();
    await fc.assert(
      fc.asyncProperty(seed, weights, samples, async (from, all, list) => {
        const parts = await partsOf(
          list,
          await seededRecipe(group, from, all).divide(listOf(list), { scratch }),
        );
        oneEach(
          list.map((sample) => sample.group ?? `no group: ${sample.key}`),
          parts,
        );
      }),
    );
  });

  test('never has equal keys in two parts, with stable and k-fold', async () => {
    const scratch = await scratchHere();
    await fc.assert(
      fc.asyncProperty(
        seed,
        weights,
        samples,
        fc.integer({ min: 2, max: 9 }),
        async (from, all, list, folds) => {
          const recipes = [seededRecipe(stable, from, all)];
          if (folds <= list.length) recipes.push(recipe(kFold, { seed: from, folds }));
          for (const by of recipes)
            oneEach(
              list.map((sample) => sample.key),
              await partsOf(list, await by.divide(listOf(list), { scratch })),
            );
        },
      ),
    );
  });

  test('moves no old sample when there are more, with stable', async () => {
    const scratch = await scratchHere();
    await fc.assert(
      fc.asyncProperty(
        seed,
        weights,
        samples,
        fc.infiniteStream(fc.boolean()),
        async (from, all, list, keep) => {
          const by = seededRecipe(stable, from, all);
          const parts = await partsOf(list, await by.divide(listOf(list), { scratch }));
          const kept = list.map(() => keep.next().value === true);
          const fewer = list.filter((_, i) => kept[i]);
          if (fewer.length === 0) return;
          expect(await partsOf(fewer, await by.divide(listOf(fewer), { scratch }))).toEqual(
            parts.filter((_, i) => kept[i]),
          );
        },
      ),
    );
  });

  test('is the same however often it is gone through, and whatever the batches are', async () => {
    const scratch = await scratchHere();
    await fc.assert(
      fc.asyncProperty(seed, weights, samples, async (from, all, list) => {
        for (const method of [stable, exact, stratify, group]) {
          const by = seededRecipe(method, from, all);
          const division = await by.divide(listOf(list), { scratch });
          const parts = await partsOf(list, division);
          expect(await partsOf(list, division)).toEqual(parts);
          expect(await partsOf(list, await by.divide(listOf(list, 1), { scratch }))).toEqual(parts);
        }
      }),
      { numRuns: 30 },
    );
  });
});

/** All with one name are in one part. */
function oneEach(names: readonly string[], parts: readonly number[]): void {
  const seen = new Map<string, number | undefined>();
  for (const [i, name] of names.entries()) {
    if (seen.has(name)) expect(parts[i]).toBe(seen.get(name));
    seen.set(name, parts[i]);
  }
}
