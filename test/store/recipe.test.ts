import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MemoryBackend } from '#src/backend/memory.js';
import { utf8 } from '#src/base/bytes.js';
import { chunkHash } from '#src/chunk/hash.js';
import { sha256 } from '#src/id/hash.js';
import {
  decodeRecipe,
  encodeRecipe,
  RECIPE_PARTS,
  RecipeBuilder,
  type RecipePart,
} from '#src/store/objects/recipe.js';
import { EntryKind, FRAME_BYTES, PackType } from '#src/store/pack/layout.js';
import { PackSpool } from '#src/store/pack/spool.js';
import { loadZstd } from '#src/store/pack/zstd.js';
import { numbers } from '../support/bytes.js';
import { codeOf } from '../support/errors.js';
import { BACKENDS, commitOf, openStore } from './support.js';

const part = (i: number, length = 1): RecipePart => ({ id: sha256(utf8(`part ${i}`)), length });

/** The recipes of `count` parts, by ID in hex, and the top one. */
function build(count: number) {
  const below = new Map<string, Uint8Array>();
  const builder = new RecipeBuilder((id, bytes) => below.set(Buffer.from(id).toString('hex'), bytes));
  for (let i = 0; i < count; i++) builder.add(part(i, 1 + (i % 3)));
  return { below, top: builder.finish() };
}

describe('a recipe', () => {
  test.each([
    [1, 0],
    [2, 0],
    [RECIPE_PARTS, 0],
    [RECIPE_PARTS + 1, 1],
    [2 * RECIPE_PARTS, 1],
    [2 * RECIPE_PARTS + 1, 1],
  ])('of %i parts has its top at level %i, and leads to each part in order', (count, level) => {
    const { below, top } = build(count);
    expect(top.recipe.level).toBe(level);
    expect(top.bytes.length).toBeLessThanOrEqual(FRAME_BYTES);
    const leaves = (bytes: Uint8Array): RecipePart[] => {
      const recipe = decodeRecipe(bytes);
      if (recipe.level === 0) return [...recipe.parts];
      return recipe.parts.flatMap(({ id }) =>
        leaves(below.get(Buffer.from(id).toString('hex')) ?? Buffer.alloc(0)),
      );
    };
    const parts = leaves(top.bytes);
    expect(parts).toHaveLength(count);
    expect(
      parts.every(({ id, length }, i) => length === 1 + (i % 3) && Buffer.from(id).equals(part(i).id)),
    ).toBe(true);
  });

  test('comes back as it was', () => {
    const parts = fc.array(
      fc.record({
        id: fc.uint8Array({ minLength: 32, maxLength: 32 }),
        length: fc.integer({ min: 1, max: 2 ** 40 }),
      }),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(parts, fc.nat(4), (list, level) => {
        const recipe = { level, length: list.reduce((sum, { length }) => sum + length, 0), parts: list };
        const back = decodeRecipe(encodeRecipe(recipe));
        expect(back).toMatchObject({ level, length: recipe.length });
        expect(back.parts.map(({ id, length }) => [[...id], length])).toEqual(
          list.map(({ id, length }) => [[...id], length]),
        );
      }),
    );
  });

  test.each([
    ['a newer version', 0, 2, 'E_FORMAT'],
    ['an absurd level', 1, 5, 'E_LIMIT'],
    ['bytes that mean nothing', 2, 1, 'E_DAMAGED'],
    ['a count that does not fit', 4, 3, 'E_DAMAGED'],
    ['an absurd count', 7, 0x7f, 'E_LIMIT'],
    ['a length that is not the sum', 8, 9, 'E_DAMAGED'],
    ['an absurd length', 15, 0x7f, 'E_LIMIT'],
  ])('with %s is refused', async (_, at, value, code) => {
    const bytes = encodeRecipe({ level: 0, length: 2, parts: [part(1), part(2)] });
    bytes[at] = value;
    expect(await codeOf(() => decodeRecipe(bytes))).toBe(code);
  });

  test.each([
    ['of nothing', encodeRecipe({ level: 0, length: 0, parts: [] })],
    ['with a part of no bytes', encodeRecipe({ level: 0, length: 1, parts: [part(1), part(2, 0)] })],
    ['cut short', encodeRecipe({ level: 0, length: 1, parts: [part(1)] }).subarray(0, -1)],
    ['of no bytes', new Uint8Array(0)],
  ])('%s is refused', async (_, bytes) => {
    expect(await codeOf(() => decodeRecipe(bytes))).toBe('E_DAMAGED');
  });
});

