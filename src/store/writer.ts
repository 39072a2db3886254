import { rm } from 'node:fs/promises';
import type { Backend } from '../backend/interface.js';
import { fromHex } from '../base/bytes.js';
import { DvsError } from '../base/errors.js';
import { KiB } from '../base/limits.js';
import { type CID, contentId, digestOf } from '../id/cid.js';
import type { Digest } from '../id/hash.js';
import { type Catalogue, storedObjects } from './catalogue/catalogue.js';
import { DigestSet } from './digest-set.js';
import type { StoredLogEntry } from './log/entry.js';
import type { Commit, Log } from './log/log.js';
import { RecipeBuilder, type RecipePart } from './objects/recipe.js';
import { EntryKind, PackType } from './pack/layout.js';
import { packKey } from './pack/reader.js';
import { PackSpool } from './pack/spool.js';
import type { FinishedPack } from './pack/writer.js';
import { loadZstd } from './pack/zstd.js';
import type { Written } from './written.js';

/** Nodes and recipes of an operation that stay uncompressed: to load the compressor would take longer. */
const PLAIN_META = 16 * KiB;

/** What a commit says, apart from the packs, which the writer knows. */
export type Proposal = Omit<Commit, 'packs'>;

export interface Committed {
  readonly entry: StoredLogEntry;
  /** Bytes of all packs that this write added. */
  readonly storedBytes: number;
}

export interface WriterParts {
  readonly backend: Backend;
  readonly catalogue: Catalogue;
  readonly log: Log;
  /** Told what was committed. */
  readonly written: Written;
  /** True when the store had no commit when the write began: then everything is new. */
  readonly isEmpty: boolean;
  /** A folder of its own for what is not yet in the store; removed by `close`. */
  readonly folder: string;
}

/**
 * One write to a store, in the design's order: packs are streamed and synced in `folder`, moved into the
 * store, then the log entry makes them count. Until then readers see nothing of it, and whatever stops it
 * leaves the store as it was.
 */
export class StoreWriter {
  /** Where worker threads spool data packs. */
  readonly folder: string;
  readonly #parts: WriterParts;
  readonly #meta: PackSpool;
  #storedBytes = 0;
  #metaBytes = 0;
  readonly #seen = { contents: new DigestSet(), chunks: new DigestSet(), objects: new DigestSet() };

  constructor(parts: WriterParts) {
    this.#parts = parts;
    this.folder = parts.folder;
    this.#meta = new PackSpool(parts.folder, PackType.meta);
  }

  /** For each content, whether the store has it. */
  hasContents(contents: readonly Digest[]): Promise<boolean[]> {
    return this.#lookUp(EntryKind.content, contents);
  }

