import { extensionOf } from '../../../formats/extension.js';
import { fieldsOf } from '../../../formats/json-fields.js';
import type { ContentKind } from './kind.js';
import { readLines } from './line-reader.js';
import { compareLines, type LinesDiff } from './lines.js';
import { compareRows, type RowsDiff } from './rows.js';
import type { RowFormat } from './table.js';
import { looksLikeText } from './text.js';

/** A JSON object on each line. */
export const jsonlKind: ContentKind<LinesDiff | RowsDiff> = {
  name: 'jsonl',
  matches: (path, heads) => ['jsonl', 'ndjson'].includes(extensionOf(path)) && heads.every(looksLikeText),
  compare(sides, { key, scratch }) {
    const [before, after] = [readLines(sides.before), readLines(sides.after)];
    if (key.length === 0) return compareLines({ format: 'jsonl', before, after, scratch });
    return compareRows({ format: jsonlFormat, before, after, key, scratch });
  },
};

const jsonlFormat: RowFormat = {
  name: 'jsonl',
  hasHeader: false,
  columns: () => [],
  fields: (row) => fieldsOf(row),
};
