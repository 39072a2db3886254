import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Carried, carryOver } from '#src/ops/split/carry.js';
import type { SampleFacts } from '#src/ops/split/facts.js';
import { type OldSplit, type Recipe, recipe } from '#src/ops/split/method.js';
import { exact } from '#src/ops/split/methods/exact.js';
import { fromColumn } from '#src/ops/split/methods/from-column.js';
import { stable } from '#src/ops/split/methods/stable.js';
import { time } from '#src/ops/split/methods/time.js';
import { movedBetween } from '#src/ops/split/moved.js';
import { codeOf, failure } from '../../support/errors.js';
import { byLists, divisionOf, keyed, listOf, partsOf, scratchHere } from './support.js';

const PARTS = {
  parts: ['train', 'val', 'test'].map((name, index) => ({ name, index, isComplement: false })),
};
const weighted = { parts: ['train', 'val', 'test'], weights: [1, 1, 1] };
const byStable = recipe(stable, { seed: '42', ...weighted });

const oldOf = (samples: readonly SampleFacts[], parts: readonly number[], by: Recipe): OldSplit => ({
  ...divisionOf(samples, parts, PARTS),
  recipe: by,
  samples: listOf(samples),
});

async function carried(
  old: OldSplit,
  samples: readonly SampleFacts[],
): Promise<{ parts: number[]; result: Carried }> {
  const result = await carryOver(old, listOf(samples), await scratchHere());
  return { parts: await partsOf(samples, result), result };
}

describe('a split that is carried over', () => {
  test('has the j-th sample of a key where the j-th was, and further ones where the last was', async () => {
    const old = oldOf(keyed(['a', 'b', 'a', 'gone', 'a']), [2, 0, 1, 0, 0], byStable);
    const { parts, result } = await carried(old, keyed(['a', 'a', 'b', 'b', 'a', 'a', 'a']));
    expect(parts).toEqual([2, 1, 0, 0, 0, 0, 0]);
    expect(result).toMatchObject({ kept: 4, added: [3, 0, 0], gone: 1, moved: [] });
  });

  test('has fewer of a key in the parts of the first ones', async () => {
    const old = oldOf(keyed(['a', 'a', 'a']), [1, 2, 0], byStable);
    const { parts, result } = await carried(old, keyed(['a', 'a']));
    expect(parts).toEqual([1, 2]);
    expect(result).toMatchObject({ kept: 2, added: [0, 0, 0], gone: 1, moved: [] });
  });

  test('has new keys where the old method puts them; exact goes by the hash alone', async () => {
    const keys = Array.from({ length: 50 }, (_, i) => `new ${i}`);
    const byHash = await partsOf(
      keyed(keys),
      await byStable.divide(listOf(keyed(keys)), { scratch: await scratchHere() }),
    );
    for (const by of [byStable, recipe(exact, { seed: '42', ...weighted })]) {
      const { parts, result } = await carried(oldOf(keyed(['a']), [2], by), keyed(['a', ...keys]));
      expect(parts).toEqual([2, ...byHash]);
      expect(result.added.reduce((a, b) => a + b)).toBe(50);
    }
  });

  test('has a new time in the last part that had begun by then', async () => {
    const at = (...times: [string, number][]): SampleFacts[] =>
      times.map(([key, when], number) => ({ number, key, time: String(when) }));
    const old = oldOf(at(['a', 10], ['b', 20], ['m', 30], ['n', 30]), [0, 0, 2, 2], recipe(time, weighted));
    const { parts } = await carried(old, at(['A', 5], ['c', 29], ['l', 30], ['mm', 30], ['z', 99], ['m', 1]));
    expect(parts).toEqual([0, 0, 0, 2, 2, 2]);
  });

  test('has parts that only the column of new samples names after those that there were', async () => {
    const inPart = (key: string, number: number, part: string): SampleFacts => ({ number, key, part });
    const old = oldOf([inPart('a', 0, 'test')], [2], recipe(fromColumn, { column: 'parent' }));
    const { parts, result } = await carried(old, [
      inPart('a', 0, 'train'),
      inPart('x', 1, 'zeta'),
      inPart('y', 2, 'alpha'),
      inPart('z', 3, 'val'),
    ]);
    expect(result.parts.map(({ name }) => name)).toEqual(['train', 'val', 'test', 'alpha', 'zeta']);
    expect(parts).toEqual([2, 4, 3, 1]);
    expect(result.added).toEqual([0, 1, 0, 1, 1]);
  });

  test('from files needs a part for the rest only if there are new keys', async () => {
    const old = (rest: string | undefined) => oldOf(keyed(['a']), [1], byLists(weighted.parts, rest));
    expect((await carried(old(undefined), keyed(['a', 'a']))).parts).toEqual([1, 1]);
    expect((await carried(old('test'), keyed(['a', 'b']))).parts).toEqual([1, 2]);
    const { code, message } = await failure(() => carried(old(undefined), keyed(['a', 'b'])));
    expect([code, message]).toEqual(['E_USAGE', 'sample 1 (key "b") is new, and no part takes the rest']);
  });

  test('cannot be one whose members are not its samples', async () => {
    const samples = keyed(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
    const right = oldOf(samples, [0, 0, 0, 1, 1, 1, 2, 2], byStable);
    for (const list of [samples.slice(1), samples.slice(0, 5), [...samples, { number: 8, key: 'i' }]])
      expect(await codeOf(() => carried({ ...right, samples: listOf(list) }, samples))).toBe('E_ENCODING');
    expect(
      await codeOf(() =>
        carried(
          oldOf(
            samples,
            samples.map(() => 3),
            byStable,
          ),
          samples,
        ),
      ),
    ).toBe('E_ENCODING');
  });

  test('never has a key in a part that it was not in', async () => {
    const scratch = await scratchHere();
    const keys = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(keys, keys, fc.infiniteStream(fc.nat(2)), async (before, after, random) => {
        const where = before.map(() => random.next().value ?? 0);
        const result = await carryOver(oldOf(keyed(before), where, byStable), listOf(keyed(after)), scratch);
        expect(result.moved).toEqual([]);
        expect(result.kept + result.added.reduce((a, b) => a + b)).toBe(after.length);
        expect(result.kept + result.gone).toBe(before.length);
        const parts = await partsOf(keyed(after), result);
        for (const [i, part] of parts.entries()) {
          const were = where.filter((_, j) => before[j] === after[i]);
          if (were.length > 0) expect(were).toContain(part);
        }
      }),
    );
  });
});

test('what moved is found in the result', async () => {
  const side = (keys: readonly string[], parts: readonly number[]) => ({
    samples: listOf(keyed(keys)),
    division: divisionOf(keyed(keys), parts, PARTS),
  });
  const before = side(['a', 'b', 'c', 'c', 'd', 'gone'], [0, 2, 0, 1, 2, 0]);
  const after = side(['a', 'b', 'b', 'c', 'd', 'new'], [0, 2, 0, 2, 0, 2]);
  expect(await movedBetween(before, after, await scratchHere())).toEqual({
    moved: [
      { from: 0, to: 2, keys: 1 },
      { from: 1, to: 2, keys: 1 },
      { from: 2, to: 0, keys: 2 },
    ],
    ambiguous: { keys: 1, samples: 1 },
  });
});
