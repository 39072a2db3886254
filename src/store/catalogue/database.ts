import { randomUUID } from 'node:crypto';
import { link, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { Level } from 'level';
import { equalBytes } from '../../base/bytes.js';
import { DvsError, ioError, isDvsError, systemCode } from '../../base/errors.js';
import { ownedName } from '../../base/owner.js';
import { LAYOUT } from './records.js';

/** A session is given up after this long, so that other processes get their turn. */
const LEASE_MS = 400;
/** How long the door stays open for them. */
const PAUSE_MS = 25;
/** An open database nobody uses is closed after this long. */
const IDLE_MS = 30;

const CHECKSUM_LENGTH = 4;

/** The file that says which of the folders beside it is the database. */
const CURRENT = 'current';

type Db = Level<Uint8Array, Uint8Array>;

/**
 * The `level` database under the catalogue, opened in short sessions: LevelDB lets in one process at a time,
 * and no command may fail because another runs. It does not check what it returns, so every value carries a
 * checksum over key and value; whatever is wrong surfaces as `CatalogueDamage`.
 */
export class Database {
  readonly #folder: string;
  #db: Db | undefined;
  #users = 0;
  #openedAt = 0;
  #reopenAt = 0;
  #opening: Promise<Db> | undefined;
  /** The folder that was opened last. */
  #opened: string | undefined;
  #idle: NodeJS.Timeout | undefined;
  #drained: (() => void)[] = [];

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Runs `work` with the database open. Several may run at once; keep each short, and none inside another. */
  async use<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const db = await this.#enter();
    try {
      return await work(new Session(db));
    } catch (error) {
      throw asDamage(error);
    } finally {
      await this.#leave();
    }
  }

  /**
   * Puts an empty database in place of this one, which another process may have open: each lies in a folder of
   * its own, and a small file says which one counts.
   */
  async replace(): Promise<void> {
    await this.close();
    await this.#point((staged, pointer) => rename(staged, pointer));
    await this.#sweep();
  }

  /** Removes the databases that do not count any more, but for those that another process just then writes to. */
  async #sweep(): Promise<void> {
    const current = await this.#current();
    for (const entry of await readdir(this.#folder, { withFileTypes: true })) {
      if (!entry.isDirectory() || entry.name === current) continue;
      try {
        await rm(join(this.#folder, entry.name), { recursive: true, force: true, maxRetries: 2 });
      } catch (error) {
        if (systemCode(error) !== 'ENOTEMPTY') throw ioError(error, 'removing', this.#folder);
      }
    }
  }

  /** True when the database is not the one that was last open; then that is closed. */
  async wasReplaced(): Promise<boolean> {
    if ((await this.#current()) === this.#opened) return false;
    await this.close();
    return true;
  }

  /** Name of the folder that counts; undefined when there is none, or one of another layout. */
  async #current(): Promise<string | undefined> {
    try {
      const name = await readFile(join(this.#folder, CURRENT), 'utf8');
      return name.startsWith(`${LAYOUT}-`) && /^[0-9a-f-]+$/.test(name) ? name : undefined;
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return undefined;
      throw ioError(error, 'reading', this.#folder);
    }
  }

  async close(): Promise<void> {
    while (this.#users > 0) await new Promise<void>((resolve) => this.#drained.push(resolve));
    await this.#shut();
  }

  async #enter(): Promise<Db> {
    for (;;) {
      if (this.#db !== undefined && performance.now() - this.#openedAt < LEASE_MS) break;
      if (this.#db !== undefined && this.#users > 0) {
        await new Promise<void>((resolve) => this.#drained.push(resolve));
        continue;
      }
      if (this.#db !== undefined) {
        await this.#shut();
        this.#reopenAt = performance.now() + PAUSE_MS;
      }
      this.#opening ??= this.#open().finally(() => {
        this.#opening = undefined;
      });
      await this.#opening;
      if (this.#db !== undefined) break;
    }
    clearTimeout(this.#idle);
    this.#users++;
    return this.#db;
  }

  async #leave(): Promise<void> {
    this.#users--;
    if (this.#users > 0) return;
    for (const resolve of this.#drained.splice(0)) resolve();
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      if (this.#users === 0) void this.#shut();
    }, IDLE_MS);
  }

  async #open(): Promise<Db> {
    const wait = this.#reopenAt - performance.now();
    if (wait > 0) await sleep(wait);
    for (let attempt = 0; ; attempt++) {
      const current = await this.#current();
      if (current === undefined) {
        await this.#begin();
        continue;
      }
      this.#opened = current;
      const db: Db = new Level(join(this.#folder, current), { keyEncoding: 'view', valueEncoding: 'view' });
      try {
        await db.open();
        this.#db = db;
        this.#openedAt = performance.now();
        return db;
      } catch (error) {
        if (!isLocked(error)) throw asDamage(error);
        await sleep(2 + Math.random() * Math.min(4 * (attempt + 1), 40));
      }
    }
  }

  /** Names the first database; of several processes that try, one does. */
  #begin(): Promise<void> {
    return this.#point(async (staged, pointer) => {
      try {
        await link(staged, pointer);
      } catch {
        // Somebody was first; or it is of another layout, or there are no links: then the last one counts.
        if ((await this.#current()) === undefined) await rename(staged, pointer);
      }
    });
  }

  async #point(publish: (staged: string, pointer: string) => Promise<void>): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const staged = join(this.#folder, ownedName());
    try {
      await writeFile(staged, `${LAYOUT}-${randomUUID()}`);
      await publish(staged, join(this.#folder, CURRENT));
    } catch (error) {
      throw ioError(error, 'writing', this.#folder);
    } finally {
      await rm(staged, { force: true });
    }
  }

  async #shut(): Promise<void> {
    clearTimeout(this.#idle);
    const db = this.#db;
    this.#db = undefined;
    await db?.close();
  }
}

/** A value to write; undefined removes the key. */
export interface Put {
  readonly key: Uint8Array;
  readonly value: Uint8Array | undefined;
}

/** Reads and writes within one session. */
export class Session {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
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

/** The catalogue is not usable; since it is only an index, the answer is to make it again. */
export class CatalogueDamage extends Error {}

const SYSTEM_TROUBLE = new Set(['ENOSPC', 'EDQUOT', 'EACCES', 'EPERM', 'EROFS', 'EMFILE', 'ENFILE']);

function asDamage(error: unknown): unknown {
  if (error instanceof CatalogueDamage || isDvsError(error)) return error;
  const code = systemCode(error);
  if (code === undefined || !code.startsWith('LEVEL_')) return error;
  const text = describe(error);
  if (/no space|quota/i.test(text)) {
    return new DvsError('E_NOSPC', 'no space left for the catalogue', {
      cause: error,
      hint: 'Free some space.',
    });
  }
  if (/permission denied|read-only/i.test(text) || SYSTEM_TROUBLE.has(code)) {
    return new DvsError('E_ACCESS', 'the catalogue cannot be written', { cause: error });
  }
  return new CatalogueDamage(text, { cause: error });
}

function isLocked(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return systemCode(error.cause) === 'LEVEL_LOCKED' || systemCode(error) === 'LEVEL_LOCKED';
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${describe(error.cause)}`;
}
