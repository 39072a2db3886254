import { DvsError } from '../../base/errors.js';
import type { Division } from './division.js';
import type { SampleFacts, SampleList } from './facts.js';

/** Samples with the parts that they are in: `samples[i]` in `parts[i]`, valid until the next. */
export interface Divided {
  readonly samples: readonly SampleFacts[];
  readonly parts: Uint16Array;
}

/** Samples beside their parts. E_ENCODING where those are not the samples, or the parts, that the division has. */
export async function* withParts(
  samples: SampleList,
  division: Division,
): AsyncGenerator<Divided, void, undefined> {
  const batches = division.assigned()[Symbol.asyncIterator]();
  const end = division.parts.reduce((most, { index }) => Math.max(most, index + 1), 0);
  let numbers: Float64Array = new Float64Array(0);
  let parts: Uint16Array = new Uint16Array(0);
  let at = 0;
  const load = async (): Promise<boolean> => {
    at = 0;
    do {
      const next = await batches.next();
      if (next.done === true) return false;
      numbers = next.value.numbers;
      parts = next.value.parts;
    } while (numbers.length === 0);
    return true;
  };
  try {
    for await (const batch of samples.facts()) {
      const found = new Uint16Array(batch.length);
      let i = 0;
      for (const { number } of batch) {
        if (at === numbers.length && !(await load())) throw notThese();
        const part = parts[at] ?? 0;
        if (numbers[at++] !== number || part >= end) throw notThese();
        found[i++] = part;
      }
      yield { samples: batch, parts: found };
    }
    if (at < numbers.length || (await load())) throw notThese();
  } finally {
    await batches.return?.();
  }
}

function notThese(): DvsError {
  return new DvsError(
    'E_ENCODING',
    'the parts of a split have other members than the samples that it splits',
  );
}
