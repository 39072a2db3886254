import { utf8Text } from './byte-text.js';

/** Characters here are bytes: see `byteText`. */

const QUOTE = 0x22;
const DELIMITERS = [',', '\t', ';', '|'];

/** The delimiter that a header has most of. */
export function guessDelimiter(header: string): string {
  const counts = DELIMITERS.map((delimiter) => header.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
}

/** Whether a line that begins in or out of quotes ends in them. Quotes count only where a cell begins with one. */
export function endsInQuotes(line: string, delimiter: string, startsInQuotes: boolean): boolean {
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

/** Names made distinct: a column whose name stands before it already is called by its number, too. */
export function distinctNames(names: readonly string[]): string[] {
  const seen = new Set<string>();
  return names.map((name, i) => {
    const own = name === '' || seen.has(name) ? `${name}#${i + 1}` : name;
    seen.add(own);
    return own;
  });
}

/** The cells of a row, unquoted; of more than `most` only one more. */
export function cellsOf(row: string, delimiter: string, most = Number.POSITIVE_INFINITY): string[] {
  const cells: string[] = [];
  for (let at = 0; at <= row.length && cells.length <= most; ) {
    const isQuoted = row[at] === '"';
    const start = isQuoted ? endOfQuoted(row, at + 1) : at;
    const next = row.indexOf(delimiter, start);
    const end = next < 0 ? row.length : next;
    const quoted = isQuoted ? withoutDoubles(row.slice(at + 1, start - 1)) : '';
    cells.push(utf8Text(quoted + row.slice(start, end)));
    at = end + 1;
  }
  return cells;
}

/** One quote for each two. `replaceAll` would keep a note of each of what may be millions. */
function withoutDoubles(text: string): string {
  if (!text.includes('"')) return text;
  const bytes = Buffer.from(text, 'latin1');
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    bytes[length++] = byte;
    if (byte === QUOTE) at++;
  }
  return bytes.toString('latin1', 0, length);
}

/** Where a quoted cell ends: after its closing quote. */
function endOfQuoted(row: string, start: number): number {
  let quote = row.indexOf('"', start);
  while (quote >= 0 && row[quote + 1] === '"') quote = row.indexOf('"', quote + 2);
  return quote < 0 ? row.length + 1 : quote + 1;
}
