import type { RecordCodec } from '../../base/spill.js';
import type { DatasetEntry } from '../../entities/dataset.js';
import { MAX_PATH_BYTES } from '../../entities/path.js';
import { endOfEntry, MAX_ENTRY_RECORD, putEntry, takeEntry } from '../../entities/record.js';
import { DIGEST_LENGTH, type Digest } from '../../id/hash.js';
import { putStat, STAT_RECORD, takeStat } from '../../workspace/stat-record.js';
import type { Expected } from './place.js';

/**
 * What becomes of a path. `same`: it is as it should be. `write`: it is made or replaced. `remove`: what is there
 * goes. `stranger`: what is there was never added, so it stays unless it is in the way.
 */
export const FATES = ['same', 'write', 'remove', 'stranger'] as const;
export type Fate = (typeof FATES)[number];

export interface Planned {
  readonly fate: Fate;
  readonly path: string;
  /** What is to be written, else what is there. */
  readonly entry: DatasetEntry;
  /** What is there now. */
  readonly stat: Expected;
}

const NOTHING = 0;
const STAT = 1;
const ANYTHING = 2;
const CONTENT = 3;

/** As records: u8 fate, u8 what is there, its stat and digest if they are known, entry, path. */
export const planned: RecordCodec<Planned> = {
  maxLength: 2 + STAT_RECORD + DIGEST_LENGTH + MAX_ENTRY_RECORD + MAX_PATH_BYTES,
  put(target, at, { fate, path, entry, stat }) {
    target.writeUInt8(FATES.indexOf(fate), at);
    target.writeUInt8(kindOf(stat), at + 1);
    let end = at + 2;
    if (typeof stat === 'object') {
      end = putStat(target, end, stat);
      if (stat.digest !== undefined) {
        target.set(stat.digest, end);
        end += DIGEST_LENGTH;
      }
    }
    const pathAt = putEntry(target, end, entry);
    return pathAt + target.write(path, pathAt, 'utf8');
  },
  take(record) {
    const kind = record.readUInt8(1);
    const statEnd = kind === STAT || kind === CONTENT ? 2 + STAT_RECORD : 2;
    const entryAt = kind === CONTENT ? statEnd + DIGEST_LENGTH : statEnd;
    const digest = new Uint8Array(record.subarray(statEnd, entryAt));
    return {
      fate: fateOf(record),
      path: record.toString('utf8', endOfEntry(record, entryAt)),
      entry: takeEntry(record, entryAt),
      stat: takeExpected(record, kind, digest),
    };
  },
};

function kindOf(stat: Expected): number {
  if (stat === undefined) return NOTHING;
  if (stat === 'anything') return ANYTHING;
  return stat.digest === undefined ? STAT : CONTENT;
}

function takeExpected(record: Buffer, kind: number, digest: Digest): Expected {
  if (kind === ANYTHING) return 'anything';
  if (kind === STAT) return takeStat(record, 2);
  return kind === CONTENT ? { ...takeStat(record, 2), digest } : undefined;
}

/** The fate alone, without taking the rest of a record apart. */
export function fateOf(record: Buffer): Fate {
  return FATES[record.readUInt8(0)] ?? 'same';
}

/** Where things are. */
export function* pathsOf(items: Iterable<{ readonly path: string }>): Generator<string> {
  for (const { path } of items) yield path;
}
