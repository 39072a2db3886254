const NOTHING = new Uint8Array();

/** Bytes that may have to be unpacked first, so that nobody knows yet how many they are. */
export interface Bytes {
  /** All of them, in order. */
  stream(): AsyncIterable<Uint8Array>;
  /** A stretch of them, shorter where they end before. */
  range(offset: number, length: number): Promise<Uint8Array>;
}

/** Takes stretches of chosen lengths from bytes that come in pieces of any length. Whoever makes one closes it. */
export class ByteReader {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #piece: Uint8Array = NOTHING;
  #position = 0;

  constructor(pieces: AsyncIterable<Uint8Array>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /** How many bytes were taken or skipped. */
  get position(): number {
    return this.#position;
  }

  /** The next `length` bytes, fewer only where all end. */
  async take(length: number): Promise<Uint8Array> {
    if (length > 0 && this.#piece.length === 0) await this.#pull();
    if (length <= this.#piece.length) return this.#cut(length);
    const taken = new Uint8Array(length);
    let filled = 0;
    while (filled < length && (this.#piece.length > 0 || (await this.#pull()))) {
      const part = this.#cut(Math.min(length - filled, this.#piece.length));
      taken.set(part, filled);
      filled += part.length;
    }
    return taken.subarray(0, filled);
  }

  /** Passes by the next `length` bytes; says how many there were. */
  async skip(length: number): Promise<number> {
    let passed = 0;
    while (passed < length && (this.#piece.length > 0 || (await this.#pull()))) {
      passed += this.#cut(Math.min(length - passed, this.#piece.length)).length;
    }
    return passed;
  }

  /** Whether nothing is left. */
  async isAtEnd(): Promise<boolean> {
    return this.#piece.length === 0 && !(await this.#pull());
  }

  async close(): Promise<void> {
    await this.#pieces.return?.();
  }

  #cut(length: number): Uint8Array {
    const part = this.#piece.subarray(0, length);
    this.#piece = this.#piece.subarray(length);
    this.#position += length;
    return part;
  }

  async #pull(): Promise<boolean> {
    for (;;) {
      const next = await this.#pieces.next();
      if (next.done === true) return false;
      this.#piece = next.value;
      if (this.#piece.length > 0) return true;
    }
  }
}

/** The bytes after the first `offset`. */
export function bytesAfter(bytes: Bytes, offset: number): Bytes {
  return {
    async *stream() {
      let left = offset;
      for await (const piece of bytes.stream()) {
        const skipped = Math.min(left, piece.length);
        left -= skipped;
        if (skipped < piece.length) yield piece.subarray(skipped);
      }
    },
    range: (at, length) => bytes.range(offset + at, length),
  };
}

/** A stretch of bytes, in order, in pieces of at most `pieceLength`. */
export async function* stretch(
  bytes: Bytes,
  at: number,
  length: number,
  pieceLength: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  for (let done = 0; done < length; ) {
    const piece = await bytes.range(at + done, Math.min(pieceLength, length - done));
    if (piece.length === 0) return;
    yield piece;
    done += piece.length;
  }
}

/** The same bytes in pieces of about `pieceLength`, where many of them come in small ones. */
export async function* gathered(
  pieces: AsyncIterable<Uint8Array>,
  pieceLength: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  let room = new Uint8Array(pieceLength);
  let filled = 0;
  for await (const piece of pieces) {
    if (piece.length > pieceLength - filled) {
      if (filled > 0) yield room.subarray(0, filled);
      room = new Uint8Array(pieceLength);
      filled = 0;
    }
    if (piece.length > pieceLength) yield piece;
    else {
      room.set(piece, filled);
      filled += piece.length;
    }
  }
  if (filled > 0) yield room.subarray(0, filled);
}
