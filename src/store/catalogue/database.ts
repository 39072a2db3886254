import { ensureFolder } from '../../backend/durable.js';
import { DvsError, ioError, isDvsError } from '../../base/errors.js';
import { CatalogueDamage } from './damage.js';
import { Draft } from './draft.js';
import type { LayerEntry } from './layer.js';
import {
  discard,
  discardManifest,
  LAST_GENERATION,
  listFolder,
  newestGeneration,
  newName,
} from './manifest.js';
import { MemTable } from './memtable.js';
import { layersToMerge, merge, withoutRemoved } from './merge.js';
import { publish } from './publish.js';
import type { Session, WriteSession } from './session.js';
import { Snapshot } from './snapshot.js';
import { Table } from './table.js';
import { writeTable } from './table-writer.js';

/** How often somebody else may be faster before it is given up. */
const TRIES = 100;

/**
 * The database under the catalogue, bytes to bytes, for any number of processes at once, none of which waits for another:
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
  #trouble: DvsError | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Reads what was there when this process last wrote or, before that, first read. */
  async read<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return (this.#snapshot ?? (await this.#newest())).use(work);
  }

  /**
   * Runs `work` on the newest state, and makes what it puts the next one: all of it or nothing. When somebody else was
   * faster `work` runs again, now and then also though what it put counts already: it has to look at what is there. Only one
   * at a time.
   */
  async write<T>(work: (session: WriteSession) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const base = await this.#newest();
      const done = await base.use(() =>
        this.#drafting(base, async (draft) => {
          const result = await work(draft);
          if (draft.isEmpty || (await this.#append(base, draft))) return { result };
          if (attempt < TRIES) return undefined;
          this.#keep(base, draft, overtaken(this.#folder));
          return { result };
        }),
      );
      if (done !== undefined) return done.result;
    }
  }

  /**
   * Fills a new database from nothing, and puts it in place of this one, which serves until then; unless that was done because
   * of `damage` and somebody else has done it meanwhile.
   */
  async replace<T>(fill: (session: WriteSession) => Promise<T>, damage?: CatalogueDamage): Promise<T> {
    return this.#drafting(Snapshot.empty(0), async (draft) => {
      const result = await fill(draft);
      await this.#putAlone(draft, damage?.generation);
      return result;
    });
  }

  /** Throws (E_NOSPC, E_ACCESS, E_IO …) when the newest state is known to this process alone. */
  assertWritten(): void {
    if (this.#trouble !== undefined) throw this.#trouble;
  }

  /** True when what was found damaged is not what counts any more. */
  async wasReplaced({ generation }: CatalogueDamage): Promise<boolean> {
    if (generation === undefined || (await newestGeneration(this.#folder)) === generation) return false;
    this.#forget();
    return true;
  }

  async close(): Promise<void> {
    await this.#loading?.catch(() => {});
    this.#forget();
  }

  #forget(): void {
    this.#snapshot?.release();
    this.#snapshot = undefined;
  }

  #newest(): Promise<Snapshot> {
    this.#loading ??= this.#load().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  async #load(): Promise<Snapshot> {
    let damage: unknown;
    for (let attempt = 0, last = -1; attempt < TRIES; attempt++) {
      const newest = await newestGeneration(this.#folder);
      if (this.#snapshot?.generation === newest) return this.#snapshot;
      // The same again: nobody has put another one in place, so it is damaged.
      if (newest === last && damage !== undefined) throw damage;
      last = newest;
      try {
        const snapshot = newest === 0 ? Snapshot.empty(0) : await Snapshot.open(this.#folder, newest);
        if (snapshot !== undefined) return this.#hold(snapshot);
      } catch (error) {
        damage = error;
      }
    }
    throw overtaken(this.#folder);
  }

  #hold(snapshot: Snapshot): Snapshot {
    this.#forget();
    this.#snapshot = snapshot;
    this.#trouble = undefined;
    return snapshot;
  }

  /** Holds what could not be written, on top of what it was based on. */
  #keep({ generation, epoch, unwritten, tables }: Snapshot, draft: Draft, trouble: DvsError): void {
    const memory = new MemTable();
    for (const entry of merge([...draft.layers, ...unwritten])) memory.set(entry);
    this.#hold(
      new Snapshot({ generation, epoch, unwritten: [memory], tables: tables.map((one) => one.retain()) }),
    );
    this.#trouble = trouble;
  }

  async #drafting<T>(base: Snapshot, work: (draft: Draft) => Promise<T>): Promise<T> {
    const draft = new Draft(this.#folder, base);
    try {
      return await work(draft);
    } finally {
      await draft.discard();
    }
  }

  /** Makes the draft the state after its base; false when somebody else was faster. */
  async #append(base: Snapshot, draft: Draft): Promise<boolean> {
    if (base.generation >= LAST_GENERATION) throw new CatalogueDamage('no number is left');
    const fresh = [...draft.layers, ...base.unwritten];
    const layers = [...fresh, ...base.tables];
    const merged = Math.max(fresh.length, layersToMerge(layers.map(({ size }) => size)));
    const stay = base.tables.slice(merged - fresh.length);
    const entries = merge(layers.slice(0, merged));
    try {
      return await this.#withTable(stay.length === 0 ? withoutRemoved(entries) : entries, (table) =>
        this.#put(base.generation + 1, base.epoch, [table, ...stay]),
      );
    } catch (error) {
      this.#keep(base, draft, troubleOf(error, this.#folder));
      return true;
    }
  }

  /** Makes the draft, which has no base, the newest state; of a damaged one only where that is still the newest. */
  async #putAlone(draft: Draft, damaged: number | undefined): Promise<void> {
    let generation = damaged ?? (await newestGeneration(this.#folder));
    const put = async (table: Table): Promise<boolean> => {
      if (damaged !== undefined && damaged < LAST_GENERATION)
        return this.#put(damaged + 1, draft.epoch, [table]);
      for (let attempt = 0; attempt < TRIES; attempt++) {
        const { generations } = await listFolder(this.#folder);
        generation = generations.at(-1) ?? 0;
        if (generation >= LAST_GENERATION)
          for (const one of generations) await discardManifest(this.#folder, one);
        else if (await this.#put(generation + 1, draft.epoch, [table])) return true;
      }
      throw overtaken(this.#folder);
    };
    try {
      if (!(await this.#withTable(withoutRemoved(merge(draft.layers)), put))) this.#forget();
    } catch (error) {
      this.#keep(new Snapshot({ generation, epoch: draft.epoch }), draft, troubleOf(error, this.#folder));
    }
  }

  /** Writes a table for `put`, and removes it unless it was put in place. */
  async #withTable(entries: Iterable<LayerEntry>, put: (table: Table) => Promise<boolean>): Promise<boolean> {
    const name = newName();
    let table: Table | undefined;
    let isPut = false;
    try {
      await ensureFolder(this.#folder);
      table = new Table(this.#folder, await writeTable(this.#folder, name, entries));
      isPut = await put(table);
      return isPut;
    } finally {
      table?.release();
      if (!isPut) await discard(this.#folder, name);
    }
  }

  async #put(generation: number, epoch: string, tables: readonly Table[]): Promise<boolean> {
    const manifest = { epoch, tables: tables.map(({ facts }) => facts) };
    if (!(await publish(this.#folder, generation, manifest))) return false;
    this.#hold(new Snapshot({ generation, epoch, tables: tables.map((table) => table.retain()) }));
    return true;
  }
}

/** What keeps the catalogue from being written; all other errors are thrown again. */
function troubleOf(error: unknown, folder: string): DvsError {
  const trouble = ioError(error, 'writing in', folder);
  if (!isDvsError(trouble)) throw error;
  return trouble;
}

function overtaken(folder: string): DvsError {
  return new DvsError('E_BUSY', `others change the catalogue ${folder} all the time`, {
    hint: 'Try again when fewer commands run.',
  });
}
