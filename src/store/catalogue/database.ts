import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureFolder } from '../../backend/durable.js';
import { ioError, systemCode } from '../../base/errors.js';
import type { CatalogueDamage } from './damage.js';
import { Draft } from './draft.js';
import type { Layer } from './layer.js';
import { listFolder, newName } from './manifest.js';
import { layersToMerge, merge, withoutRemoved } from './merge.js';
import { publish } from './publish.js';
import type { Session, WriteSession } from './session.js';
import { Snapshot } from './snapshot.js';
import { Table } from './table.js';
import { writeTable } from './table-writer.js';

/** How often somebody else may be faster before what is new stays with this process. */
const TRIES = 100;

/**
 * The database under the catalogue, bytes to bytes, for any number of processes at once, none of which ever waits for another:
 * sorted tables that never change, and numbered manifests that say which of them count. Who writes makes a new table and tries to put
 * the next manifest in place; who finds that somebody else did begins again from there. Readers keep what they opened. What a
 * reader gets is what was written, by checksums all the way, or `CatalogueDamage`. Nothing waits for the disk, and what cannot be
 * written at all (a full disk, one that is only to be read) this process keeps in memory.
 */
export class Database {
  readonly #folder: string;
  #snapshot: Snapshot | undefined;
  #loading: Promise<Snapshot> | undefined;
  /** Why the newest state could not be written. */
  #trouble: unknown;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Reads what was there when this process last wrote or, before that, first read. */
  async read<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return (this.#snapshot ?? (await this.#newest())).use(work);
  }

  /**
   * Runs `work` on the newest state, and makes what it puts the next one: all of it or nothing. `work` runs again, now and then also
   * when what it put counts already, so it has to look at what is there first; it does so when somebody
   * else was faster. Only one at a time.
   */
  async write<T>(work: (session: WriteSession) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const base = await this.#newest();
      const done = await base.use(() =>
        this.#drafting(base, async (draft) => {
          const result = await work(draft);
          const isOver = draft.isEmpty || (await this.#publish(base, draft, attempt < TRIES));
          return isOver ? { result } : undefined;
        }),
      );
      if (done !== undefined) return done.result;
    }
  }

  /** Fills a new database from nothing, and puts it in place of this one, which serves until then. */
  async replace<T>(fill: (session: WriteSession) => Promise<T>): Promise<T> {
    return this.#drafting(Snapshot.empty(0), async (draft) => {
      const result = await fill(draft);
      for (let attempt = 1; ; attempt++) {
        const { generations } = await listFolder(this.#folder);
        const base = new Snapshot({ generation: generations.at(-1) ?? 0, making: draft.making });
        if (await this.#publish(base, draft, attempt < TRIES)) return result;
      }
    });
  }

  /** Throws (E_NOSPC, E_ACCESS, E_IO) when the newest state is known to this process alone. */
  assertWritten(): void {
    if (this.#trouble !== undefined) throw ioError(this.#trouble, 'writing in', this.#folder);
  }

  /** True when what was found damaged is not what counts any more. */
  async wasReplaced({ generation }: CatalogueDamage): Promise<boolean> {
    const { generations } = await listFolder(this.#folder);
    if (generation === undefined || (generations.at(-1) ?? 0) === generation) return false;
    this.close();
    return true;
  }

  close(): void {
    this.#snapshot?.release();
    this.#snapshot = undefined;
  }

  async #newest(): Promise<Snapshot> {
    this.#loading ??= this.#load().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  async #load(): Promise<Snapshot> {
    for (;;) {
      const { generations } = await listFolder(this.#folder);
      const newest = generations.at(-1) ?? 0;
      if (this.#snapshot?.generation === newest) return this.#snapshot;
      const snapshot = newest === 0 ? Snapshot.empty(0) : await this.#open(newest);
      if (snapshot !== undefined) return this.#hold(snapshot);
    }
  }

  /** Undefined when somebody has put another one in place meanwhile. */
  async #open(generation: number): Promise<Snapshot | undefined> {
    try {
      return await Snapshot.open(this.#folder, generation);
    } catch (error) {
      const { generations } = await listFolder(this.#folder);
      if (generations.at(-1) !== generation) return undefined;
      throw error;
    }
  }

  #hold(snapshot: Snapshot): Snapshot {
    this.#snapshot?.release();
    this.#snapshot = snapshot;
    return snapshot;
  }

  async #drafting<T>(base: Snapshot, work: (draft: Draft) => Promise<T>): Promise<T> {
    const draft = new Draft(this.#folder, base);
    try {
      return await work(draft);
    } finally {
      await draft.discard();
    }
  }

  /** False when somebody else was faster and `mayFail`. What cannot be written this process keeps in memory. */
  async #publish(base: Snapshot, draft: Draft, mayFail: boolean): Promise<boolean> {
    const { generation, making } = base;
    const fresh = [...draft.layers, ...base.unwritten];
    const layers = [...fresh, ...base.tables];
    const merged = Math.max(fresh.length, layersToMerge(layers.map(({ size }) => size)));
    const stay = base.tables.slice(merged - fresh.length);
    try {
      this.#trouble = undefined;
      const table = await this.#put(base, layers.slice(0, merged), stay);
      if (table !== undefined) {
        const tables = [table, ...stay.map((one) => one.retain())];
        this.#hold(new Snapshot({ generation: generation + 1, making, tables }));
        return true;
      }
      if (mayFail) return false;
    } catch (error) {
      if (systemCode(error) === undefined) throw error;
      this.#trouble = error;
    }
    for (const layer of layers) layer.retain();
    this.#hold(new Snapshot({ generation, making, unwritten: fresh, tables: base.tables }));
    return true;
  }

  /** Writes these layers as one table, and the manifest that lists it before those that stay; unless one has that number. */
  async #put(
    { generation, making }: Snapshot,
    layers: readonly Layer[],
    stay: readonly Table[],
  ): Promise<Table | undefined> {
    await ensureFolder(this.#folder);
    const entries = stay.length === 0 ? withoutRemoved(merge(layers)) : merge(layers);
    const facts = await writeTable(this.#folder, newName(), entries);
    let table: Table | undefined;
    try {
      const tables = [facts, ...stay.map((one) => one.facts)];
      if (await publish(this.#folder, generation + 1, { making, tables }))
        table = new Table(this.#folder, facts);
      return table;
    } finally {
      if (table === undefined) await rm(join(this.#folder, facts.name), { force: true });
    }
  }
}
