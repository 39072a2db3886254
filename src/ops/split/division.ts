import type { SampleFacts, SampleList } from './facts.js';

/** A part of a split, under the name that references have for it. */
export interface PartName {
  readonly name: string;
  /** Which of the parts that samples are assigned to. */
  readonly index: number;
  /** It has the samples that are not in that part. */
  readonly isComplement: boolean;
}

/** The parts of some samples: sample `numbers[i]` is in part `parts[i]`. Valid until the next batch. */
export interface Assigned {
  readonly numbers: Float64Array;
  readonly parts: Uint16Array;
}

/** Which part every sample is in. */
export interface Division {
  readonly parts: readonly PartName[];
  /** All samples, ascending by number; can be gone through as often as wanted. */
  assigned(): AsyncIterable<Assigned>;
}

/** Says of every sample by itself which part it is in. */
export interface Rule {
  readonly parts: readonly PartName[];
  partOf(sample: SampleFacts): number;
}

/** Parts that have the samples that are assigned to them. */
export function plainParts(names: readonly string[]): PartName[] {
  return names.map((name, index) => ({ name, index, isComplement: false }));
}

/** What a rule says of samples: nothing is held. */
export function byRule(samples: SampleList, { parts, partOf }: Rule): Division {
  return {
    parts,
    async *assigned() {
      for await (const batch of samples.facts()) {
        const numbers = new Float64Array(batch.length);
        const found = new Uint16Array(batch.length);
        let i = 0;
        for (const sample of batch) {
          numbers[i] = sample.number;
          found[i++] = partOf(sample);
        }
        yield { numbers, parts: found };
      }
    },
  };
}
