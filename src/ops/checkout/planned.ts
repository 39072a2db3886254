import type { RecordCodec } from '../../base/spill.js';
import type { DatasetEntry } from '../../entities/dataset.js';
import { MAX_PATH_BYTES } from '../../entities/path.js';
import { endOfEntry, MAX_ENTRY_RECORD, putEntry, takeEntry } from '../../entities/record.js';
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

/** As records: u8 fate, u8 what is there, its stat if it has one, entry, path. */
export const planned: RecordCodec<Planned> = {
  maxLength: 2 + STAT_RECORD + MAX_ENTRY_RECORD + MAX_PATH_BYTES,
  put(target, at, { fate, path, entry, stat }) {
    target.writeUInt8(FATES.indexOf(fate), at);
    target.writeUInt8(stat === undefined ? NOTHING : stat === 'anything' ? ANYTHING : STAT, at + 1);
    const end = typeof stat === 'object' ? putStat(target, at + 2, stat) : at + 2;
    const pathAt = putEntry(target, end, entry);
    return pathAt + target.write(path, pathAt, 'utf8');
  },
  take(record) {
    const kind = record.readUInt8(1);
    const entryAt = kind === STAT ? 2 + STAT_RECORD : 2;
    return {
      fate: fateOf(record),
      path: record.toString('utf8', endOfEntry(record, entryAt)),
      entry: takeEntry(record, entryAt),
      stat: kind === STAT ? takeStat(record, 2) : kind === ANYTHING ? 'anything' : undefined,
    };
  },
};

/** The fate alone, without taking the rest of a record apart. */
export function fateOf(record: Buffer): Fate {
  return FATES[record.readUInt8(0)] ?? 'same';
}
