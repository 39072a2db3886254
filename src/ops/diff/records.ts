import type { RecordCodec } from '../../base/spill.js';
import type { DatasetEntry } from '../../entities/dataset.js';
import { MAX_PATH_BYTES } from '../../entities/path.js';
import { endOfEntry, MAX_ENTRY_RECORD, putEntry, takeEntry } from '../../entities/record.js';

/** A path on one side only. */
export interface OneSided {
  readonly path: string;
  readonly entry: DatasetEntry;
}

/** A path with something else on either side. */
export interface Modified {
  readonly path: string;
  readonly before: DatasetEntry;
  readonly after: DatasetEntry;
}

/** Changes as records: the entry or both, then the path. */
export const oneSided: RecordCodec<OneSided> = {
  maxLength: MAX_ENTRY_RECORD + MAX_PATH_BYTES,
  put(target, at, { path, entry }) {
    const end = putEntry(target, at, entry);
    return end + target.write(path, end, 'utf8');
  },
  take: (record) => ({
    path: record.toString('utf8', endOfEntry(record, 0)),
    entry: takeEntry(record, 0),
  }),
};

export const modifiedEntry: RecordCodec<Modified> = {
  maxLength: 2 * MAX_ENTRY_RECORD + MAX_PATH_BYTES,
  put(target, at, { path, before, after }) {
    const end = putEntry(target, putEntry(target, at, before), after);
    return end + target.write(path, end, 'utf8');
  },
  take(record) {
    const second = endOfEntry(record, 0);
    const path = record.toString('utf8', endOfEntry(record, second));
    return { path, before: takeEntry(record, 0), after: takeEntry(record, second) };
  },
};
