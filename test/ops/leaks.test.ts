import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Scratch } from '#src/base/scratch.js';
import { sha256 } from '#src/id/hash.js';
import { chooseChecks, LEAK_CHECKS } from '#src/ops/leaks/checks.js';
import { type Leak, LeakFinder } from '#src/ops/leaks/find.js';
import { type LeakSample, type LeakSubject, MARK_LENGTH } from '#src/ops/leaks/sample.js';
import { codeOf } from '../support/errors.js';
import { tempDir } from '../support/tmp.js';

interface Seen {
  readonly mark: string;
  readonly cohort: number;
}

/** What a finder finds; samples are numbered as they come, each cohort by itself. */
async function found(
  cohorts: readonly boolean[],
  seen: readonly Seen[],
): Promise<{ leaks: Leak[]; unlisted: number }> {
  const scratch = new Scratch(await tempDir());
  const finder = new LeakFinder(
    'content',
    cohorts.map((isOwn, i) => ({ name: `c${i}`, isOwn })),
    scratch,
  );
  try {
    const next = cohorts.map(() => 0);
    for (const { mark, cohort } of seen) {
      const number = next[cohort] ?? 0;
      next[cohort] = number + 1;
      finder.add(sha256(Buffer.from(mark)), cohort, number);
    }
    const leaks = finder.find();
    return { leaks, unlisted: finder.unlisted };
  } finally {
    finder.close();
    scratch.close();
  }
}

/** The same with plain maps: things, and samples of both, for each pair of cohorts. */
function plainly(cohorts: readonly boolean[], seen: readonly Seen[]): object[] {
  const pairs: object[] = [];
  for (let a = 0; a < cohorts.length; a++) {
    for (let b = a + 1; b < cohorts.length; b++) {
      if (cohorts[a] !== true && cohorts[b] !== true) continue;
      const marksOf = (cohort: number): string[] =>
        seen.flatMap((one) => (one.cohort === cohort ? [one.mark] : []));
      const common = new Set(marksOf(a).filter((mark) => marksOf(b).includes(mark)));
      if (common.size === 0) continue;
      const counted = (cohort: number): number => marksOf(cohort).filter((mark) => common.has(mark)).length;
      pairs.push({ a, b, things: common.size, samplesOfA: counted(a), samplesOfB: counted(b) });
    }
  }
  return pairs;
}

