import { closeSync, fstatSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { compareBytes } from '../../base/bytes.js';
import { ioError, isShortage } from '../../base/errors.js';
import { READ_NO_LINK } from '../../base/open-flags.js';
import { readFully } from '../../base/read-fully.js';
import { entriesOf, findInBlock } from './block.js';
import { BlockIndex } from './block-index.js';
import { CatalogueDamage } from './damage.js';
import type { KeyRange, Layer, LayerEntry } from './layer.js';

/** A table as a manifest tells of it; the checksum covers the index, and the index those of all blocks. */
export interface TableFacts {
  /** Of the file. */
  readonly name: string;
  /** Of the file, in bytes: blocks, then index. */
  readonly size: number;
  readonly indexLength: number;
  readonly indexCrc: number;
}

/** Blocks that are kept once read and checked: 16 MiB. */
const KEPT_BLOCKS = 4096;

/**
 * A file of sorted entries that is never changed. What is read of it is what was written, or `CatalogueDamage`.
 * Reads are short, from files that were mostly just written, and there are thousands of them in one command; waiting
 * for each would cost ten times as much as reading.
 */
export class Table implements Layer {
  readonly facts: TableFacts;
  readonly #fd: number;
  readonly #blocks = new Map<number, Buffer>();
  #index: BlockIndex | undefined;
  #users = 1;

  /** Opens a table of `folder`; whoever opens it releases it. */
  constructor(folder: string, facts: TableFacts) {
    this.facts = facts;
    const path = join(folder, facts.name);
    this.#fd = orDamage(path, () => openSync(path, READ_NO_LINK));
    try {
      const stats = orDamage(path, () => fstatSync(this.#fd));
      if (!stats.isFile() || stats.size !== facts.size)
        throw new CatalogueDamage(`${path} is not as long as it was`);
    } catch (error) {
      this.release();
      throw error;
    }
  }

  get size(): number {
    return this.facts.size;
  }

  retain(): this {
    this.#users++;
    return this;
  }

  release(): void {
    if (--this.#users === 0) closeSync(this.#fd);
  }

  find(key: Uint8Array): LayerEntry | undefined {
    const number = this.#opened().blockOf(key);
    return number < 0 ? undefined : findInBlock(this.#block(number), key);
  }

  *entries({ from, to, reverse = false }: KeyRange = {}): Generator<LayerEntry> {
    const index = this.#opened();
    const first = from === undefined ? 0 : Math.max(0, index.blockOf(from));
    const last = to === undefined ? index.count - 1 : index.blockOf(to);
    for (let n = first; n <= last; n++) {
      const number = reverse ? first + last - n : n;
      // Not kept: a merge goes through whole tables, each once.
      const bytes = this.#blocks.get(number) ?? this.#read(index.block(number));
      const block = [...entriesOf(bytes)];
      for (const entry of reverse ? block.reverse() : block) {
        if (from !== undefined && compareBytes(entry.key, from) < 0) continue;
        if (to !== undefined && compareBytes(entry.key, to) >= 0) continue;
        yield entry;
      }
    }
  }

  #opened(): BlockIndex {
    const { size, indexLength: length, indexCrc: crc } = this.facts;
    this.#index ??= new BlockIndex(this.#read({ offset: size - length, length, crc }));
    return this.#index;
  }

  #block(number: number): Buffer {
    const kept = this.#blocks.get(number);
    if (kept !== undefined) return kept;
    const block = this.#read(this.#opened().block(number));
    if (this.#blocks.size === KEPT_BLOCKS) this.#blocks.clear();
    this.#blocks.set(number, block);
    return block;
  }

  #read({ offset, length, crc }: { offset: number; length: number; crc: number }): Buffer {
    const bytes = Buffer.allocUnsafeSlow(length);
    const read = orDamage(this.facts.name, () => readFully(this.#fd, bytes, offset));
    if (read !== length || crc32(bytes) !== crc) throw new CatalogueDamage('a checksum does not match');
    return bytes;
  }
}

/** What the disk does not give is as good as lost: it is made again elsewhere. */
function orDamage<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (isShortage(error)) throw ioError(error, 'reading', path);
    throw new CatalogueDamage(`cannot read ${path}`, { cause: error });
  }
}
