import { randomUUID } from 'node:crypto';
import { link, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { Level } from 'level';
import { equalBytes } from '../../base/bytes.js';
import { DvsError, type ErrorCode, ioError, isDvsError, systemCode } from '../../base/errors.js';
import { isOwnerAlive, ownedName, ownerOf } from '../../base/owner.js';
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
/** How a folder is called while its database is being filled; who fills it follows. */
const BUILDING = 'building.';

/** How long to wait for a process that does not let go. */
const PATIENCE_MS = 60_000;
const AVERAGE_WAIT_MS = 20;

type Db = Level<Uint8Array, Uint8Array>;

/**
 * The `level` database under the catalogue, opened in short sessions: LevelDB lets in one process at a time,
 * and no command may fail because another runs. It does not check what it returns, so every value carries a
 * checksum over key and value; whatever is wrong surfaces as `CatalogueDamage`.
 */
export class Database {
  readonly #folder: string;
  readonly #fixed: string | undefined;
  #db: Db | undefined;
  #users = 0;
  #openedAt = 0;
  #reopenAt = 0;
  #opening: Promise<Db> | undefined;
  /** The folder that was opened last. */
  #opened: string | undefined;
  #idle: NodeJS.Timeout | undefined;
  #drained: (() => void)[] = [];

  /** `fixed`: always that database, whatever counts. */
  constructor(folder: string, fixed?: string) {
    this.#folder = folder;
    this.#fixed = fixed;
  }

  /** Runs `work` with the database open. Several may run at once; keep each short, and none inside another. */
  async use<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const db = await this.#enter();
    try {
      return await work(new Session(db));
    } catch (error) {
      throw asDamage(error, this.#opened);
    } finally {
      await this.#leave();
    }
  }

  /**
   * Fills a new database and then puts it in place of this one, which serves until then and which another
   * process may have open: each lies in a folder of its own, and a small file says which one counts.
   */
  async replace(fill: (session: Session) => Promise<unknown>): Promise<void> {
    const building = `${BUILDING}${ownedName()}`;
    const next = new Database(this.#folder, building);
    try {
      await next.use(fill);
      await next.close();
      const name = `${LAYOUT}-${randomUUID()}`;
      await rename(join(this.#folder, building), join(this.#folder, name));
      await this.#point(name, (staged, pointer) => rename(staged, pointer));
    } finally {
      await next.close();
    }
    await this.close();
    await this.#sweep();
  }

  /** Removes the databases that do not count any more, but for those that another process just then writes to. */
  async #sweep(): Promise<void> {
    const current = await this.#current();
    for (const entry of await readdir(this.#folder, { withFileTypes: true })) {
      if (!entry.isDirectory() || entry.name === current || isBeingBuilt(entry.name)) continue;
      try {
        await rm(join(this.#folder, entry.name), { recursive: true, force: true, maxRetries: 2 });
      } catch (error) {
        if (systemCode(error) !== 'ENOTEMPTY') throw ioError(error, 'removing', this.#folder);
      }
    }
  }

  /** True when `database`, in which damage was found, is not the one that counts any more. */
  async wasReplaced(database: string | undefined): Promise<boolean> {
    if ((await this.#current()) === database) return false;
    await this.close();
    return true;
  }

  /** Name of the folder that counts; undefined when there is none, or one of another layout. */
  async #current(): Promise<string | undefined> {
    if (this.#fixed !== undefined) return this.#fixed;
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
      // Whoever needs it next opens it anew, and hears what is wrong then.
      if (this.#users === 0) this.#shut().catch(() => {});
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
        if (!isLocked(error)) throw asDamage(error, current);
        if (attempt * AVERAGE_WAIT_MS > PATIENCE_MS) throw busy(this.#folder, error);
        await sleep(2 + Math.random() * Math.min(4 * (attempt + 1), 40));
      }
    }
  }

  /** Names the first database; of several processes that try, one does. */
  #begin(): Promise<void> {
    return this.#point(`${LAYOUT}-${randomUUID()}`, async (staged, pointer) => {
      try {
        await link(staged, pointer);
      } catch {
        // Somebody was first; or it is of another layout, or there are no links: then the last one counts.
        if ((await this.#current()) === undefined) await rename(staged, pointer);
      }
    });
  }

  async #point(name: string, publish: (staged: string, pointer: string) => Promise<void>): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const staged = join(this.#folder, ownedName());
    try {
      await writeFile(staged, name);
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
export class CatalogueDamage extends Error {
  /** The database in which it was found. */
  database: string | undefined;
}

/** What goes wrong with a good catalogue, by what LevelDB says of it; all else is damage. */
const TROUBLE: readonly { says: RegExp; code: ErrorCode; hint: string }[] = [
  { says: /no space|quota/i, code: 'E_NOSPC', hint: 'Free some space and try again.' },
  { says: /permission denied|read-only/i, code: 'E_ACCESS', hint: 'Check the permissions of the catalogue.' },
  {
    says: /too many open|allocate|input\/output|temporarily/i,
    code: 'E_IO',
    hint: 'Check the system and try again.',
  },
];

function asDamage(error: unknown, database: string | undefined): unknown {
  if (error instanceof CatalogueDamage) {
    error.database ??= database;
    return error;
  }
  if (isDvsError(error) || systemCode(error)?.startsWith('LEVEL_') !== true) return error;
  const text = describe(error);
  const trouble = TROUBLE.find(({ says }) => says.test(text));
  if (trouble !== undefined) {
    const { code, hint } = trouble;
    return new DvsError(code, `the catalogue cannot be used: ${text}`, { cause: error, hint });
  }
  return Object.assign(new CatalogueDamage(text, { cause: error }), { database });
}

function isBeingBuilt(name: string): boolean {
  const owner = name.startsWith(BUILDING) ? ownerOf(name.slice(BUILDING.length)) : undefined;
  return owner !== undefined && isOwnerAlive(owner);
}

function busy(folder: string, cause: unknown): DvsError {
  return new DvsError('E_BUSY', `another process has kept the catalogue ${folder} for a minute`, {
    cause,
    hint: 'Look for a dvs that was stopped or hangs; end it or let it go on, and try again.',
  });
}

function isLocked(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return systemCode(error.cause) === 'LEVEL_LOCKED' || systemCode(error) === 'LEVEL_LOCKED';
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${describe(error.cause)}`;
}
