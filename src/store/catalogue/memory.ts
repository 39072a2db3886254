import { asBuffer, compareBytes } from '../../base/bytes.js';
import { entryLength } from './block.js';
import type { KeyRange, Layer, LayerEntry } from './layer.js';

/** The newest layer, as long as it can still be changed. */
export class MemoryLayer implements Layer {
  /** By the key as a text of one character for each byte, because maps compare arrays by identity. */
  readonly #entries = new Map<string, LayerEntry>();
  /** The texts of all keys in order, which is that of the bytes; undefined when some were added since. */
  #sorted: string[] | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get count(): number {
    return this.#entries.size;
  }

  set(entry: LayerEntry): void {
    const text = textOf(entry.key);
    if (!this.#entries.has(text)) this.#sorted = undefined;
    this.#entries.set(text, entry);
    this.#size += entryLength(entry);
  }

  retain(): this {
    return this;
  }

  release(): void {
    // There is nothing to close.
  }

  find(key: Uint8Array): LayerEntry | undefined {
    return this.#entries.get(textOf(key));
  }

  *entries({ from, to, reverse = false }: KeyRange = {}): Generator<LayerEntry> {
    this.#sorted ??= [...this.#entries.keys()].sort();
    const texts = this.#sorted;
    for (let n = 0; n < texts.length; n++) {
      const entry = this.#entries.get(texts[reverse ? texts.length - 1 - n : n] ?? '');
      if (entry === undefined) continue;
      if (from !== undefined && compareBytes(entry.key, from) < 0) continue;
      if (to !== undefined && compareBytes(entry.key, to) >= 0) continue;
      yield entry;
    }
  }
}

function textOf(key: Uint8Array): string {
  return asBuffer(key).toString('latin1');
}