  /** For each content, whether its bytes are still to be stored; a content is asked for only once. */
  async claimContents(contents: readonly Digest[]): Promise<boolean[]> {
    const stored = await this.#lookUp(EntryKind.content, contents);
    return contents.map((id, i) => stored[i] === false && this.#seen.contents.add(id));
  }

  /** For each chunk, whether its bytes are still to be stored; a chunk is asked for only once. */
  async claimChunks(chunks: readonly Digest[]): Promise<boolean[]> {
    const stored = await this.#lookUp(EntryKind.chunk, chunks);
    return chunks.map((id, i) => stored[i] === false && this.#seen.chunks.add(id));
  }

  /** Stores an entity or tree node unless it is there already. */
  async addNode(id: CID, bytes: Uint8Array): Promise<void> {
    await this.#addObject(EntryKind.node, digestOf(id), bytes);
  }

  /** Stores a content of at most `FRAME_BYTES` in one piece, unless it is there already; returns its ID. */
  async addContent(bytes: Uint8Array): Promise<CID> {
    const id = contentId(bytes);
    const [isNew] = await this.claimContents([digestOf(id)]);
    if (isNew === true) {
      await this.#prepare(bytes);
      this.#meta.add({ kind: EntryKind.content, id: digestOf(id), bytes });
    }
    return id;
  }

  /** Collects the chunks of one content; its `store` stores the result. */
  recipe(): ContentRecipeWriter {
    const below: Promise<void>[] = [];
    const builder = new RecipeBuilder((id, bytes) => {
      const stored = this.#addObject(EntryKind.recipe, id, bytes);
      stored.catch(() => {}); // awaited by store(); until then it must not count as unhandled
      below.push(stored);
    });
    return {
      add: (part) => builder.add(part),
      store: async (content) => {
        const { id, bytes } = builder.finish();
        await Promise.all(below);
        await this.#prepare(bytes);
        // The record that leads from content to recipe sits beside the recipe, so it goes where that goes.
        this.#meta.add({ kind: EntryKind.recipe, id, bytes, content });
      },
    };
  }

  /**
   * Makes everything durable and appends the commit. `propose` is asked for each slot of the log that is tried;
   * undefined means that there is nothing left to say (then the packs stay behind unnamed, for gc).
   */
  async commit(
    dataPacks: readonly FinishedPack[],
    propose: () => Promise<Proposal | undefined>,
  ): Promise<Committed | undefined> {
    return this.#append([...dataPacks, ...(await this.#meta.finish())], propose);
  }

  /**
   * Makes full data packs count before the operation is over, by a commit that moves no name. Chunks and whole
   * contents stand for themselves; recipes and nodes wait, because they promise what may not be stored yet.
   */
  async keep(dataPacks: readonly FinishedPack[], said: Pick<Proposal, 'time' | 'by'>): Promise<void> {
    await this.#append(dataPacks, async () => ({ ...said, names: [], publishes: [] }));
    await this.#parts.catalogue.refresh();
  }

  async #append(
    packs: readonly FinishedPack[],
    propose: () => Promise<Proposal | undefined>,
  ): Promise<Committed | undefined> {
    const { backend, catalogue, log, written } = this.#parts;
    if (packs.length > 0) await backend.adopt(packs.map(({ name, path }) => ({ key: packKey(name), path })));
    const names = packs.map(({ name }) => digestOfName(name));
    const entry = await log.append(async () => {
      written.isUncertain = false;
      const position = await catalogue.refresh();
      const proposal = await propose();
      written.isUncertain = proposal !== undefined;
      return proposal && { position, commit: { ...proposal, packs: names } };
    });
    const size = packs.reduce((sum, pack) => sum + pack.size, 0);
    this.#storedBytes += size;
    written.isUncertain = false;
    if (entry !== undefined) written.bytes += size;
    if (entry !== undefined && entry.names.length > 0) written.commits++;
    return entry && { entry, storedBytes: this.#storedBytes };
  }

  /** Removes whatever was not committed. Safe to call at any time, and after a commit. */
  async close(): Promise<void> {
    this.#meta.abort();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** What is stored already; in a store without packs there is nothing to ask for. */
  async #lookUp(kind: EntryKind, ids: readonly Digest[]): Promise<boolean[]> {
    if (this.#parts.isEmpty || ids.length === 0) return ids.map(() => false);
    return this.#parts.catalogue.use((session) => storedObjects(session, kind, ids));
  }

  async #addObject(kind: EntryKind, id: Digest, bytes: Uint8Array): Promise<void> {
    if (this.#seen.objects.has(id)) return;
    const [stored] = await this.#lookUp(kind, [id]);
    if (stored === true || !this.#seen.objects.add(id)) return;
    await this.#prepare(bytes);
    this.#meta.add({ kind, id, bytes });
  }

  /** Has nodes and recipes compressed as soon as there are enough of them. */
  async #prepare(bytes: Uint8Array): Promise<void> {
    this.#metaBytes += bytes.length;
    if (this.#metaBytes > PLAIN_META) await loadZstd();
  }
}

/** Puts the recipe of one content together. */
export interface ContentRecipeWriter {
  add(part: RecipePart): void;
  store(content: Digest): Promise<void>;
}

function digestOfName(name: string): Digest {
  const digest = fromHex(name);
  if (digest === undefined) throw new DvsError('E_INTERNAL', `not the name of a pack: ${name}`);
  return digest;
}
