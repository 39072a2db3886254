import { ensureFolder } from '../../backend/durable.js';
import { ioError, isDvsError } from '../../base/errors.js';
import { assertFits } from './block.js';
import type { Layer } from './layer.js';
import { discard, newName } from './manifest.js';
import { MemTable } from './memtable.js';
import { type Put, View, type WriteSession } from './session.js';
import type { Snapshot } from './snapshot.js';
import { Table } from './table.js';
import { writeTable } from './table-writer.js';

/** So much is kept in memory before it becomes a table of its own. */
const MEMORY_BYTES = 8 * 1024 * 1024;

/** What is put on top of a snapshot before it counts for anybody else. */
export class Draft implements WriteSession {
  readonly #folder: string;
  readonly #base: Snapshot;
  readonly #tables: Table[] = [];
  #memory = new MemTable();
  /** False once a table could not be written: then all that comes stays in memory. */
  #canWrite = true;

  constructor(folder: string, base: Snapshot) {
    this.#folder = folder;
    this.#base = base;
  }

  get epoch(): string {
    return this.#base.epoch;
  }

  get isEmpty(): boolean {
    return this.#memory.count === 0 && this.#tables.length === 0;
  }

  /** What was put, the newest first; the layers of the base are older. */
  get layers(): readonly Layer[] {
    return [this.#memory, ...this.#tables];
  }

  /** Removes its files; whoever retained its layers can still read them. */
  async discard(): Promise<void> {
    for (const table of this.#tables) {
      table.release();
      await discard(this.#folder, table.facts.name);
    }
  }

  get(key: Uint8Array): Promise<Uint8Array | undefined> {
    return this.#view().get(key);
  }

  getMany(keys: readonly Uint8Array[]): Promise<(Uint8Array | undefined)[]> {
    return this.#view().getMany(keys);
  }

  range(...range: Parameters<View['range']>): ReturnType<View['range']> {
    return this.#view().range(...range);
  }

  async putMany(entries: Iterable<Put>): Promise<void> {
    for (const entry of entries) {
      assertFits(entry);
      this.#memory.set(entry);
      if (this.#memory.size > MEMORY_BYTES && this.#canWrite) await this.#flush();
    }
  }

  #view(): View {
    return new View(this.epoch, [...this.layers, ...this.#base.layers]);
  }

  async #flush(): Promise<void> {
    const name = newName();
    try {
      await ensureFolder(this.#folder);
      const facts = await writeTable(this.#folder, name, this.#memory.entries());
      this.#tables.unshift(new Table(this.#folder, facts));
      this.#memory = new MemTable();
    } catch (error) {
      if (!isDvsError(ioError(error, 'writing', this.#folder))) throw error;
      this.#canWrite = false;
      await discard(this.#folder, name);
    }
  }
}
