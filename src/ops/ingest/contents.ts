import { GiB } from '../../base/limits.js';
import { DIGEST_LENGTH, type Digest } from '../../id/hash.js';
import { EntryKind } from '../../store/pack/layout.js';
import type { FinishedPack } from '../../store/pack/writer.js';
import type { ContentRecipeWriter, StoreWriter } from '../../store/writer.js';
import type { IngestEngine } from './engine.js';
import type { SmallContent, StoredPiece, Stretch } from './tasks.js';

/** What was found to be new, in bytes before compression. */
export interface Novelty {
  newBytes: number;
}

/** Makes packs part of the store before the operation is over. */
export type KeepPacks = (packs: readonly FinishedPack[]) => Promise<void>;

export interface ContentStoreOptions {
  /** Only count what is new. */
  readonly measure: boolean;
  readonly keep: KeepPacks | undefined;
}

/** New bytes between two times that full packs are kept. */
const KEEP_BYTES = 1 * GiB;

/**
 * Where contents go once they are hashed: asks the store what is new and has only that stored. With `measure`
 * it only counts.
 */
export class ContentStore {
  readonly novelty: Novelty = { newBytes: 0 };
  readonly #writer: StoreWriter;
  readonly #engine: IngestEngine;
  readonly #measure: boolean;
  readonly #keep: KeepPacks | undefined;
  #kept = 0;

  constructor(writer: StoreWriter, engine: IngestEngine, { measure, keep }: ContentStoreOptions) {
    this.#writer = writer;
    this.#engine = engine;
    this.#measure = measure;
    this.#keep = keep;
  }

  /** Stores the small files of one slot; on return their bytes may be overwritten. */
  async addSmall(contents: readonly SmallContent[]): Promise<void> {
    const isNew = await this.#writer.claimContents(contents.map(({ digest }) => digest));
    const fresh = contents.filter((_, i) => isNew[i]);
    const cut = fresh.map(chunksWithin);
    const unclaimed = new Set(await this.#unclaimed(cut.flat()));
    const pieces: StoredPiece[] = [];
    for (const [i, { digest, at, length }] of fresh.entries()) {
      const chunks = cut[i] ?? [];
      if (chunks.length === 0) pieces.push({ kind: EntryKind.content, id: digest, at, length });
      else if (!this.#measure) await this.#storeRecipe(digest, chunks);
      pieces.push(...chunks.filter((chunk) => unclaimed.has(chunk)));
    }
    await this.store(pieces);
  }

  async #storeRecipe(content: Digest, chunks: readonly StoredPiece[]): Promise<void> {
    const recipe = this.#writer.recipe();
    for (const { id, length } of chunks) recipe.add({ id, length });
    await recipe.store(content);
  }

  /** Adds chunks to a recipe and says which of them are still to be stored. */
  async claimChunks(
    chunks: readonly Stretch[],
    ids: Uint8Array,
    recipe: ContentRecipeWriter,
  ): Promise<StoredPiece[]> {
    const pieces = chunks.map(
      (chunk, i): StoredPiece => ({ ...chunk, kind: EntryKind.chunk, id: digestAt(ids, i) }),
    );
    for (const { id, length } of pieces) recipe.add({ id, length });
    return this.#unclaimed(pieces);
  }

  /** Stores pieces that were claimed; on return their bytes may be overwritten. */
  async store(pieces: readonly StoredPiece[]): Promise<void> {
    if (pieces.length === 0) return;
    for (const { length } of pieces) this.novelty.newBytes += length;
    if (this.#measure) return;
    await this.#engine.pool.run('store', { pieces });
    await this.#keepLongWork();
  }

  /** Every now and then makes full packs count already, so that an interrupted `add` need not store them again. */
  async #keepLongWork(): Promise<void> {
    if (this.novelty.newBytes - this.#kept < KEEP_BYTES || this.#keep === undefined) return;
    this.#kept = this.novelty.newBytes;
    const packs = await this.#engine.completed();
    if (packs.length > 0) await this.#keep(packs);
  }

  /** The recipe of a large file that is about to be read. */
  recipe(): ContentRecipeWriter {
    return this.#writer.recipe();
  }

  /** Stores the recipe of a large file of `size` bytes by now, unless its content was there already. */
  async addRecipe(content: Digest, size: number, recipe: ContentRecipeWriter): Promise<void> {
    const [isNew] = await this.#writer.claimContents([content]);
    if (isNew !== true) return;
    // It was large when it was found. No bytes make no chunks, and a recipe has at least one.
    if (size === 0) await this.store([{ kind: EntryKind.content, id: content, at: 0, length: 0 }]);
    else if (!this.#measure) await recipe.store(content);
  }

  async #unclaimed(pieces: readonly StoredPiece[]): Promise<StoredPiece[]> {
    const isNew = await this.#writer.claimChunks(pieces.map(({ id }) => id));
    return pieces.filter((_, i) => isNew[i]);
  }
}

function chunksWithin({ at, chunks, chunkIds }: SmallContent): StoredPiece[] {
  let next = at;
  return chunks.map((length, i) => {
    const piece = { kind: EntryKind.chunk, id: digestAt(chunkIds, i), at: next, length };
    next += length;
    return piece;
  });
}

function digestAt(ids: Uint8Array, index: number): Digest {
  return ids.subarray(index * DIGEST_LENGTH, (index + 1) * DIGEST_LENGTH);
}
