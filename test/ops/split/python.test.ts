import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isDvsError } from '#src/base/errors.js';
import type { Scratch } from '#src/base/scratch.js';
import { nodeId } from '#src/id/cid.js';
import type { Division } from '#src/ops/split/division.js';
import type { SampleFacts } from '#src/ops/split/facts.js';
import { type DivideOptions, type Recipe, recipe } from '#src/ops/split/method.js';
import { exact } from '#src/ops/split/methods/exact.js';
import { fromColumn } from '#src/ops/split/methods/from-column.js';
import { group } from '#src/ops/split/methods/group.js';
import { kFold } from '#src/ops/split/methods/k-fold.js';
import { like } from '#src/ops/split/methods/like.js';
import { stable } from '#src/ops/split/methods/stable.js';
import { stratify } from '#src/ops/split/methods/stratify.js';
import { time } from '#src/ops/split/methods/time.js';
import { normalWeights } from '#src/ops/split/parameters.js';
import { byLists, divisionOf, listOf, partsOf, scratchHere } from './support.js';

/*
 * fixtures/splits/split.py is written from the specification alone, with lists and Python's integers. Both must agree on
 * random cases: with keys that are equal, share long beginnings or hold any character, and with errors.
 */
const SCRIPT = fileURLToPath(new URL('../../../fixtures/splits/split.py', import.meta.url));
const VECTORS = fileURLToPath(new URL('../../../fixtures/splits/split.json', import.meta.url));
const CASES = 3000;

interface Case {
  readonly method: string;
  readonly seed: string;
  readonly weights: readonly number[];
  readonly folds: number;
  readonly lists: readonly (readonly string[] | null)[];
  readonly rest: number | null;
  readonly samples: readonly SampleFacts[];
}
interface WholeCase extends Case {
  readonly old?: Case & { readonly parts: readonly number[] };
}

const PLAIN = ['stable', 'group', 'k-fold', 'exact', 'stratify', 'time', 'from-files', 'from-column'];

const pick = <T>(...values: T[]) => fc.constantFrom(...values);
const text = (maxLength: number) => fc.string({ unit: 'binary', maxLength });
const two = (n: number) => String(n).padStart(2, '0');

const key = fc.oneof(
  pick('', 'a', 'a\0', 'a\0\0', 'B', '～', '😀', 'aa', 'aaa', 'ab'),
  text(5),
  fc.tuple(pick('x'.repeat(14), 'x'.repeat(15), 'y'.repeat(40)), text(2)).map(([head, tail]) => head + tail),
);
const number = fc
  .tuple(
    pick('', '', '-', '+'),
    pick('0', '00', '1', '2', '01', '10', '9007199254740993'),
    pick('', '.0', '.5', '.50', '.49'),
  )
  .map((parts) => parts.join(''));
