import { ownedName } from '../../base/owner.js';
import { fromGeneration } from './damage.js';
import type { Layer } from './layer.js';
import { readManifest } from './manifest.js';
import { View } from './session.js';
import { Table } from './table.js';

/** What a snapshot is made of. */
interface Parts {
  readonly generation: number;
  readonly epoch: string;
  readonly unwritten?: readonly Layer[];
  readonly tables?: readonly Table[];
}

/** The tables of one manifest, open, and what this process could not write down. */
export class Snapshot {
  /** Number of the manifest; 0 before the first. */
  readonly generation: number;
  readonly epoch: string;
  /** Newer than all tables; the newest first. */
  readonly unwritten: readonly Layer[];
  /** The newest first. */
  readonly tables: readonly Table[];
  #users = 1;

  /** Takes over its layers: it releases them when nobody uses it any more. */
  constructor({ generation, epoch, unwritten = [], tables = [] }: Parts) {
    this.generation = generation;
    this.epoch = epoch;
    this.unwritten = unwritten;
    this.tables = tables;
  }

  /** Nothing yet, in the place of whatever the manifest of that number says. */
  static empty(generation: number): Snapshot {
    return new Snapshot({ generation, epoch: ownedName() });
  }

  /** Undefined when there is no such manifest any more. CatalogueDamage. */
  static async open(folder: string, generation: number): Promise<Snapshot | undefined> {
    return fromGeneration(generation, async () => {
      const manifest = await readManifest(folder, generation);
      if (manifest === undefined) return undefined;
      const tables: Table[] = [];
      try {
        for (const facts of manifest.tables) tables.push(new Table(folder, facts));
      } catch (error) {
        for (const table of tables) table.release();
        throw error;
      }
      return new Snapshot({ generation, epoch: manifest.epoch, tables });
    });
  }

  get layers(): readonly Layer[] {
    return [...this.unwritten, ...this.tables];
  }

  /** Runs `work` on what this snapshot says; its tables stay open meanwhile. */
  async use<T>(work: (view: View) => Promise<T>): Promise<T> {
    this.#users++;
    try {
      return await fromGeneration(this.generation, () => work(new View(this.epoch, this.layers)));
    } finally {
      this.release();
    }
  }

  release(): void {
    if (--this.#users > 0) return;
    for (const layer of this.layers) layer.release();
  }
}
