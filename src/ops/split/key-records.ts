import type { RecordSorter } from '../../base/record-sorter.js';
import type { Division } from './division.js';
import type { SampleList } from './facts.js';
import { NUMBER_BYTES, putDigest, putInteger } from './record.js';
import { DIGEST_BYTES, keyDigest } from './u.js';
import { withParts } from './with-parts.js';

/** Adds a record of the digest of its key, then the number, for each sample. */
export async function addKeys(samples: SampleList, sorter: RecordSorter): Promise<void> {
  const record = new Uint8Array(sorter.width);
  for await (const batch of samples.facts()) {
    for (const { number, key } of batch) {
      putDigest(record, 0, keyDigest(key), DIGEST_BYTES);
      putInteger(record, DIGEST_BYTES, number, NUMBER_BYTES);
      sorter.add(record);
    }
  }
}

/** Visits each sample with the digest of its key, and its part. */
export async function eachDivided(
  samples: SampleList,
  division: Division,
  visit: (digest: string, number: number, part: number) => void,
): Promise<void> {
  for await (const batch of withParts(samples, division)) {
    let i = 0;
    for (const { key, number } of batch.samples) visit(keyDigest(key), number, batch.parts[i++] ?? 0);
  }
}
