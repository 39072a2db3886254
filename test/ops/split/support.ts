import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { Scratch } from '#src/base/scratch.js';
import { contentId } from '#src/id/cid.js';
import type { Division } from '#src/ops/split/division.js';
import type { SampleFacts, SampleList } from '#src/ops/split/facts.js';
import { type Recipe, recipe } from '#src/ops/split/method.js';
import { fromFiles } from '#src/ops/split/methods/from-files.js';
import { tempDir } from '../../support/tmp.js';

/** Samples in batches that fit nothing. */
export function listOf(samples: readonly SampleFacts[], batch = 7): SampleList {
  return {
    count: samples.length,
    total: (samples.at(-1)?.number ?? -1) + 1,
    async *facts() {
      yield [];
      for (let i = 0; i < samples.length; i += batch) yield samples.slice(i, i + batch);
    },
  };
}

/** Samples 0, 1, 2 … with these keys. */
export function keyed(keys: readonly string[]): SampleFacts[] {
  return keys.map((key, number) => ({ number, key }));
}

export async function scratchHere(): Promise<Scratch> {
  const scratch = new Scratch(join(await tempDir(), 'tmp'));
  onTestFinished(() => scratch.close());
  return scratch;
}

/** The part of each of the samples, after a look that all come once and in order. */
export async function partsOf(samples: readonly SampleFacts[], division: Division): Promise<number[]> {
  const numbers: number[] = [];
  const parts: number[] = [];
  for await (const batch of division.assigned()) {
    numbers.push(...batch.numbers);
    parts.push(...batch.parts);
  }
  expect(numbers).toEqual(samples.map(({ number }) => number));
  expect(parts.every((part) => division.parts.some(({ index }) => index === part))).toBe(true);
  return parts;
}

/** A division that says just this. */
export function divisionOf(
  samples: readonly SampleFacts[],
  parts: readonly number[],
  division: Pick<Division, 'parts'>,
): Division {
  return {
    parts: division.parts,
    async *assigned() {
      for (let i = 0; i < samples.length; i += 5) {
        yield {
          numbers: Float64Array.from(samples.slice(i, i + 5), ({ number }) => number),
          parts: Uint16Array.from(parts.slice(i, i + 5)),
        };
      }
    },
  };
}

export function countsOf(parts: readonly number[], length: number): number[] {
  const counts = new Array<number>(length).fill(0);
  for (const part of parts) counts[part] = (counts[part] ?? 0) + 1;
  return counts;
}

/** From lists of keys, of which here only their number counts. */
export function byLists(parts: readonly string[], rest?: string): Recipe {
  const lists = parts.filter((part) => part !== rest).map((part) => contentId(Buffer.from(part)));
  return recipe(fromFiles, { parts, lists, ...(rest === undefined ? {} : { rest }) });
}
