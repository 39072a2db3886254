import type { Layer } from './layer.js';
import { merge, withoutRemoved } from './merge.js';

/** A value to write; undefined removes the key. */
export interface Put {
  readonly key: Uint8Array;
  readonly value: Uint8Array | undefined;
}

/** What the catalogue says at one instant, whatever others write meanwhile. */
export interface Session {
  /** Which epoch of the catalogue it is: another one may number packs its own way. */
  readonly epoch: string;
  get(key: Uint8Array): Promise<Uint8Array | undefined>;
  getMany(keys: readonly Uint8Array[]): Promise<(Uint8Array | undefined)[]>;
  /** Entries with `from` ≤ key < `to`, ascending or, with `reverse`, descending. */
  range(
    from: Uint8Array,
    to: Uint8Array,
    options?: { limit?: number; reverse?: boolean },
  ): AsyncIterable<{ key: Uint8Array; value: Uint8Array }>;
}

export interface WriteSession extends Session {
  /** What is put counts at once in this session, and for others when the session is over. */
  putMany(entries: Iterable<Put>): Promise<void>;
}

/** Layers, the newest first, read as one. */
export class View implements Session {
  readonly epoch: string;
  readonly #layers: readonly Layer[];

  constructor(epoch: string, layers: readonly Layer[]) {
    this.epoch = epoch;
    this.#layers = layers;
  }

  async get(key: Uint8Array): Promise<Uint8Array | undefined> {
    return this.#find(key);
  }

  async getMany(keys: readonly Uint8Array[]): Promise<(Uint8Array | undefined)[]> {
    return keys.map((key) => this.#find(key));
  }

  async *range(
    from: Uint8Array,
    to: Uint8Array,
    { limit = Infinity, reverse = false }: { limit?: number; reverse?: boolean } = {},
  ): AsyncGenerator<{ key: Uint8Array; value: Uint8Array }> {
    let count = 0;
    if (limit <= 0) return;
    for (const entry of withoutRemoved(merge(this.#layers, { from, to, reverse }))) {
      yield entry;
      if (++count >= limit) return;
    }
  }

  #find(key: Uint8Array): Uint8Array | undefined {
    for (const layer of this.#layers) {
      const entry = layer.find(key);
      if (entry !== undefined) return entry.value;
    }
    return undefined;
  }
}
