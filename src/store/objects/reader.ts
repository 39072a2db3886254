import type { Backend, ByteRange } from '../../backend/interface.js';
import { hex } from '../../base/bytes.js';
import { DvsError, isDvsError } from '../../base/errors.js';
import { type CID, digestOf } from '../../id/cid.js';
import type { Digest } from '../../id/hash.js';
import type { Catalogue } from '../catalogue/catalogue.js';
import { CatalogueDamage } from '../catalogue/damage.js';
import { decodeContent, decodePlace, Key, type Place } from '../catalogue/records.js';
import type { Session } from '../catalogue/session.js';
import { EntryKind } from '../pack/layout.js';
import { atPack, packKey, readFrame } from '../pack/reader.js';
import { assertObject } from './check.js';
import { decodeRecipe, type Recipe } from './recipe.js';

/** A stored object and the name of its pack. */
export interface Located extends Place {
  readonly id: Digest;
  readonly packName: string;
}

/** A stretch of a content and the object that holds it. */
export interface ContentPiece {
  /** Where the object's bytes begin in the content. */
  readonly at: number;
  readonly object: Located;
}

interface ContentPart {
  readonly id: Digest;
  readonly at: number;
  readonly length: number;
}

interface RecipeReference extends ContentPart {
  readonly level: number;
}

interface OpenRecipe extends Recipe {
  readonly at: number;
}

/** Frames kept decompressed: neighbours in a tree share them. */
const CACHED_FRAMES = 32;

/** Reads objects out of packs. Bytes leave only after their hash was checked. */
export class ObjectReader {
  readonly #backend: Backend;
  readonly #catalogue: Catalogue;
  readonly #frames = new Map<string, Promise<Uint8Array>>();
  /** Packs that were looked for, and whether they are there. */
  readonly #existing = new Map<string, Promise<boolean>>();
  /** Names of packs by their numbers in one epoch of the catalogue. */
  #packNames = new Map<number, string>();
  #epoch: string | undefined;
  #remaking: Promise<unknown> | undefined;
  #isRemade = false;

  constructor(backend: Backend, catalogue: Catalogue) {
    this.#backend = backend;
    this.#catalogue = catalogue;
  }

  /** The bytes of an entity or tree node. E_MISSING, E_DAMAGED. */
  async get(id: CID): Promise<Uint8Array> {
    const [object] = await this.#locateSurely(EntryKind.node, [digestOf(id)]);
    if (object === undefined) throw missing(id.toString());
    return this.read(object);
  }

  /** The verified bytes of one object. */
  async read(object: Located): Promise<Uint8Array> {
    const real = await this.#frame(object);
    const bytes = real.subarray(object.offset, object.offset + object.length);
    return atPack(object.packName, () => assertObject(object.kind, object.id, bytes));
  }

  /** Where whole contents of one chunk lie; undefined for those of several (and those not stored). */
  async wholes(contents: readonly Digest[]): Promise<(Located | undefined)[]> {
    return this.#catalogue.use((session) => this.#locate(session, EntryKind.content, contents));
  }

