import { asBuffer } from '../../base/bytes.js';
import { entryAt, entryLength, writeEntry } from './block.js';
import type { KeyRange, Layer, LayerEntry } from './layer.js';

const FIRST_BYTES = 16 * 1024;

/** The newest layer, as long as it can still be changed. Entries lie in one buffer: as objects they would take five times as much. */
export class MemTable implements Layer {
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  #used = 0;
  /** Where the entry of a key begins. A text has one character for each byte, because maps compare arrays by identity. */
  readonly #places = new Map<string, number>();
  /** All keys in order, which is that of their bytes; undefined when some were added since. */
  #sorted: string[] | undefined;

  get size(): number {
    return this.#used;
  }

  get count(): number {
    return this.#places.size;
  }

  set(entry: LayerEntry): void {
    const at = this.#used;
    const end = at + entryLength(entry);
    if (end > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(end, 2 * this.#bytes.length));
      this.#bytes.copy(larger, 0, 0, at);
      this.#bytes = larger;
    }
    this.#used = writeEntry(this.#bytes, at, entry);
    this.#places.set(textOf(entry.key), at);
    this.#sorted = undefined;
  }

  find(key: Uint8Array): LayerEntry | undefined {
    const at = this.#places.get(textOf(key));
    return at === undefined ? undefined : entryAt(this.#bytes, at);
  }

  *entries({ from, to, reverse = false }: KeyRange = {}): Generator<LayerEntry> {
    this.#sorted ??= [...this.#places.keys()].sort();
    const texts = this.#sorted;
    const first = from === undefined ? 0 : firstNotBefore(texts, textOf(from));
    const end = to === undefined ? texts.length : firstNotBefore(texts, textOf(to));
    for (let n = first; n < end; n++) {
      const at = this.#places.get(texts[reverse ? first + end - 1 - n : n] ?? '');
      if (at !== undefined) yield entryAt(this.#bytes, at);
    }
  }

  retain(): this {
    return this;
  }

  release(): void {
    // There is nothing to close.
  }
}

function textOf(key: Uint8Array): string {
  return asBuffer(key).toString('latin1');
}

function firstNotBefore(texts: readonly string[], text: string): number {
  let low = 0;
  let high = texts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((texts[middle] ?? '') < text) low = middle + 1;
    else high = middle;
  }
  return low;
}
