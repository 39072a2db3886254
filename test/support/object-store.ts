import { readFile, rm } from 'node:fs/promises';
import type { AdoptedFile, Backend, ByteRange, ListedFile } from '#src/backend/interface.js';
import { checkKey, checkPrefix } from '#src/backend/key.js';
import { DvsError } from '#src/base/errors.js';

/** What S3 offers, and no more: no rename, no append, no look at a part of a key. */
export class ObjectServer {
  readonly #objects = new Map<string, Uint8Array>();
  readonly #pageSize: number;

  constructor(pageSize: number) {
    this.#pageSize = pageSize;
  }

  /** With `If-None-Match: *`; the body counts from when it has arrived in full. */
  async putObject(key: string, body: Uint8Array): Promise<200 | 412> {
    const arrived = new Uint8Array(body);
    await this.#latency();
    if (this.#objects.has(key)) return 412;
    this.#objects.set(key, arrived);
    return 200;
  }

  /** `range` is that of the header, its last byte included. */
  async getObject(key: string, range?: { first: number; last: number }): Promise<Uint8Array | 404 | 416> {
    await this.#latency();
    const body = this.#objects.get(key);
    if (body === undefined) return 404;
    if (range === undefined) return body.slice();
    if (range.first >= body.length || range.last < range.first) return 416;
    return body.slice(range.first, range.last + 1);
  }

  async headObject(key: string): Promise<{ contentLength: number } | 404> {
    await this.#latency();
    const body = this.#objects.get(key);
    return body === undefined ? 404 : { contentLength: body.length };
  }

  /** A page of the keys after `startAfter`, sorted. */
  async listObjectsV2(prefix: string, startAfter: string) {
    await this.#latency();
    const keys = [...this.#objects.keys()].filter((key) => key.startsWith(prefix) && key > startAfter).sort();
    const contents = keys.slice(0, this.#pageSize).map((key) => ({
      key,
      size: this.#objects.get(key)?.length ?? 0,
    }));
    return { contents, isTruncated: keys.length > this.#pageSize };
  }

  async deleteObject(key: string): Promise<void> {
    await this.#latency();
    this.#objects.delete(key);
  }

  #latency(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }
}

/** A backend made of nothing but that: proves that the interface asks no more than S3 can do. */
export class ObjectStoreBackend implements Backend {
  readonly kind = 'object-store';
  readonly #server: ObjectServer;

  constructor(server: ObjectServer) {
    this.#server = server;
  }

  async create(key: string, bytes: Uint8Array): Promise<boolean> {
    checkKey(key);
    return (await this.#server.putObject(key, bytes)) === 200;
  }

  async adopt(files: readonly AdoptedFile[]): Promise<void> {
    for (const { key, path } of files) {
      checkKey(key);
      if (!(await this.create(key, await readFile(path)))) {
        throw new DvsError('E_EXISTS', `the store has a file ${key} already`, { about: [key] });
      }
    }
    for (const { path } of files) await rm(path);
  }

  async read(key: string, range?: ByteRange): Promise<Uint8Array | undefined> {
    checkKey(key);
    if (range?.length === 0) return (await this.size(key)) === undefined ? undefined : new Uint8Array();
    const wanted = range && { first: range.offset, last: range.offset + range.length - 1 };
    const got = await this.#server.getObject(key, wanted);
    if (got === 404) return undefined;
    return got === 416 ? new Uint8Array() : got;
  }

  async size(key: string): Promise<number | undefined> {
    checkKey(key);
    const head = await this.#server.headObject(key);
    return head === 404 ? undefined : head.contentLength;
  }

  async *list(prefix: string): AsyncGenerator<ListedFile> {
    checkPrefix(prefix);
    for (let after = '', more = true; more; ) {
      const page = await this.#server.listObjectsV2(prefix, after);
      yield* page.contents;
      after = page.contents.at(-1)?.key ?? after;
      more = page.isTruncated;
    }
  }

  async delete(key: string): Promise<void> {
    checkKey(key);
    await this.#server.deleteObject(key);
  }
}
