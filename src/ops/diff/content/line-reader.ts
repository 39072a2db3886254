import { byteText } from '../../../formats/byte-text.js';
import type { FileBytes } from '../../../formats/file-bytes.js';
import { LongRecord, MAX_RECORD, type Record } from './record.js';

const BYTE_ORDER_MARK = '\xef\xbb\xbf';

/** The lines of a text in batches, without byte order mark and line endings (LF or CRLF), however long they are. */
export async function* readLines(side: FileBytes): AsyncGenerator<Record[], void, undefined> {
  const splitter = new LineSplitter();
  for await (const piece of side.stream()) {
    const lines = splitter.push(byteText(piece));
    if (lines.length > 0) yield lines;
  }
  const last = splitter.end();
  if (last !== undefined) yield [last];
}

class LineSplitter {
  /** The beginning of the line that is not complete, or what is kept of one that is too long. */
  #rest: string | LongRecord = '';
  #isFirst = true;

  push(text: string): Record[] {
    const parts = text.split('\n');
    const open = parts.pop() ?? '';
    const lines: Record[] = [];
    for (const part of parts) {
      this.#extend(part);
      lines.push(this.#take());
    }
    this.#extend(open);
    return lines;
  }

  /** The last line, when it has no ending. */
  end(): Record | undefined {
    return this.#rest === '' ? undefined : this.#take();
  }

  #extend(part: string): void {
    if (typeof this.#rest !== 'string') this.#rest.add(part);
    else {
      this.#rest += part;
      if (this.#rest.length > MAX_RECORD) this.#rest = new LongRecord(this.#rest);
    }
  }

  #take(): Record {
    const line = typeof this.#rest === 'string' ? withoutReturn(this.#rest) : this.#rest.finish();
    this.#rest = '';
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    return isFirst && line.startsWith(BYTE_ORDER_MARK) ? line.slice(BYTE_ORDER_MARK.length) : line;
  }
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
