import type { AdoptedFile, Backend, ByteRange, ListedFile } from '../../src/backend/interface.js';
import type { MemoryBackend } from '../../src/backend/memory.js';

export interface ReadRange extends ByteRange {
  readonly key: string;
}

/** Passes everything on to a store in memory, whose bytes it can flip, and notes which bytes were read. */
export class Recorder implements Backend {
  readonly kind = 'memory';
  readonly #backend: MemoryBackend;
  #read: ReadRange[] | undefined;

  constructor(backend: MemoryBackend) {
    this.#backend = backend;
  }

  /** The bytes that `work` reads. */
  async readBy(work: () => Promise<unknown>): Promise<ReadRange[]> {
    const read: ReadRange[] = [];
    this.#read = read;
    await work();
    this.#read = undefined;
    return read;
  }

  /** Runs `work` while one bit of a file is the wrong way round. */
  async withFlipped<T>(key: string, intact: Buffer, bit: number, work: () => Promise<T>): Promise<T> {
    const flipped = Buffer.from(intact);
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    await this.#put(key, flipped);
    try {
      return await work();
    } finally {
      await this.#put(key, intact);
    }
  }

  async #put(key: string, bytes: Uint8Array): Promise<void> {
    await this.#backend.delete(key);
    await this.#backend.create(key, bytes);
  }

  async read(key: string, range?: ByteRange): Promise<Uint8Array | undefined> {
    this.#read?.push({ key, offset: 0, length: Number.POSITIVE_INFINITY, ...range });
    return this.#backend.read(key, range);
  }

  create(key: string, bytes: Uint8Array): Promise<boolean> {
    return this.#backend.create(key, bytes);
  }

  adopt(files: readonly AdoptedFile[]): Promise<void> {
    return this.#backend.adopt(files);
  }

  size(key: string): Promise<number | undefined> {
    return this.#backend.size(key);
  }

  list(prefix: string): AsyncGenerator<ListedFile> {
    return this.#backend.list(prefix);
  }

  delete(key: string): Promise<void> {
    return this.#backend.delete(key);
  }
}