describe('what two cohorts have in common', () => {
  test('is what plain maps find', async () => {
    const cases = fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }).chain((cohorts) =>
      fc.tuple(
        fc.constant(cohorts),
        fc.array(fc.record({ mark: fc.constantFrom(...'abcdefgh'), cohort: fc.nat(cohorts.length - 1) }), {
          maxLength: 30,
        }),
      ),
    );
    await fc.assert(
      fc.asyncProperty(cases, async ([cohorts, seen]) => {
        const { leaks } = await found(cohorts, seen);
        const counts = leaks.map(({ a, b, things, samplesOfA, samplesOfB }) => ({
          a,
          b,
          things,
          samplesOfA,
          samplesOfB,
        }));
        expect(counts).toEqual(plainly(cohorts, seen));
        const marks = cohorts.map((_, cohort) =>
          seen.filter((one) => one.cohort === cohort).map(({ mark }) => mark),
        );
        for (const { a, b, examples, things } of leaks) {
          expect(examples.length).toBe(things);
          for (const pair of examples) {
            const mark = marks[a]?.[pair.a];
            expect(marks[b]?.[pair.b]).toBe(mark);
            expect(marks[a]?.indexOf(mark ?? '')).toBe(pair.a);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  test('has a thousand examples at most', async () => {
    const seen = Array.from({ length: 2400 }, (_, i) => ({ mark: String(i >> 1), cohort: i % 2 }));
    const { leaks } = await found([true, true], seen);
    expect(leaks.map(({ things, examples }) => [things, examples.length])).toEqual([[1200, 1000]]);
  });

  test('is told of the first hundred cohorts of a thing, and that there are more', async () => {
    const cohorts = Array.from({ length: 105 }, () => true);
    const seen = cohorts.flatMap((_, cohort) => [
      { mark: 'everywhere', cohort },
      { mark: String(cohort >> 1), cohort },
    ]);
    const { leaks, unlisted } = await found(cohorts, seen);
    expect(leaks.length).toBe((100 * 99) / 2 + 2); // the pairs of the first 100, and 100 with 101, 102 with 103
    expect(unlisted).toBe(5);
  });

  test('is told of ten thousand pairs, the rest is counted', async () => {
    const cohorts = Array.from({ length: 300 }, () => true);
    const seen = [0, 100, 200].flatMap((from) =>
      Array.from({ length: 100 }, (_, i) => ({ mark: String(from), cohort: from + i })),
    );
    const { leaks, unlisted } = await found(cohorts, seen);
    expect([leaks.length, unlisted]).toEqual([10_000, 3 * 4950 - 10_000]);
  });

  test('also of marks that are shorter, and all zero', async () => {
    const scratch = new Scratch(await tempDir());
    const finder = new LeakFinder(
      'x',
      [
        { name: 'a', isOwn: true },
        { name: 'b', isOwn: true },
      ],
      scratch,
    );
    finder.add(new Uint8Array(MARK_LENGTH), 0, 0);
    finder.add(Uint8Array.of(1), 0, 2 ** 48 - 1);
    finder.add(new Uint8Array(0), 1, 0);
    finder.add(Uint8Array.of(1, 0), 1, 1);
    expect(finder.find()).toMatchObject([
      {
        things: 2,
        examples: [
          { a: 0, b: 0 },
          { a: 2 ** 48 - 1, b: 1 },
        ],
      },
    ]);
    finder.close();
    scratch.close();
  });
});

describe('checks', () => {
  const SAMPLE: LeakSample = { number: 0, digest: 'ab'.repeat(32), group: undefined, cells: undefined };
  const ROWS: LeakSubject = { hasGroups: false, hasCells: true, ignored: [] };

  /** The marks of a sample by one check. */
  function marks(check: string, sample: Partial<LeakSample>, subject: Partial<LeakSubject> = {}): string[] {
    const [only] = chooseChecks([check]);
    return (only?.marks({ ...SAMPLE, ...sample }, { ...ROWS, ...subject }) ?? []).map((mark) =>
      Buffer.from(mark).toString('hex'),
    );
  }

  test('are chosen by name', async () => {
    expect(chooseChecks([]).map(({ name }) => name)).toEqual(LEAK_CHECKS);
    expect(chooseChecks(['group', 'content']).map(({ name }) => name)).toEqual(['content', 'group']);
    expect(await codeOf(() => chooseChecks(['content', 'nothing']))).toBe('E_USAGE');
  });

  test('content goes by bytes, or by the cells that count', () => {
    expect(marks('content', {})).toEqual(['ab'.repeat(32)]);
    const subject = { ignored: ['id'] };
    const [one] = marks('content', { cells: ['a', 'b'] }, subject);
    expect(marks('content', { cells: ['a', 'b'], digest: 'cd'.repeat(32) }, subject)).toEqual([one]);
    for (const cells of [['ab', ''], ['a', 'B'], ['a', 'b', ''], ['a', undefined], ['a","b']])
      expect(marks('content', { cells }, subject)).not.toEqual([one]);
  });

  test.each([
    [['A dog', 'x'], ['  a\tDOG\n', 'X'], true],
    [['\ufb01sh'], ['fish'], true],
    [['e\u0301'], ['\u00e9'], true],
    [['a b'], ['ab'], false],
    [['a', 'b'], ['b', 'a'], false],
    [['a', ''], ['a', undefined], true],
    [['a'], ['a', ''], false],
  ])('normalised: %j and %j: %s', (a, b, same) => {
    expect(marks('normalised', { cells: a })[0] === marks('normalised', { cells: b })[0]).toBe(same);
  });

  test('what has no group, or no cells, cannot leak by them', () => {
    for (const group of [undefined, '']) expect(marks('group', { group })).toEqual([]);
    expect(marks('group', { group: ' ' }).length).toBe(1);
    expect(marks('normalised', { cells: undefined })).toEqual([]);
  });
});
