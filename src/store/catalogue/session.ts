import { crc32 } from 'node:zlib';
import { equalBytes } from '../../base/bytes.js';
import { CatalogueDamage } from './damage.js';

/** Keys from `gte` to before `lt`, ascending or, with `reverse`, descending. */
export interface Range {
  readonly gte: Uint8Array;
  readonly lt: Uint8Array;
  readonly limit?: number;
  readonly reverse?: boolean;
}

export type Operation =
  | { readonly type: 'put'; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly type: 'del'; readonly key: Uint8Array };

/** The database as it is used: bytes to bytes. */
export interface Db {
  get(key: Uint8Array): Promise<Uint8Array | undefined>;
  getMany(keys: Uint8Array[]): Promise<(Uint8Array | undefined)[]>;
  iterator(range: Range): AsyncIterable<[Uint8Array, Uint8Array]>;
  /** All of them or none. */
  batch(operations: Operation[]): Promise<void>;
}

const CHECKSUM_LENGTH = 4;

/** A value to write; undefined removes the key. */
export interface Put {
  readonly key: Uint8Array;
  readonly value: Uint8Array | undefined;
}

/** Reads and writes within one session. */
export class Session {
  /** Which database it is: another one numbers packs its own way. */
  readonly database: string;
  readonly #db: Db;

  constructor(db: Db, database: string) {
    this.#db = db;
    this.database = database;
  }

  async get(key: Uint8Array): Promise<Uint8Array | undefined> {
    const stored = await this.#db.get(key);
    return stored === undefined ? undefined : checked(key, stored);
  }

  async getMany(keys: Uint8Array[]): Promise<(Uint8Array | undefined)[]> {
    const stored = await this.#db.getMany(keys);
    return keys.map((key, i) => {
      const value = stored[i];
      return value === undefined ? undefined : checked(key, value);
    });
  }

  /** Entries with `from` ≤ key < `to`, ascending or, with `reverse`, descending. */
  async *range(
    from: Uint8Array,
    to: Uint8Array,
    options: { limit?: number; reverse?: boolean } = {},
  ): AsyncGenerator<{ key: Uint8Array; value: Uint8Array }> {
    for await (const [key, value] of this.#db.iterator({ gte: from, lt: to, ...options })) {
      yield { key, value: checked(key, value) };
    }
  }

  /** Writes all of it or nothing. */
  async putMany(entries: readonly Put[]): Promise<void> {
    await this.#db.batch(
      entries.map(({ key, value }) =>
        value === undefined ? { type: 'del', key } : { type: 'put', key, value: sealed(key, value) },
      ),
    );
  }
}

function checksum(key: Uint8Array, value: Uint8Array): Uint8Array {
  const sum = Buffer.alloc(CHECKSUM_LENGTH);
  sum.writeUInt32LE(crc32(value, crc32(key)));
  return sum;
}

function sealed(key: Uint8Array, value: Uint8Array): Uint8Array {
  return Buffer.concat([value, checksum(key, value)]);
}

function checked(key: Uint8Array, stored: Uint8Array): Uint8Array {
  const value = stored.subarray(0, -CHECKSUM_LENGTH);
  const intact =
    stored.length >= CHECKSUM_LENGTH && equalBytes(checksum(key, value), stored.subarray(-CHECKSUM_LENGTH));
  if (!intact) throw new CatalogueDamage('a checksum does not match');
  return value;
}
