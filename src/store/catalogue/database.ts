import { randomUUID } from 'node:crypto';
import { link, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Level } from 'level';
import { ensureFolder } from '../../backend/durable.js';
import { DvsError, ioError, systemCode } from '../../base/errors.js';
import { READ } from '../../base/open-flags.js';
import { isOwnerAlive, ownedName, ownerOf } from '../../base/owner.js';
import { asDamage, CatalogueDamage, isLocked } from './damage.js';
import { Inspection } from './inspect.js';
import { LAYOUT } from './records.js';
import { Session } from './session.js';

type Db = Level<Uint8Array, Uint8Array>;

/** A session is given up after this long, so that other processes get their turn. */
const LEASE_MS = 400;
/** How long the door stays open for them. */
const PAUSE_MS = 25;
/** An open database nobody uses is closed after this long. */
const IDLE_MS = 30;

/** The file that says which of the folders beside it is the database. */
const CURRENT = 'current';
/** How a folder is called while its database is being filled; who fills it follows. */
const BUILDING = 'building.';

/** How long to wait for a process that does not let go. */
const PATIENCE_MS = 60_000;
const AVERAGE_WAIT_MS = 20;

/** Uncompressed, because hashes do not compress, and so that `files.ts` can read what LevelDB wrote. */
const OPTIONS = { keyEncoding: 'view', valueEncoding: 'view', compression: false } as const;

/**
 * The `level` database under the catalogue, opened in short sessions: LevelDB lets in one process at a time,
 * and no command may fail because another runs. It does not check what it returns, so every value carries a
 * checksum over key and value; whatever is wrong surfaces as `CatalogueDamage`.
 */
export class Database {
  readonly #folder: string;
  readonly #fixed: string | undefined;
  readonly #inspection = new Inspection();
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
      return await work(new Session(db, this.#opened ?? ''));
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
      await this.#makeFolder(building);
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

  /** LevelDB would make it, too, and if it could not, not say why. */
  async #makeFolder(name: string): Promise<void> {
    try {
      await ensureFolder(this.#folder);
      await ensureFolder(join(this.#folder, name));
    } catch (error) {
      throw ioError(error, 'making a folder in', this.#folder);
    }
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
      const name = await readFile(join(this.#folder, CURRENT), { encoding: 'utf8', flag: READ });
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
      const path = join(this.#folder, current);
      try {
        await this.#assertIntact(path);
        const db: Db = new Level(path, OPTIONS);
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

  /**
   * Refuses (CatalogueDamage) files over which LevelDB might end the process. Some look like it while another
   * process writes them; so they must be the same before and after nobody was found to have the database open.
   */
  async #assertIntact(path: string): Promise<void> {
    for (;;) {
      const damaged = this.#inspection.findDamage(path);
      if (damaged === undefined) return;
      await probe(path);
      if (this.#inspection.findDamage(path) === damaged) throw new CatalogueDamage(`damaged: ${damaged}`);
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
    const staged = join(this.#folder, ownedName());
    try {
      await ensureFolder(this.#folder);
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
    if (db === undefined) return;
    await db.close();
    if (this.#opened !== undefined) this.#inspection.trust(join(this.#folder, this.#opened));
  }
}

/** Fails (LEVEL_LOCKED) when somebody has the database open; LevelDB reads nothing of it. */
async function probe(path: string): Promise<void> {
  try {
    await new Level(path, OPTIONS).open({ createIfMissing: false, errorIfExists: true });
  } catch (error) {
    if (isLocked(error)) throw error;
  }
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
