import { compareUtf8 } from '../../base/bytes.js';
import { DvsError } from '../../base/errors.js';
import { RecordSorter } from '../../base/record-sorter.js';
import type { Scratch } from '../../base/scratch.js';
import type { SampleList } from './facts.js';
import type { PartTable } from './part-table.js';
import { NUMBER_BYTES, putInteger, RecordCursor, takeInteger } from './record.js';
import { DIGEST_BYTES } from './u.js';

/** Records from the `from`th until before the `to`th in order, which have the same label and u but different keys. */
export interface Tie {
  readonly from: number;
  to: number;
}

const TIE_BYTES = 4;
const RANK_BYTES = 4;

/**
 * Within ties the samples get their parts again, in the order (key, number). As every tie keeps the parts that it had, nothing
 * else changes. Among 100 million keys one tie is to be expected.
 */
export async function settleTies({
  samples,
  sorter,
  digestAt,
  ties,
  table,
  scratch,
}: {
  readonly samples: SampleList;
  /** Records with a digest at `digestAt`, then a number. */
  readonly sorter: RecordSorter;
  readonly digestAt: number;
  readonly ties: readonly Tie[];
  readonly table: PartTable;
  readonly scratch: Scratch;
}): Promise<void> {
  const numberAt = digestAt + DIGEST_BYTES;
  const digests = ties.map(() => new Map<string, number>());
  const parts = ties.map(() => new Map<number, number>());
  forTied((tie, digest, number) => {
    const seen = digests[tie];
    const counts = parts[tie];
    if (seen?.has(digest) === false) seen.set(digest, number);
    const part = table.get(number);
    counts?.set(part, (counts.get(part) ?? 0) + 1);
  });
  const ranks = await ranksOf(samples, digests);
  const again = new RecordSorter(scratch, TIE_BYTES + RANK_BYTES + NUMBER_BYTES);
  try {
    const record = new Uint8Array(again.width);
    forTied((tie, digest, number) => {
      putInteger(record, 0, tie, TIE_BYTES);
      putInteger(record, TIE_BYTES, ranks[tie]?.get(digest) ?? 0, RANK_BYTES);
      putInteger(record, TIE_BYTES + RANK_BYTES, number, NUMBER_BYTES);
      again.add(record);
    });
    const cursor = new RecordCursor(again);
    for (const counts of parts) {
      // Samples in order fill the lower parts first.
      for (const [part, count] of [...counts].sort(([a], [b]) => a - b)) {
        for (let i = 0; i < count; i++, cursor.next()) {
          table.set(takeInteger(cursor.bytes, cursor.at + TIE_BYTES + RANK_BYTES, NUMBER_BYTES), part);
        }
      }
    }
  } finally {
    again.close();
  }

  function forTied(visit: (tie: number, digest: string, number: number) => void): void {
    const cursor = new RecordCursor(sorter);
    let tie = 0;
    for (let ordinal = 0; !cursor.isAtEnd; ordinal++, cursor.next()) {
      if (ordinal === ties[tie]?.to) tie++;
      if (tie === ties.length) return;
      if (ordinal < (ties[tie]?.from ?? Infinity)) continue;
      const at = cursor.at + digestAt;
      const digest = Buffer.from(cursor.bytes.subarray(at, at + DIGEST_BYTES)).toString('latin1');
      visit(tie, digest, takeInteger(cursor.bytes, cursor.at + numberAt, NUMBER_BYTES));
    }
  }
}

/** For each tie: the place of each of its digests in the byte order of the keys. `digests` have the number of a sample each. */
async function ranksOf(
  samples: SampleList,
  digests: readonly ReadonlyMap<string, number>[],
): Promise<Map<string, number>[]> {
  const keys = new Map<number, string | undefined>();
  for (const seen of digests) for (const number of seen.values()) keys.set(number, undefined);
  for await (const batch of samples.facts()) {
    for (const { number, key } of batch) if (keys.has(number)) keys.set(number, key);
  }
  const keyOf = (number: number): string => {
    const key = keys.get(number);
    if (key === undefined) throw new DvsError('E_INTERNAL', 'a sample was there before');
    return key;
  };
  return digests.map((seen) => {
    const sorted = [...seen].sort(([, a], [, b]) => compareUtf8(keyOf(a), keyOf(b)));
    return new Map(sorted.map(([digest], rank) => [digest, rank]));
  });
}
