import { closeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ioError } from '../../base/errors.js';
import { Cutter } from '../../chunk/cuts.js';
import { WINDOW } from '../../chunk/limits.js';
import type { Digest } from '../../id/hash.js';
import type { ContentRecipeWriter } from '../../store/writer.js';
import { SLOT_DATA, type Slot } from '../../workers/slots.js';
import { type Turn, Turns } from '../../workers/turns.js';
import type { FileStat } from '../../workspace/file-stat.js';
import type { ContentStore } from './contents.js';
import type { IngestEngine } from './engine.js';
import { isStill, openFile } from './read-file.js';
import type { ReadProblem, Stretch } from './tasks.js';

const TRIES = 4;
const PAUSE_MS = 15;

export interface LargeContent {
  readonly stat: FileStat;
  readonly digest: Digest;
}

/** Reads, hashes and stores one file of any size with all workers; reads it again when it changed meanwhile. */
export async function ingestLarge(
  engine: IngestEngine,
  contents: ContentStore | undefined,
  path: string,
  onBytes: (bytes: number) => void,
): Promise<LargeContent | ReadProblem> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    if (attempt > 0) await sleep(PAUSE_MS);
    const file = openFile(path);
    if ('problem' in file) return file;
    const { fd, stat } = file;
    try {
      const read = await new LargeFile(engine, contents, fd, onBytes).read(stat.size);
      if (read === undefined || !isStill(file)) continue;
      if (contents !== undefined) await contents.addRecipe(read.digest, stat.size, read.recipe);
      return { stat, digest: read.digest };
    } catch (error) {
      throw ioError(error, 'reading', path);
    } finally {
      closeSync(fd);
    }
  }
  return { problem: 'changing' };
}

const NO_RECIPE: ContentRecipeWriter = { add: () => {}, store: async () => {} };

/**
 * One pass over an open file. Stretches are read and scanned by any worker, several at once; cuts are decided
 * here, in order; then hashing the stretch (on the file's own worker) and its chunks (on any) run side by side.
 */
class LargeFile {
  readonly #engine: IngestEngine;
  readonly #contents: ContentStore | undefined;
  readonly #fd: number;
  readonly #onBytes: (bytes: number) => void;
  readonly #file: number;
  readonly #cutter = new Cutter();
  readonly #recipe: ContentRecipeWriter;
  /** What the stretches so far left uncut. */
  #tail: Uint8Array = new Uint8Array(0);
  /** Where in the file the next stretch to be cut begins. */
  #position = 0;
  readonly #cutting = new Turns();
  readonly #claiming = new Turns();

  constructor(
    engine: IngestEngine,
    contents: ContentStore | undefined,
    fd: number,
    onBytes: (bytes: number) => void,
  ) {
    this.#engine = engine;
    this.#contents = contents;
    this.#fd = fd;
    this.#onBytes = onBytes;
    this.#file = engine.newFile();
    this.#recipe = contents?.recipe() ?? NO_RECIPE;
  }

  /** Undefined when the file ended early. */
  async read(size: number): Promise<{ digest: Digest; recipe: ContentRecipeWriter } | undefined> {
    const pending: Promise<boolean>[] = [];
    for (let offset = 0; offset < size; offset += SLOT_DATA) {
      const slot = await this.#engine.slots.acquire();
      const stretch = this.#stretch(slot, offset, Math.min(SLOT_DATA, size - offset), size);
      stretch.catch(() => {}); // settled below; until then it must not count as unhandled
      pending.push(stretch);
    }
    // All of them, even when one fails: none may still be reading when the file is closed.
    const settled = await Promise.allSettled(pending);
    const failed = settled.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    const digest = await this.#engine.pool.run('hashEnd', { file: this.#file }, this.#file);
    const complete = settled.every((result) => result.status === 'fulfilled' && result.value);
    return complete ? { digest, recipe: this.#recipe } : undefined;
  }

  /** Handles one stretch and frees its slot; false when the file was shorter than that. */
  async #stretch(slot: Slot, offset: number, length: number, size: number): Promise<boolean> {
    const { pool, slots } = this.#engine;
    const at = slot.dataAt;
    const cutting = this.#cutting.take();
    const claiming = this.#claiming.take();
    try {
      const { read, candidates } = await pool.run('scan', { fd: this.#fd, offset, at, length });
      await cutting.ready;
      const hashed = pool.run('hash', { file: this.#file, at, length: read }, this.#file);
      const chunks = this.#cut(at, read, candidates, offset + read >= size);
      cutting.done();
      // Both, even when one fails: the slot may be used again only when nobody reads from it.
      for (const one of await Promise.allSettled([hashed, this.#store(chunks, claiming)])) {
        if (one.status === 'rejected') throw one.reason;
      }
      this.#onBytes(read);
      return read === length;
    } finally {
      cutting.done();
      claiming.done();
      slots.release(slot);
    }
  }

  async #store(chunks: readonly Stretch[], claiming: Turn): Promise<void> {
    const contents = this.#contents;
    if (contents === undefined || chunks.length === 0) return;
    const ids = await this.#engine.pool.run('chunkIds', { chunks });
    await claiming.ready; // recipes and packs follow the order of the file
    const fresh = await contents.claimChunks(chunks, ids, this.#recipe);
    claiming.done();
    await contents.store(fresh);
  }

  /** The chunks that end in this stretch, the first of them beginning in what was left of the one before. */
  #cut(at: number, length: number, candidates: readonly number[] | undefined, isLast: boolean): Stretch[] {
    const tailAt = at - this.#tail.length;
    this.#engine.bytes(tailAt, this.#tail.length).set(this.#tail);
    const base = this.#position;
    const before = Math.min(WINDOW, base);
    const ends =
      candidates === undefined
        ? this.#cutter.pushBytes(this.#engine.bytes(at - before, before + length), before)
        : this.#cutter.push(candidates, length);
    if (isLast) ends.push(...this.#cutter.finish());
    this.#position = base + length;
    let start = tailAt;
    const chunks = ends.map((end): Stretch => {
      const chunk = { at: start, length: end - base + at - start };
      start += chunk.length;
      return chunk;
    });
    // Copied, because this slot is free again before the next stretch is cut.
    this.#tail = Buffer.from(this.#engine.bytes(start, at + length - start));
    return chunks;
  }
}