  /** For each content, whether every pack that holds a part of it exists. */
  async areAtHand(contents: readonly Digest[]): Promise<boolean[]> {
    const wholes = await this.wholes(contents);
    const found: boolean[] = [];
    for (const [i, content] of contents.entries()) {
      const whole = wholes[i];
      found.push(whole === undefined ? await this.#isAtHand(content) : await this.#exists(whole.packName));
    }
    return found;
  }

  async #isAtHand(content: Digest): Promise<boolean> {
    try {
      for await (const pieces of this.pieces(content)) {
        for (const { object } of pieces) if (!(await this.#exists(object.packName))) return false;
      }
      return true;
    } catch (error) {
      if (isDvsError(error, 'E_MISSING')) return false;
      throw error;
    }
  }

  #exists(packName: string): Promise<boolean> {
    const known = this.#existing.get(packName);
    if (known !== undefined) return known;
    const exists = this.#backend.size(packKey(packName)).then((size) => size !== undefined);
    this.#existing.set(packName, exists);
    return exists;
  }

  /** Length of a content in bytes, or undefined when it is not stored. */
  async contentLength(content: Digest): Promise<number | undefined> {
    const top = await this.#top(content);
    return top?.length;
  }

  /**
   * The objects that make up a content (or those that a range of it touches), in order, in bounded batches.
   * E_MISSING when the content or a part of it is not stored.
   */
  async *pieces(content: Digest, range?: ByteRange): AsyncGenerator<ContentPiece[]> {
    const top = await this.#top(content);
    if (top === undefined) throw missing(hex(content));
    const from = range?.offset ?? 0;
    const to = range === undefined ? top.length : Math.min(top.length, from + range.length);
    if ('id' in top) {
      if (from < to || top.length === 0) yield [{ at: 0, object: top }];
      return;
    }
    const pending: RecipeReference[] = [];
    for (let next: OpenRecipe | undefined = { ...top, at: 0 }; next !== undefined; ) {
      const touched: ContentPart[] = [];
      let at = next.at;
      for (const { id, length } of next.parts) {
        if (at < to && at + length > from) touched.push({ id, at, length });
        at += length;
      }
      const level = next.level - 1;
      if (level < 0) yield await this.#chunks(touched);
      else pending.push(...touched.toReversed().map((part) => ({ ...part, level })));
      const reference = pending.pop();
      next = reference === undefined ? undefined : await this.#open(reference);
    }
  }

  /** All pieces of a content that should have `size` bytes; of a longer one, enough to show that it is longer. */
  async allPieces(content: Digest, size?: number): Promise<ContentPiece[]> {
    const all: ContentPiece[] = [];
    for await (const batch of this.pieces(content, upTo(size))) all.push(...batch);
    return all;
  }

  async #chunks(parts: readonly ContentPart[]): Promise<ContentPiece[]> {
    const found = await this.#locateSurely(
      EntryKind.chunk,
      parts.map(({ id }) => id),
    );
    return parts.map(({ id, at, length }, i) => {
      const object = found[i];
      if (object === undefined) throw missing(`the chunk ${hex(id)}`);
      if (object.length !== length)
        throw new DvsError('E_DAMAGED', 'a recipe and a chunk disagree on its length');
      return { at, object };
    });
  }

  async #open({ id, at, length, level }: RecipeReference): Promise<OpenRecipe> {
    const recipe = await this.#recipe(id);
    if (recipe.level > level) throw new DvsError('E_CYCLE', 'a recipe leads back to its own level');
    if (recipe.level !== level || recipe.length !== length) {
      throw new DvsError('E_DAMAGED', 'a recipe does not fit the one above it');
    }
    return { ...recipe, at };
  }

  async #top(content: Digest): Promise<Located | Recipe | undefined> {
    const wasRemade = this.#isRemade;
    const [whole] = await this.wholes([content]);
    if (whole !== undefined) return whole;
    const value = await this.#catalogue.use((session) => session.get(Key.object(EntryKind.content, content)));
    const known = value && decodeContent(value);
    if (known !== undefined && 'recipe' in known) return this.#recipe(known.recipe);
    if (!(await this.#mend(wasRemade))) return undefined;
    return this.#top(content);
  }

  async #recipe(id: Digest): Promise<Recipe> {
    const [object] = await this.#locateSurely(EntryKind.recipe, [id]);
    if (object === undefined) throw missing(`the recipe ${hex(id)}`);
    return decodeRecipe(await this.read(object));
  }

  async #locate(session: Session, kind: EntryKind, ids: readonly Digest[]): Promise<(Located | undefined)[]> {
    const values = await session.getMany(ids.map((id) => Key.object(kind, id)));
    const located: (Located | undefined)[] = [];
    for (const [i, id] of ids.entries()) {
      const value = values[i];
      const place = value && (kind === EntryKind.content ? decodeContent(value) : decodePlace(kind, value));
      if (place === undefined || 'recipe' in place) {
        located.push(undefined);
        continue;
      }
      located.push({ ...place, id, packName: await this.#packName(session, place.pack) });
    }
    return located;
  }

  /** As `#locate`, but before anything counts as missing the catalogue is made again from the footers. */
  async #locateSurely(kind: EntryKind, ids: readonly Digest[]): Promise<(Located | undefined)[]> {
    const wasRemade = this.#isRemade;
    const found = await this.#catalogue.use((session) => this.#locate(session, kind, ids));
    if (found.every((object) => object !== undefined) || !(await this.#mend(wasRemade))) return found;
    return this.#catalogue.use((session) => this.#locate(session, kind, ids));
  }

  /** Makes the catalogue again, once in the life of this reader; false when that was done before somebody looked. */
  async #mend(wasRemade: boolean): Promise<boolean> {
    if (wasRemade) return false;
    this.#remaking ??= this.#catalogue.remake().catch((error: unknown) => {
      this.#remaking = undefined;
      throw error;
    });
    await this.#remaking;
    this.#isRemade = true;
    return true;
  }

  async #packName(session: Session, pack: number): Promise<string> {
    if (session.epoch !== this.#epoch) this.#packNames = new Map();
    this.#epoch = session.epoch;
    const names = this.#packNames;
    const known = names.get(pack);
    if (known !== undefined) return known;
    const name = await session.get(Key.pack(pack));
    if (name === undefined) throw new CatalogueDamage('a pack number leads nowhere');
    const text = hex(name);
    names.set(pack, text);
    return text;
  }

  #frame(object: Located): Promise<Uint8Array> {
    const key = `${object.packName}:${object.frameOffset}`;
    const cached = this.#frames.get(key);
    if (cached !== undefined) return cached;
    const frame = readFrame(this.#backend, object.packName, { ...object, offset: object.frameOffset });
    this.#frames.set(key, frame);
    frame.catch(() => this.#frames.delete(key));
    const [oldest] = this.#frames.keys();
    if (this.#frames.size > CACHED_FRAMES && oldest !== undefined) this.#frames.delete(oldest);
    return frame;
  }
}

/** The bytes of a content of that size, and one more, which should not be there. */
export function upTo(size: number | undefined): ByteRange | undefined {
  return size === undefined ? undefined : { offset: 0, length: size + 1 };
}

function missing(what: string): DvsError {
  return new DvsError('E_MISSING', `${what} is not in the store`, {
    about: [what],
    hint: 'Run `dvs verify --all` to list what is missing.',
  });
}