const instant = fc
  .record({
    year: pick(0, 1969, 1970, 2023, 2024, 9999),
    month: pick(1, 2, 12),
    day: pick(1, 28, 29, 31),
    time: pick(
      '00:00:00',
      '23:59:59',
      '23:59:60',
      '23:59:60.5',
      '12:30:00',
      '00:00:00.000',
      '00:29:59.999999999999',
    ),
    zone: pick('Z', 'z', '+00:00', '-00:30', '+23:59', '+00:30'),
    mark: pick('T', 't', ' '),
  })
  .filter(({ month, day }) => month !== 2 || day < 29)
  .map(({ year, month, day, time: clock, zone, mark }) => {
    const ofLeap = clock.startsWith('23:59:60') ? 'Z' : zone;
    return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}${mark}${clock}${ofLeap}`;
  });
const badTime = pick(
  '',
  '1e3',
  '1.',
  '.5',
  'NaN',
  '2023-02-29T00:00:00Z',
  '2024-01-01',
  '2024-01-01T24:00:00Z',
  '12:60',
  '2024-01-01T22:59:60Z',
  '2024-13-01T00:00:00Z',
);

function samplesOf(keys: fc.Arbitrary<string>, times: fc.Arbitrary<string>): fc.Arbitrary<SampleFacts[]> {
  const one = fc.record({
    key: keys,
    label: pick(undefined, '', 'cat', 'dog', '～', '😀', 'z'),
    group: pick(undefined, '', 'g1', 'g2', '～'),
    time: times,
    part: pick('train', 'val', 'Test.1', 'a'),
    gap: pick(1, 1, 1, 2, 300),
  });
  return fc.array(one, { minLength: 1, maxLength: 40 }).map((all) => {
    let next = -1;
    return all.map(({ gap, ...facts }) => {
      next += gap;
      return { number: next, ...facts };
    });
  });
}

const plainCase: fc.Arbitrary<Case> = fc
  .tuple(fc.boolean(), pick(0, 0, 0, 0, 1))
  .chain(([ofNumbers, bad]) => {
    const good = ofNumbers ? number : instant;
    const times = bad === 0 ? good : fc.oneof({ weight: 40, arbitrary: good }, badTime, number);
    const keys = pick(0, 1).chain((few) => (few === 0 ? key : pick('a', 'b', 'x'.repeat(40), '')));
    return fc.record({
      method: pick(...PLAIN),
      seed: pick('42', '', 'ünï', 'a b'),
      weights: fc
        .array(pick(1, 2, 3, 10, 4294960000), { minLength: 1, maxLength: 5 })
        .filter((all) => all.filter((w) => w > 10).length < 2),
      folds: pick(2, 3, 7, 40),
      lists: fc.constant([]),
      rest: fc.constant(null),
      samples: samplesOf(keys, times),
    });
  });

/** Lists of the keys that there are, seldom one of another, or one twice. */
const filled = plainCase.chain((one) => {
  const keys = [...new Set(one.samples.map((sample) => sample.key))];
  return fc
    .record({
      where: fc.array(pick(0, 1, 2), { minLength: keys.length, maxLength: keys.length }),
      rest: pick(null, 2, 2),
      wrong: pick('no', 'no', 'no', 'unknown', 'twice'),
    })
    .map(({ where, rest, wrong }): Case => {
      const lists = [0, 1, 2].map((t) => keys.filter((_, i) => where[i] === t));
      if (wrong === 'unknown') lists[0]?.push('no sample has this');
      if (wrong === 'twice' && lists[0]?.[0] !== undefined) lists[1]?.push(lists[0][0]);
      return { ...one, rest, lists: lists.map((list, t) => (t === rest ? null : list)) };
    });
});

const carriedCase = fc.tuple(filled, filled, fc.boolean()).map(([old, next, more]) => ({
  ...next,
  method: 'like',
  samples: more
    ? [...old.samples, ...next.samples.map((one) => ({ ...one, number: one.number + 20_000 }))]
    : next.samples,
  old: { ...old, parts: [] },
}));

function recipeOf({ method, seed, weights, folds, lists, rest }: Case): Recipe {
  const parts = weights.map((_, i) => `part-${i}`);
  const normal = normalWeights(weights.map((weight, i) => ({ name: `part-${i}`, weight })));
  if (method === 'time') return recipe(time, { parts, weights: normal });
  if (method === 'k-fold') return recipe(kFold, { seed, folds });
  if (method === 'from-column') return recipe(fromColumn, { column: 'parent' });
  if (method === 'like') return recipe(like, { split: nodeId(new Uint8Array()) });
  if (method === 'from-files') {
    const names = lists.map((_, i) => `list-${i}`);
    return byLists(names, rest === null ? undefined : names[rest]);
  }
  const found = [stable, exact, stratify, group].find(({ name }) => name === method);
  return recipe(found ?? expect.fail(method), { seed, parts, weights: normal });
}

async function answer(one: WholeCase, scratch: Scratch): Promise<{ parts: number[] } | { error: string }> {
  const { old, samples, lists } = one;
  const options: DivideOptions = {
    scratch,
    async *keys(part) {
      yield lists[Number(part.slice(5))] ?? [];
    },
    old: old && {
      ...divisionOf(old.samples, old.parts, await dividedBy(old, scratch)),
      recipe: recipeOf(old),
      samples: listOf(old.samples),
    },
  };
  try {
    const division = await recipeOf(one).divide(listOf(samples), options);
    return { parts: await partsOf(samples, division) };
  } catch (error) {
    if (isDvsError(error, 'E_DATA')) return { error: 'data' };
    if (isDvsError(error, 'E_USAGE')) return { error: 'usage' };
    throw error;
  }
}

function dividedBy(one: Case, scratch: Scratch): Promise<Division> {
  return recipeOf(one).divide(listOf(one.samples), {
    scratch,
    async *keys(part) {
      yield one.lists[Number(part.slice(5))] ?? [];
    },
  });
}

const python = spawnSync('python3', ['--version']).status === 0;

function ask(cases: readonly WholeCase[]): unknown[] {
  const { status, stdout, stderr } = spawnSync('python3', [SCRIPT], {
    input: cases.map((one) => `${JSON.stringify(one)}\n`).join(''),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  expect([status, stderr]).toEqual([0, '']);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
}

describe.skipIf(!python)('splits in Python (skipped where there is no python3)', () => {
  test('have the frozen vectors', () => {
    const { status, stderr } = spawnSync('python3', [SCRIPT, '--check', VECTORS], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  });

  test('are the same on random cases', async () => {
    const scratch = await scratchHere();
    const cases = fc.sample(filled, { numRuns: CASES, seed: 5 });
    const expected = ask(cases);
    const seen = new Set<string>();
    for (const [i, one] of cases.entries()) {
      const found = await answer(one, scratch);
      expect(found, JSON.stringify(one)).toEqual(expected[i]);
      seen.add(`${one.method} ${'error' in found ? found.error : 'done'}`);
    }
    expect([...seen].sort()).toEqual(
      [...PLAIN.map((name) => `${name} done`), 'from-files usage', 'k-fold usage', 'time data'].sort(),
    );
  });

  test('are the same when they are carried over', async () => {
    const scratch = await scratchHere();
    const drawn = fc.sample(carriedCase, { numRuns: CASES / 2, seed: 6 });
    const cases: WholeCase[] = [];
    for (const one of drawn) {
      const found = await answer(one.old, scratch);
      if ('parts' in found) cases.push({ ...one, old: { ...one.old, parts: found.parts } });
    }
    expect(cases.length).toBeGreaterThan(CASES / 3);
    const expected = ask(cases);
    const seen = new Set<string>();
    for (const [i, one] of cases.entries()) {
      const found = await answer(one, scratch);
      expect(found, JSON.stringify(one)).toEqual(expected[i]);
      seen.add(`${one.old?.method} ${'error' in found ? found.error : 'done'}`);
    }
    expect(PLAIN.filter((name) => !seen.has(`${name} done`))).toEqual([]);
    expect(seen).toContain('from-files usage');
    expect(seen).toContain('time data');
  });
});
