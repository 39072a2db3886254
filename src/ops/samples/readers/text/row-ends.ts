export const LF = 0x0a;
const QUOTE = 0x22;

/**
 * Finds where rows end. It remembers how much of the row that is not complete it has looked at, so that no byte is looked at
 * twice, however many pieces a row comes in.
 */
export interface RowEnds {
  /**
   * Where the line feed is that ends the row that begins at `start`, or -1 when it is not there yet: then the next call has
   * a row that begins with the same bytes and has more.
   */
  find(bytes: Buffer, start: number): number;
  /** Whether the row that begins at `start` may end where the bytes do. */
  mayEnd(bytes: Buffer, start: number): boolean;
}

/** Each line is a row. */
export class LineEnds implements RowEnds {
  #seen = 0;

  find(bytes: Buffer, start: number): number {
    const end = bytes.indexOf(LF, start + this.#seen);
    this.#seen = end < 0 ? bytes.length - start : 0;
    return end;
  }

  mayEnd(): boolean {
    return true;
  }
}

/**
 * Lines that end within quotes go on (RFC 4180). Quotes count only where a cell begins with one, as in `endsInQuotes`; a file
 * without any costs no more than lines do.
 */
export class QuotedEnds implements RowEnds {
  readonly #delimiter: number;
  readonly #quotes = new Finder(QUOTE);
  readonly #feeds = new Finder(LF);
  #seen = 0;
  #inQuotes = false;

  constructor(delimiter: number) {
    this.#delimiter = delimiter;
  }

  find(bytes: Buffer, start: number): number {
    for (let at = start + this.#seen; ; ) {
      if (this.#inQuotes) {
        const quote = this.#quotes.from(bytes, at);
        // Whether a quote ends the cell or is one of two is told by the byte after it.
        if (quote + 1 >= bytes.length) return this.#wait(quote - start);
        this.#inQuotes = bytes[quote + 1] === QUOTE;
        at = quote + (this.#inQuotes ? 2 : 1);
      } else {
        const end = this.#feeds.from(bytes, at);
        const quote = this.#opening(bytes, start, at, end);
        this.#inQuotes = quote < end;
        if (this.#inQuotes) at = quote + 1;
        else if (end === bytes.length) return this.#wait(end - start);
        else {
          this.#seen = 0;
          return end;
        }
      }
    }
  }

  mayEnd(bytes: Buffer, start: number): boolean {
    return !this.#inQuotes || start + this.#seen < bytes.length;
  }

  /** The first quote before `end` that begins a cell, or `end`. */
  #opening(bytes: Buffer, start: number, at: number, end: number): number {
    let quote = this.#quotes.from(bytes, at);
    while (quote < end && quote !== start && bytes[quote - 1] !== this.#delimiter) {
      quote = this.#quotes.from(bytes, quote + 1);
    }
    return Math.min(quote, end);
  }

  #wait(seen: number): -1 {
    this.#seen = seen;
    return -1;
  }
}

/** Finds a byte, and remembers where the next one is, so that asking for it row by row costs nothing. */
class Finder {
  readonly #byte: number;
  #bytes: Buffer | undefined;
  #next = -1;

  constructor(byte: number) {
    this.#byte = byte;
  }

  /** The first one at `at` or after it, or the end of the bytes. */
  from(bytes: Buffer, at: number): number {
    if (this.#bytes !== bytes) {
      this.#bytes = bytes;
      this.#next = -1;
    }
    if (this.#next < at) {
      const found = bytes.indexOf(this.#byte, at);
      this.#next = found < 0 ? bytes.length : found;
    }
    return this.#next;
  }
}
