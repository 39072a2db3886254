import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureFolder } from '../../backend/durable.js';
import { ioError, systemCode } from '../../base/errors.js';
import { isOwnerAlive } from '../../base/owner.js';
import type { CatalogueDamage } from './damage.js';
import { Draft } from './draft.js';
import type { Layer } from './layer.js';
import {
  listFolder,
  type Manifest,
  makerOf,
  newName,
  publishManifest,
  readManifest,
  readNewestManifest,
  removeManifest,
} from './manifest.js';
import { layersToMerge, merge, withoutRemoved } from './merge.js';
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
      if (await this.#isPublished(generation + 1, { making, tables })) table = new Table(this.#folder, facts);
      return table;
    } finally {
      if (table === undefined) await this.#remove(facts.name);
    }
  }

  /** True when a manifest with these tables, the new one first, counts or has counted. */
  async #isPublished(generation: number, manifest: Manifest): Promise<boolean> {
    if (!(await publishManifest(this.#folder, generation, manifest))) return false;
    const { generations, others } = await listFolder(this.#folder);
    if (generations.at(-1) === generation) {
      await this.#sweep(generations.slice(0, -1), others, manifest);
      return true;
    }
    // Others went on from it; or long before, and the number was free because they had removed what bore it.
    await removeManifest(this.#folder, generation);
    const later = await readNewestManifest(this.#folder);
    return later?.tables.some(({ name }) => name === manifest.tables[0]?.name) === true;
  }

  /** Removes older manifests with the tables only they list, and what ended processes left. */
  async #sweep(older: readonly number[], others: readonly string[], { tables }: Manifest): Promise<void> {
    const listed = new Set(tables.map(({ name }) => name));
    try {
      for (const generation of older) {
        const manifest = await readManifest(this.#folder, generation).catch(() => undefined);
        for (const { name } of manifest?.tables ?? []) if (!listed.has(name)) await this.#remove(name);
        await removeManifest(this.#folder, generation);
      }
      for (const name of others) {
        const maker = listed.has(name) ? undefined : makerOf(name);
        if (maker !== undefined && !isOwnerAlive(maker)) await this.#remove(name);
      }
    } catch {
      // What stays behind is in nobody's way, and the next one tries again.
    }
  }

  async #remove(name: string): Promise<void> {
    await rm(join(this.#folder, name), { force: true });
  }
}
