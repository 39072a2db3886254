import { readFile, rm } from 'node:fs/promises';
import { DvsError, ioError } from '../base/errors.js';
import type { AdoptedFile, Backend, ByteRange, ListedFile } from './interface.js';
import { checkKey, checkPrefix, clampRange } from './key.js';

/** Files in a Map: for tests, and for stores that need not outlive the process. */
export class MemoryBackend implements Backend {
  readonly kind = 'memory';
  readonly #files = new Map<string, Uint8Array>();

  async create(key: string, bytes: Uint8Array): Promise<boolean> {
    checkKey(key);
    if (this.#files.has(key)) return false;
    this.#files.set(key, new Uint8Array(bytes)); // a copy, which slice() of a Buffer is not
    return true;
  }

  async adopt(files: readonly AdoptedFile[]): Promise<void> {
    for (const { key, path } of files) {
      checkKey(key);
      try {
        if (!(await this.create(key, await readFile(path)))) {
          throw new DvsError('E_EXISTS', `the store has a file ${key} already`, { about: [key] });
        }
        await rm(path);
      } catch (error) {
        throw ioError(error, 'adopting', path);
      }
    }
  }

  async read(key: string, range?: ByteRange): Promise<Uint8Array | undefined> {
    checkKey(key);
    const bytes = this.#files.get(key);
    if (bytes === undefined) return undefined;
    const { offset, length } = clampRange(range, bytes.length);
    return bytes.slice(offset, offset + length);
  }

  async size(key: string): Promise<number | undefined> {
    checkKey(key);
    return this.#files.get(key)?.length;
  }

  async *list(prefix: string): AsyncGenerator<ListedFile> {
    checkPrefix(prefix);
    for (const [key, bytes] of this.#files) {
      if (key.startsWith(prefix)) yield { key, size: bytes.length };
    }
  }

  async delete(key: string): Promise<void> {
    checkKey(key);
    this.#files.delete(key);
  }
}
