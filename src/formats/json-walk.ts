/** Deeper nesting is refused: honest data has none, and other readers fail at such a depth, too. */
const MAX_DEPTH = 1000;

const [QUOTE, BACKSLASH, COMMA, COLON, MINUS, DOT, ZERO] = [0x22, 0x5c, 0x2c, 0x3a, 0x2d, 0x2e, 0x30];
const [OPEN_LIST, CLOSE_LIST, OPEN_MAP, CLOSE_MAP] = [0x5b, 0x5d, 0x7b, 0x7d];
/** `e` and `E`, `n` … differ in one bit. */
const LOWER = 0x20;
const WORDS = ['true', 'false', 'null'].map((word) => Buffer.from(word));
const ESCAPES = new Set(Buffer.from('"\\/bfnrt'));

/** Told where a key and its value stand: bytes from `start` to `end`, the quotes of strings included. */
export type OnField = (keyStart: number, keyEnd: number, start: number, end: number) => void;

/** Why bytes are not taken for JSON. */
export interface JsonFlaw {
  /** The offset of the first byte that is not as it has to be. */
  readonly at: number;
  /** It may be JSON, but nested deeper than 1,000 levels. */
  readonly isTooDeep: boolean;
}

/** How far the walk came. */
class Stop extends Error implements JsonFlaw {
  constructor(
    readonly at: number,
    readonly isTooDeep = false,
  ) {
    super();
  }
}

/**
 * Checks that bytes, which are UTF-8, are one JSON value (RFC 8259) nested at most 1,000 deep, with white space around it or
 * not. Tells the fields of an object at the top in their order, also those before an error. Nothing is made of values, so
 * that memory does not depend on them. Undefined when all is well.
 */
export function walkJson(bytes: Uint8Array, onField?: OnField): JsonFlaw | undefined {
  try {
    new Walk(bytes, onField).run();
    return undefined;
  } catch (error) {
    if (error instanceof Stop) return error;
    throw error;
  }
}

class Walk {
  readonly #bytes: Uint8Array;
  readonly #onField: OnField | undefined;
  /** What closes each of the lists and maps that are open. */
  readonly #open: number[] = [];
  #at = 0;
  #keyStart = 0;
  #keyEnd = 0;
  #valueStart = 0;

  constructor(bytes: Uint8Array, onField: OnField | undefined) {
    this.#bytes = bytes;
    this.#onField = onField;
  }

  run(): void {
    this.#space();
    do this.#value();
    while (this.#next());
    if (this.#at < this.#bytes.length) throw new Stop(this.#at);
  }

  /** A value that is not made of others, or the beginning of one that is: up to what its first part is. */
  #value(): void {
    for (;;) {
      const opening = this.#bytes[this.#at];
      if (opening !== OPEN_LIST && opening !== OPEN_MAP) break;
      if (this.#open.length === MAX_DEPTH) throw new Stop(this.#at, true);
      this.#at++;
      this.#space();
      const closing = opening === OPEN_LIST ? CLOSE_LIST : CLOSE_MAP;
      if (this.#bytes[this.#at] === closing) {
        this.#at++;
        return;
      }
      this.#open.push(closing);
      if (opening === OPEN_MAP) this.#key();
    }
    const first = this.#bytes[this.#at];
    if (first === QUOTE) this.#string();
    else if (first === MINUS || isDigit(first)) this.#number();
    else this.#word();
  }

  /** Goes on to the next value; false when there is none. */
  #next(): boolean {
    for (;;) {
      const end = this.#at;
      this.#space();
      const closing = this.#open.at(-1);
      if (closing === undefined) return false;
      const byte = this.#bytes[this.#at];
      if (byte !== COMMA && byte !== closing) throw new Stop(this.#at);
      if (closing === CLOSE_MAP && this.#open.length === 1) {
        this.#onField?.(this.#keyStart, this.#keyEnd, this.#valueStart, end);
      }
      this.#at++;
      if (byte === COMMA) {
        this.#space();
        if (closing === CLOSE_MAP) this.#key();
        return true;
      }
      this.#open.pop();
    }
  }

  #key(): void {
    const start = this.#at;
    if (this.#bytes[start] !== QUOTE) throw new Stop(start);
    this.#string();
    const end = this.#at;
    this.#space();
    if (this.#bytes[this.#at] !== COLON) throw new Stop(this.#at);
    this.#at++;
    this.#space();
    if (this.#open.length > 1) return;
    this.#keyStart = start;
    this.#keyEnd = end;
    this.#valueStart = this.#at;
  }

  #word(): void {
    const word = WORDS.find((each) => each[0] === this.#bytes[this.#at]);
    if (word === undefined) throw new Stop(this.#at);
    for (const byte of word) {
      if (this.#bytes[this.#at] !== byte) throw new Stop(this.#at);
      this.#at++;
    }
  }

  #string(): void {
    const bytes = this.#bytes;
    let at = this.#at + 1;
    for (; bytes[at] !== QUOTE; at++) {
      const byte = bytes[at];
      if (byte === undefined || byte < 0x20) throw new Stop(at);
      if (byte === BACKSLASH) at = this.#escape(at + 1);
    }
    this.#at = at + 1;
  }

  /** The last byte of the escape whose character after the backslash is at `at`. */
  #escape(at: number): number {
    const byte = this.#bytes[at];
    if (byte !== undefined && ESCAPES.has(byte)) return at;
    if (byte !== 0x75) throw new Stop(at);
    for (let i = 1; i <= 4; i++) if (!isHex(this.#bytes[at + i])) throw new Stop(at + i);
    return at + 4;
  }

  #number(): void {
    if (this.#bytes[this.#at] === MINUS) this.#at++;
    if (this.#bytes[this.#at] === ZERO) this.#at++;
    else this.#digits();
    if (this.#bytes[this.#at] === DOT) {
      this.#at++;
      this.#digits();
    }
    if (((this.#bytes[this.#at] ?? 0) | LOWER) !== 0x65) return;
    this.#at++;
    const sign = this.#bytes[this.#at];
    if (sign === MINUS || sign === 0x2b) this.#at++;
    this.#digits();
  }

  #digits(): void {
    if (!isDigit(this.#bytes[this.#at])) throw new Stop(this.#at);
    while (isDigit(this.#bytes[this.#at])) this.#at++;
  }

  #space(): void {
    for (;;) {
      const byte = this.#bytes[this.#at];
      if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) return;
      this.#at++;
    }
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= 0x39;
}

function isHex(byte: number | undefined): boolean {
  const lower = (byte ?? 0) | LOWER;
  return isDigit(byte) || (lower >= 0x61 && lower <= 0x66);
}
