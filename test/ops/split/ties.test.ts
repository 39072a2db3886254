import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareUtf8 } from '#src/base/bytes.js';
import { divideByQuota } from '#src/ops/split/by-quota.js';
import type { SampleFacts } from '#src/ops/split/facts.js';
import { labelsOf, oneLabel } from '#src/ops/split/labels.js';
import { Quotas } from '#src/ops/split/quotas.js';
import { uOf } from '#src/ops/split/u.js';
import { listOf, partsOf, scratchHere } from './support.js';

/** A hash with only three values of u, whose digests are in another order than the keys. */
function crowded(key: string): string {
  const digest = createHash('sha256').update(key).digest();
  const first = [0, 7, 255][(digest[31] ?? 0) % 3] ?? 0;
  return Buffer.concat([Buffer.alloc(6, first), Buffer.of(0x50 | ((digest[0] ?? 0) & 15)), digest]).toString(
    'latin1',
  );
}

/** By sorting all at once. */
function expected(samples: readonly SampleFacts[], weights: readonly number[], isByLabel: boolean): number[] {
  const quotas = new Quotas(weights);
  const labelOf = ({ label = '' }: SampleFacts) => (isByLabel ? label : '');
  const found = new Map<number, number>();
  for (const label of [...new Set(samples.map(labelOf))].sort(compareUtf8)) {
    const ordered = samples
      .filter((sample) => labelOf(sample) === label)
      .sort(
        (a, b) =>
          uOf(crowded(a.key)) - uOf(crowded(b.key)) || compareUtf8(a.key, b.key) || a.number - b.number,
      );
    const ends = quotas.next(ordered.length);
    for (const [i, sample] of ordered.entries())
      found.set(
        sample.number,
        ends.findIndex((end) => i < end),
      );
  }
  return samples.map(({ number }) => found.get(number) ?? -1);
}

describe('keys with the same u', () => {
  test('are in byte order of the keys, equal ones by number', async () => {
    const scratch = await scratchHere();
    const some = fc.array(
      fc.record({
        key: fc.oneof(fc.string({ unit: 'binary', maxLength: 3 }), fc.constantFrom('a', 'b', '～', '😀')),
        label: fc.constantFrom(undefined, 'x', 'y'),
      }),
      { minLength: 1, maxLength: 60 },
    );
    await fc.assert(
      fc.asyncProperty(
        some,
        fc.constantFrom([1, 1], [3, 1, 2], [1]),
        fc.boolean(),
        async (all, weights, isByLabel) => {
          const samples = all.map((facts, i) => ({ ...facts, number: i * 2 }));
          const list = listOf(samples);
          const labels = isByLabel ? await labelsOf(list) : oneLabel(list);
          const parts = weights.map((_, i) => `p${i}`);
          const division = await divideByQuota(list, { parts, weights }, labels, crowded, scratch);
          expect(await partsOf(samples, division)).toEqual(expected(samples, weights, isByLabel));
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('quotas', () => {
  test('are exact beyond 2⁵³', () => {
    const quotas = new Quotas([2 ** 32 - 2, 1]);
    // 2⁵²−1 is 2²⁰·(2³²−1) + 2²⁰−1: the second part gets 2²⁰, the one left over goes to the first.
    expect([...quotas.next(2 ** 52 - 1)]).toEqual([2 ** 52 - 1 - 2 ** 20, 2 ** 52 - 1]);
    expect([...quotas.next(0)]).toEqual([0, 0]);
  });

  test('give what is left over to the lower part of two that lack the same', () => {
    const quotas = new Quotas([1, 1, 1]);
    expect([...quotas.next(1)]).toEqual([1, 1, 1]);
    expect([...quotas.next(1)]).toEqual([0, 1, 1]);
    expect([...quotas.next(5)]).toEqual([2, 3, 5]);
  });
});
