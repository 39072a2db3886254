import { asBuffer } from '../../base/bytes.js';
import { DvsError } from '../../base/errors.js';
import { DIGEST_LENGTH, type Digest, sha256 } from '../../id/hash.js';

/** Parts in one recipe object: its size stays below one frame. */
export const RECIPE_PARTS = 4096;
/** 4096⁴ chunks of 8 KiB: more than any file. */
const MAX_LEVEL = 4;

const VERSION = 1;
const HEAD_LENGTH = 16;
const PART_LENGTH = 40;

/** A part of a content: a chunk (in a recipe of level 0) or a recipe one level below. */
export interface RecipePart {
  readonly id: Digest;
  /** Bytes of the content that it stands for. */
  readonly length: number;
}

/**
 * How a content is put together. Storage only: it is in no ID, and another store may cut otherwise.
 * Bytes: version, level, 2 zero bytes, count (u32), length of the content (u64), then the parts: ID, length (u64).
 */
export interface Recipe {
  readonly level: number;
  readonly length: number;
  readonly parts: readonly RecipePart[];
}

export function encodeRecipe({ level, length, parts }: Recipe): Uint8Array {
  const out = Buffer.alloc(HEAD_LENGTH + parts.length * PART_LENGTH);
  out.writeUInt8(VERSION);
  out.writeUInt8(level, 1);
  out.writeUInt32LE(parts.length, 4);
  out.writeBigUInt64LE(BigInt(length), 8);
  let at = HEAD_LENGTH;
  for (const part of parts) {
    out.set(part.id, at);
    at = out.writeBigUInt64LE(BigInt(part.length), at + DIGEST_LENGTH);
  }
  return out;
}

/** Reads a recipe and checks that its parts add up; E_FORMAT, E_LIMIT or E_DAMAGED. */
export function decodeRecipe(recipe: Uint8Array): Recipe {
  const bytes = asBuffer(recipe);
  if (bytes.length < HEAD_LENGTH) throw damaged('it is too short');
  if (bytes.readUInt8(0) !== VERSION) throw new DvsError('E_FORMAT', 'this recipe needs a newer dvs');
  const level = bytes.readUInt8(1);
  const count = bytes.readUInt32LE(4);
  if (level > MAX_LEVEL || count > RECIPE_PARTS)
    throw new DvsError('E_LIMIT', 'a recipe is too deep or too long');
  const length = safeLength(bytes.readBigUInt64LE(8));
  if (bytes.readUInt16LE(2) !== 0 || count === 0 || bytes.length !== HEAD_LENGTH + count * PART_LENGTH) {
    throw damaged('its length does not fit its count');
  }
  let sum = 0;
  const parts = Array.from({ length: count }, (_, i): RecipePart => {
    const at = HEAD_LENGTH + i * PART_LENGTH;
    const part = {
      id: bytes.subarray(at, at + DIGEST_LENGTH),
      length: safeLength(bytes.readBigUInt64LE(at + DIGEST_LENGTH)),
    };
    sum += part.length;
    return part;
  });
  if (sum !== length || parts.some((part) => part.length === 0)) throw damaged('its parts do not add up');
  return { level, length, parts };
}

function safeLength(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER))
    throw new DvsError('E_LIMIT', 'a recipe names an absurd length');
  return Number(value);
}

function damaged(why: string): DvsError {
  return new DvsError('E_DAMAGED', `a recipe is damaged: ${why}`);
}

/** Puts recipes together as chunks arrive; memory stays at one open recipe a level. */
export class RecipeBuilder {
  readonly #levels: RecipePart[][] = [[]];
  readonly #emit: (id: Digest, bytes: Uint8Array) => void;

  /** `emit` receives every recipe below the top one. */
  constructor(emit: (id: Digest, bytes: Uint8Array) => void) {
    this.#emit = emit;
  }

  add(part: RecipePart): void {
    this.#addAt(0, part);
  }

  /** The top recipe of the content; at least one chunk was added. */
  finish(): { id: Digest; bytes: Uint8Array; recipe: Recipe } {
    for (let level = 0; ; level++) {
      const parts = this.#levels[level] ?? [];
      if (level === this.#levels.length - 1) return seal(level, parts);
      if (parts.length > 0) this.#close(level, parts);
    }
  }

  #addAt(level: number, part: RecipePart): void {
    const parts = this.#levels[level] ?? [];
    this.#levels[level] = parts;
    if (parts.length === RECIPE_PARTS) this.#close(level, parts);
    parts.push(part);
  }

  #close(level: number, parts: RecipePart[]): void {
    const { id, bytes, recipe } = seal(level, parts.splice(0));
    this.#emit(id, bytes);
    this.#addAt(level + 1, { id, length: recipe.length });
  }
}

function seal(
  level: number,
  parts: readonly RecipePart[],
): { id: Digest; bytes: Uint8Array; recipe: Recipe } {
  const recipe = { level, length: parts.reduce((sum, part) => sum + part.length, 0), parts };
  const bytes = encodeRecipe(recipe);
  return { id: sha256(bytes), bytes, recipe };
}
