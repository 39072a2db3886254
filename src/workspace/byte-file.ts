import { closeSync, fstatSync, openSync } from 'node:fs';
import { ioError, systemCode } from '../base/errors.js';
import { MiB } from '../base/limits.js';
import { READ } from '../base/open-flags.js';
import { readFully } from '../base/read-fully.js';

const WINDOW = MiB;

/** A file that is read from front to back through one buffer, or from a given place, with synchronous calls. */
export class ByteFile {
  readonly size: number;
  readonly #path: string;
  readonly #file: number;
  #window: Buffer = Buffer.alloc(0);
  #at = 0;

  private constructor(path: string, file: number, size: number) {
    this.#path = path;
    this.#file = file;
    this.size = size;
  }

  /** Opens a file that the caller closes; undefined when there is none, or something else. */
  static open(path: string): ByteFile | undefined {
    try {
      const file = openSync(path, READ);
      const stats = fstatSync(file);
      if (stats.isFile()) return new ByteFile(path, file, stats.size);
      closeSync(file);
      return undefined;
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return undefined;
      throw ioError(error, 'reading', path);
    }
  }

  /** The open file itself: threads of one process share it. */
  get descriptor(): number {
    return this.#file;
  }

  /** Where the next `take` begins. */
  get position(): number {
    return this.#at;
  }

  /** Has the next `take` begin at `offset`. */
  seek(offset: number): void {
    this.#window = Buffer.alloc(0);
    this.#at = offset;
  }

  close(): void {
    closeSync(this.#file);
  }

  /** All bytes before `end`, in pieces that are valid until the next. */
  *pieces(end: number): Generator<Buffer, void, undefined> {
    for (let at = 0; at < end; ) {
      const piece = this.read(at, Math.min(WINDOW, end - at));
      if (piece.length === 0) return;
      yield piece;
      at += piece.length;
    }
  }

  /** The next `length` bytes from the front; undefined when there are fewer. They are valid until the next call. */
  take(length: number): Buffer | undefined {
    if (this.#window.length < length) {
      this.#window = this.read(this.#at, Math.max(WINDOW, length));
      if (this.#window.length < length) return undefined;
    }
    const taken = this.#window.subarray(0, length);
    this.#window = this.#window.subarray(length);
    this.#at += length;
    return taken;
  }

  /** `length` bytes from `offset`, fewer only at the end of the file. */
  read(offset: number, length: number): Buffer {
    try {
      const bytes = Buffer.allocUnsafe(length);
      return bytes.subarray(0, readFully(this.#file, bytes, offset));
    } catch (error) {
      throw ioError(error, 'reading', this.#path);
    }
  }
}