/** Chunks of 40 bytes, so that a content of many levels is small. */
const CHUNK = 40;
const chunk = (i: number) => Buffer.from(`chunk number ${i}`.padEnd(CHUNK, '.'));

describe.each(Object.entries(BACKENDS))('a content of several levels, on %s', (_, open) => {
  test('is read back, whole and in ranges', async () => {
    await loadZstd();
    const store = await openStore(await open());
    const count = 2 * RECIPE_PARTS + 100;
    const bytes = Buffer.concat(Array.from({ length: count }, (_, i) => chunk(i)));
    const content = createHash('sha256').update(bytes).digest();
    const writer = await store.write();
    const spool = new PackSpool(writer.folder, PackType.data);
    const recipe = writer.recipe();
    for (let i = 0; i < count; i++) {
      const id = chunkHash(chunk(i));
      spool.add({ kind: EntryKind.chunk, id, bytes: chunk(i) });
      recipe.add({ id, length: CHUNK });
    }
    await recipe.store(content);
    await writer.commit(await spool.finish(), async () => commitOf());
    await writer.close();
    await store.refresh();
    expect(await store.objects.contentLength(content)).toBe(bytes.length);
    const readBack = async (from: number, length: number) => {
      const parts: Uint8Array[] = [];
      for await (const pieces of store.objects.pieces(content, { offset: from, length })) {
        for (const { at, object } of pieces) {
          const piece = await store.objects.read(object);
          parts.push(piece.subarray(Math.max(0, from - at), Math.min(piece.length, from + length - at)));
        }
      }
      return Buffer.concat(parts);
    };
    expect((await readBack(0, bytes.length)).equals(bytes)).toBe(true);
    const next = numbers(1);
    const edge = RECIPE_PARTS * CHUNK;
    for (const from of [
      0,
      CHUNK - 1,
      CHUNK,
      edge - 1,
      edge,
      bytes.length - 1,
      bytes.length,
      next() % bytes.length,
    ]) {
      for (const length of [0, 1, CHUNK, CHUNK + 1, next() % 2_000]) {
        const expected = bytes.subarray(from, from + length);
        expect((await readBack(from, length)).equals(expected), `${length} from ${from}`).toBe(true);
      }
    }
  });

  test('whose recipe leads back to itself or lies about its parts is refused', async () => {
    await loadZstd();
    const store = await openStore(new MemoryBackend());
    const lie = async (name: string, level: number, length: number) => {
      const below = encodeRecipe({ level, length: 1, parts: [part(1)] });
      const bytes = encodeRecipe({ level: 1, length, parts: [{ id: sha256(below), length }] });
      const content = sha256(utf8(name));
      const writer = await store.write();
      const spool = new PackSpool(writer.folder, PackType.meta);
      spool.add({ kind: EntryKind.recipe, id: sha256(below), bytes: below });
      spool.add({ kind: EntryKind.recipe, id: sha256(bytes), bytes, content });
      await writer.commit(await spool.finish(), async () => commitOf());
      await writer.close();
      await store.refresh();
      return codeOf(() => store.objects.allPieces(content));
    };
    expect(await lie('a length', 0, 2)).toBe('E_DAMAGED');
    expect(await lie('the same level', 1, 1)).toBe('E_CYCLE');
    expect(await lie('a higher level', 3, 1)).toBe('E_CYCLE');
    expect(await lie('a chunk that is not there', 0, 1)).toBe('E_MISSING');
  });
});
