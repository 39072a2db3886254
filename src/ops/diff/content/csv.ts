import { cellsOf, distinctNames, endsInQuotes, guessDelimiter } from '../../../formats/csv-cells.js';
import { extensionOf } from '../../../formats/extension.js';
import type { FileBytes } from '../../../formats/file-bytes.js';
import { Unreadable } from '../../../formats/unreadable.js';
import type { ContentKind } from './kind.js';
import { readLines } from './line-reader.js';
import { compareLines, type LinesDiff } from './lines.js';
import { isWhole, MAX_RECORD, type Record } from './record.js';
import { compareRows, type RowsDiff } from './rows.js';
import type { RowFormat } from './table.js';
import { looksLikeText } from './text.js';

/** Rows of delimited cells, as RFC 4180 has them: quoted cells may hold delimiters, doubled quotes and line breaks. */
export const csvKind: ContentKind<LinesDiff | RowsDiff> = {
  name: 'csv',
  matches: (path, heads) => ['csv', 'tsv'].includes(extensionOf(path)) && heads.every(looksLikeText),
  async compare({ before, after }, { key, scratch }) {
    const delimiter = await delimiterOf(after);
    const rowsOf = (side: FileBytes): AsyncGenerator<Record[]> => joinQuoted(readLines(side), delimiter);
    const [old, now] = [rowsOf(before), rowsOf(after)];
    if (key.length === 0) return compareLines({ format: 'csv', before: old, after: now, scratch });
    return compareRows({ format: csvFormat(delimiter), before: old, after: now, key, scratch });
  },
};

/** The delimiter that the first line has most of. */
async function delimiterOf(side: FileBytes): Promise<string> {
  for await (const [header = ''] of readLines(side)) return guessDelimiter(header);
  return ',';
}

/** Lines as rows: those within quotes belong to one row. */
async function* joinQuoted(batches: AsyncIterable<Record[]>, delimiter: string): AsyncGenerator<Record[]> {
  let row = '';
  let inQuotes = false;
  let number = 1;
  for await (const lines of batches) {
    const rows: Record[] = [];
    for (const line of lines) {
      const isContinued = inQuotes;
      inQuotes = isWhole(line) && endsInQuotes(line, delimiter, inQuotes);
      row = isContinued ? `${row}\n${line}` : line;
      if (inQuotes && row.length <= MAX_RECORD) continue;
      if (inQuotes || (isContinued && !isWhole(line))) {
        throw new Unreadable(`the quoted cell that begins in row ${number} does not end`);
      }
      rows.push(row);
      number++;
    }
    if (rows.length > 0) yield rows;
  }
  if (inQuotes) throw new Unreadable(`the quoted cell that begins in row ${number} does not end`);
}

function csvFormat(delimiter: string): RowFormat {
  return {
    name: 'csv',
    hasHeader: true,
    fields(row, columns) {
      const cells = cellsOf(row, delimiter);
      return new Map(cells.map((cell, i) => [columns[i] ?? `column ${i + 1}`, cell]));
    },
    columns: (header) => distinctNames(cellsOf(header, delimiter)),
  };
}
