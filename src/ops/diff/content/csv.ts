import { type ContentKind, extensionOf, Unreadable } from './kind.js';
import { readLines } from './line-reader.js';
import { compareLines, type LinesDiff } from './lines.js';
import { isWhole, MAX_RECORD, type Record, utf8Text } from './record.js';
import { compareRows, type RowsDiff } from './rows.js';
import type { Side } from './side.js';
import type { RowFormat } from './table.js';
import { looksLikeText } from './text.js';

/** Rows of delimited cells, as RFC 4180 has them: quoted cells may hold delimiters, doubled quotes and line breaks. */
export const csvKind: ContentKind<LinesDiff | RowsDiff> = {
  name: 'csv',
  matches: (path, heads) => ['csv', 'tsv'].includes(extensionOf(path)) && heads.every(looksLikeText),
  async compare({ before, after }, { key, scratch }) {
    const delimiter = await delimiterOf(after);
    const rowsOf = (side: Side): AsyncGenerator<Record[]> => joinQuoted(readLines(side), delimiter);
    const [old, now] = [rowsOf(before), rowsOf(after)];
    if (key.length === 0) return compareLines({ format: 'csv', before: old, after: now, scratch });
    return compareRows({ format: csvFormat(delimiter), before: old, after: now, key, scratch });
  },
};

const DELIMITERS = [',', '\t', ';', '|'];

/** The delimiter that the first line has most of. */
async function delimiterOf(side: Side): Promise<string> {
  for await (const [header = ''] of readLines(side)) {
    const counts = DELIMITERS.map((delimiter) => header.split(delimiter).length);
    return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
  }
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

/** Whether a line that begins in or out of quotes ends in them. Quotes count only where a cell begins with one. */
function endsInQuotes(line: string, delimiter: string, startsInQuotes: boolean): boolean {
  if (!line.includes('"')) return startsInQuotes;
  let inQuotes = startsInQuotes;
  for (let at = 0; at < line.length; ) {
    if (inQuotes) {
      const quote = line.indexOf('"', at);
      if (quote < 0) return true;
      if (line[quote + 1] === '"') at = quote + 2;
      else {
        inQuotes = false;
        at = quote + 1;
      }
    } else {
      if (line[at] === '"' && (at === 0 || line[at - 1] === delimiter)) {
        inQuotes = true;
        at++;
        continue;
      }
      const next = line.indexOf(delimiter, at);
      if (next < 0) return false;
      at = next + 1;
    }
  }
  return inQuotes;
}

function csvFormat(delimiter: string): RowFormat {
  return {
    name: 'csv',
    hasHeader: true,
    fields(row, columns) {
      const cells = cellsOf(row, delimiter);
      return new Map(cells.map((cell, i) => [columns[i] ?? `column ${i + 1}`, cell]));
    },
    columns: (header) => distinct(cellsOf(header, delimiter)),
  };
}

/** Names made distinct: a column whose name stands before it already is called by its number, too. */
function distinct(names: readonly string[]): string[] {
  const seen = new Set<string>();
  return names.map((name, i) => {
    const own = name === '' || seen.has(name) ? `${name}#${i + 1}` : name;
    seen.add(own);
    return own;
  });
}

/** The cells of a row, unquoted. */
function cellsOf(row: string, delimiter: string): string[] {
  const cells: string[] = [];
  for (let at = 0; at <= row.length; ) {
    const isQuoted = row[at] === '"';
    const start = isQuoted ? endOfQuoted(row, at + 1) : at;
    const next = row.indexOf(delimiter, start);
    const end = next < 0 ? row.length : next;
    const quoted = isQuoted ? row.slice(at + 1, start - 1).replaceAll('""', '"') : '';
    cells.push(utf8Text(quoted + row.slice(start, end)));
    at = end + 1;
  }
  return cells;
}

/** Where a quoted cell ends: after its closing quote. */
function endOfQuoted(row: string, start: number): number {
  let quote = row.indexOf('"', start);
  while (quote >= 0 && row[quote + 1] === '"') quote = row.indexOf('"', quote + 2);
  return quote < 0 ? row.length + 1 : quote + 1;
}
