import type { Split } from '../../entities/split.js';
import type { Repository } from '../repository.js';
import { disjointParts, NO_PART, partsInOrder } from './parts.js';
import { openRecorded } from './recorded.js';

/** A label, and how many samples of a part have it. */
export interface LabelCount {
  readonly label: string;
  readonly count: number;
}

/** What is in a part. */
export interface ShownPart {
  readonly name: string;
  readonly count: number;
  /** The most frequent labels of the split first; undefined where samples have no labels, or too many. */
  readonly labels: readonly LabelCount[] | undefined;
}

/** What is in the parts of a split. */
export interface ShownSplit {
  /** How many samples are in its parts: those that were divided. */
  readonly total: number;
  readonly parts: readonly ShownPart[];
}

/** Labels times parts that are counted. */
const MOST_CELLS = 2_000_000;

/** Counts of the parts of a split, or of one of them, with their labels as far as the samples have any. */
export async function showSplit(repo: Repository, split: Split, only?: string): Promise<ShownSplit> {
  const { samples, set } = await openRecorded(repo, split.samples);
  const shown = split.parts.filter(({ name }) => only === undefined || name === only);
  const cells = set.labels.length * split.parts.length;
  const histograms = cells === 0 || cells > MOST_CELLS ? undefined : new Map<string, Float64Array>();
  if (histograms !== undefined) {
    const disjoint = disjointParts(split);
    const all = new Float64Array(set.labels.length);
    const counts = disjoint.map(() => new Float64Array(set.labels.length));
    for await (const { first, parts } of partsInOrder(repo, split, samples.count)) {
      for (const [i, part] of parts.entries()) {
        const label = set.labelOf(first + i);
        if (part === NO_PART || label === undefined) continue;
        all[label] = (all[label] ?? 0) + 1;
        const own = counts[part];
        if (own !== undefined) own[label] = (own[label] ?? 0) + 1;
      }
      repo.progress({
        phase: 'counting',
        bytes: 0,
        items: first + parts.length,
        totalItems: samples.count,
        unit: 'sample',
      });
    }
    for (const [i, { name }] of disjoint.entries()) histograms.set(name, counts[i] ?? all);
    for (const { name } of split.parts) {
      const fold = counts[disjoint.findIndex((part) => part.name === name.replace(/\/train$/, '/test'))];
      if (!histograms.has(name) && fold !== undefined)
        histograms.set(
          name,
          all.map((count, i) => count - (fold[i] ?? 0)),
        );
    }
  }
  return {
    total: disjointParts(split).reduce((sum, { count }) => sum + count, 0),
    parts: shown.map(({ name, count }) => ({
      name,
      count,
      labels: labelCounts(set.labels, histograms?.get(name)),
    })),
  };
}

function labelCounts(labels: readonly string[], counts: Float64Array | undefined): LabelCount[] | undefined {
  if (counts === undefined) return undefined;
  return labels
    .map((label, i) => ({ label, count: counts[i] ?? 0 }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || (a.label < b.label ? -1 : 1));
}
