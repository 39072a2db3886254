import type { RecordCodec } from '../../base/spill.js';
import type { DatasetEntry } from '../../entities/dataset.js';
import { MAX_PATH_BYTES } from '../../entities/path.js';
import { endOfEntry, MAX_ENTRY_RECORD, putEntry, takeEntry } from '../../entities/record.js';
import type { Edit } from '../../tree/edit.js';

const REMOVED = 0;
const PUT = 1;

/** What one side did to a path, as a record: u8 whether it has an entry now, the entry if so, the path. */
export const takenEdit: RecordCodec<Edit<DatasetEntry>> = {
  maxLength: 1 + MAX_ENTRY_RECORD + MAX_PATH_BYTES,
  put(target, at, { key, value }) {
    target.writeUInt8(value === undefined ? REMOVED : PUT, at);
    const end = value === undefined ? at + 1 : putEntry(target, at + 1, value);
    return end + target.write(key, end, 'utf8');
  },
  take(record) {
    if (record.readUInt8(0) === REMOVED) return { key: record.toString('utf8', 1) };
    return { key: record.toString('utf8', endOfEntry(record, 1)), value: takeEntry(record, 1) };
  },
};
