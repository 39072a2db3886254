import { RecordSorter } from '../../base/record-sorter.js';
import type { Scratch } from '../../base/scratch.js';
import { type Division, plainParts } from './division.js';
import type { SampleList } from './facts.js';
import type { Labels } from './labels.js';
import type { WeightedParts } from './parameters.js';
import { PartTable } from './part-table.js';
import { Quotas } from './quotas.js';
import { isSame, NUMBER_BYTES, putDigest, putInteger, RecordCursor, takeInteger } from './record.js';
import { settleTies, type Tie } from './ties.js';
import { DIGEST_BYTES, type KeyDigest, uAt } from './u.js';

/**
 * Divides the samples of each label, in the order (u, key, number), by quotas. Sorts records of label, digest of the key
 * and number: the digest begins with u, and the same digest means the same key. Where two keys have one u, the order
 * of their digests is not that of the keys: `settleTies` mends that.
 */
export async function divideByQuota(
  samples: SampleList,
  { parts, weights }: WeightedParts,
  labels: Labels,
  digest: KeyDigest,
  scratch: Scratch,
): Promise<Division> {
  const digestAt = labels.bytes;
  const numberAt = digestAt + DIGEST_BYTES;
  const table = new PartTable(samples.total, parts.length);
  const sorter = new RecordSorter(scratch, numberAt + NUMBER_BYTES);
  try {
    const record = new Uint8Array(sorter.width);
    for await (const batch of samples.facts()) {
      for (const sample of batch) {
        putInteger(record, 0, labels.rankOf(sample), labels.bytes);
        putDigest(record, digestAt, digest(sample.key), DIGEST_BYTES);
        putInteger(record, numberAt, sample.number, NUMBER_BYTES);
        sorter.add(record);
      }
    }
    const ties = assign();
    if (ties.length > 0) await settleTies({ samples, sorter, digestAt, ties, table, scratch });
  } finally {
    sorter.close();
  }
  return table.division(plainParts(parts));

  /** Fills the table in order of the records. Returns where one label has different keys with the same u. */
  function assign(): Tie[] {
    const quotas = new Quotas(weights);
    const ties: Tie[] = [];
    const cursor = new RecordCursor(sorter);
    const before = new Uint8Array(numberAt);
    let ordinal = 0;
    for (const count of labels.counts) {
      const ends = quotas.next(count);
      let part = 0;
      let uBefore = -1;
      let tie: Tie | undefined;
      let from = ordinal;
      for (let i = 0; i < count && !cursor.isAtEnd; i++, ordinal++) {
        const { bytes, at } = cursor;
        while (i >= (ends[part] ?? Infinity)) part++;
        table.set(takeInteger(bytes, at + numberAt, NUMBER_BYTES), part + 1);
        const u = uAt(bytes, at + digestAt);
        if (u !== uBefore) {
          from = ordinal;
          tie = undefined;
        } else if (tie !== undefined) {
          tie.to = ordinal + 1;
        } else if (!isSame(bytes, at, before, 0, numberAt)) {
          tie = { from, to: ordinal + 1 };
          ties.push(tie);
        }
        uBefore = u;
        cursor.copyTo(before, numberAt);
        cursor.next();
      }
    }
    return ties;
  }
}
