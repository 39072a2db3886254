import { compareBytes } from '../../../base/bytes.js';
import { divideByOrder } from '../by-order.js';
import { plainParts, type Rule } from '../division.js';
import type { SampleFacts } from '../facts.js';
import type { Method, OldSplit } from '../method.js';
import { fieldsOf, parseWeightedParts, type WeightedParts } from '../parameters.js';
import { Quotas } from '../quotas.js';
import { TimeOrder } from '../time-order.js';
import { withParts } from '../with-parts.js';

/** The earliest samples in the first part, the latest in the last one. Sizes are those of `exact`. */
export const time: Method<WeightedParts> = {
  name: 'time',
  version: 1,
  needs: ['time'],
  parse: (value) => parseWeightedParts(fieldsOf(value, ['parts', 'weights'])),
  encode: ({ parts, weights }) => ({ parts: [...parts], weights: [...weights] }),
  async divide(samples, { parts, weights }, { scratch }) {
    const ends = new Quotas(weights).next(samples.count);
    const table = await divideByOrder(samples, ends, bytesInOrder(), scratch);
    return table.division(plainParts(parts));
  },
  place: (_, old) => fromFirstOnes(old),
};

/** The order of (time, key): times are no beginnings of one another. */
function bytesInOrder(): (sample: SampleFacts) => Uint8Array {
  const times = new TimeOrder();
  return (sample) => Buffer.from(times.sortable(sample) + sample.key);
}

/** A new sample goes to the last part that begins before it does, else to the first part. */
async function fromFirstOnes(old: OldSplit): Promise<Rule> {
  const bytesOf = bytesInOrder();
  const firsts: (Uint8Array | undefined)[] = old.parts.map(() => undefined);
  for await (const { samples, parts } of withParts(old.samples, old)) {
    for (const [i, part] of parts.entries()) {
      const sample = samples[i];
      if (sample === undefined) continue;
      const bytes = bytesOf(sample);
      const first = firsts[part];
      if (first === undefined || compareBytes(bytes, first) < 0) firsts[part] = bytes;
    }
  }
  return {
    parts: old.parts,
    partOf(sample) {
      const bytes = bytesOf(sample);
      const last = firsts.findLastIndex((first) => first !== undefined && compareBytes(first, bytes) <= 0);
      return Math.max(0, last);
    },
  };
}
