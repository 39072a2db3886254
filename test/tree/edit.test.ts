import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareUtf8 } from '#src/base/bytes.js';
import { type Change, diff } from '#src/tree/diff.js';
import { type Edit, editTree } from '#src/tree/edit.js';
import { nodes as nodeIds } from '#src/tree/read.js';
import { build, collect, contentsOf, hasCode, MemoryNodes, plain, steepKeys, textSchema } from './support.js';

/** Keys that make high trees of small nodes, so that a few edits meet every kind of boundary. */
const keys = steepKeys(160);
/** Long values end nodes by their size: changing one moves boundaries before it as well as after. */
const value = fc.constantFrom('', 'x', 'y'.repeat(9_000), 'z'.repeat(32_000));
const contents = fc
  .dictionary(fc.constantFrom(...keys), value, { maxKeys: 160, size: 'max' })
  .map((dictionary) => new Map(Object.entries(dictionary)));
const batch = fc
  .dictionary(fc.constantFrom(...keys), fc.option(value, { nil: undefined }), { maxKeys: 30, size: 'max' })
  .map((dictionary) => editsOf(new Map(Object.entries(dictionary))));

function editsOf(changes: ReadonlyMap<string, string | undefined>): Edit<string>[] {
  return Array.from(changes, ([key, value]) => ({ key, value })).sort((a, b) => compareUtf8(a.key, b.key));
}

function applied(map: ReadonlyMap<string, string>, edits: readonly Edit<string>[]): Map<string, string> {
  const result = new Map(map);
  for (const { key, value } of edits) {
    if (value === undefined) result.delete(key);
    else result.set(key, value);
  }
  return result;
}

describe('editing a tree', () => {
  test('gives the root of a fresh build, after any batches of edits', async () => {
    await fc.assert(
      fc.asyncProperty(contents, fc.array(batch, { minLength: 1, maxLength: 4 }), async (start, batches) => {
        const nodes = new MemoryNodes();
        let map = start;
        let root = await build(start, nodes);
        for (const edits of batches) {
          map = applied(map, edits);
          nodes.resetCounts();
          const before = root.id;
          const told: Change<string>[] = [];
          root = await editTree(textSchema, nodes, before, edits, nodes.sink, (change) => told.push(change));
          expect(plain(root)).toEqual(plain(await build(map)));
          expect(told).toEqual(await collect(diff(textSchema, nodes, before, root.id)));
          // Every node that was written belongs to the new tree, and the new tree is all there.
          const reachable = new Set((await collect(nodeIds(textSchema, nodes, root.id))).map(String));
          expect(nodes.written.filter((id) => !reachable.has(id))).toEqual([]);
        }
        expect(await contentsOf(nodes, root.id)).toEqual(new Map([...map].sort()));
      }),
      { numRuns: 120 },
    );
  });

  test('key by key, in any order, gives the root of building at once', async () => {
    const some = keys.slice(0, 48);
    const order = fc.shuffledSubarray(some, { minLength: some.length });
    await fc.assert(
      fc.asyncProperty(order, async (shuffled) => {
        const nodes = new MemoryNodes();
        let { id } = await build(new Map(), nodes);
        for (const key of shuffled) {
          ({ id } = await editTree(textSchema, nodes, id, [{ key, value: 'v' }], nodes.sink));
        }
        expect(id.toString()).toBe((await build(new Map(some.map((key) => [key, 'v'])))).id.toString());
        for (const key of shuffled) ({ id } = await editTree(textSchema, nodes, id, [{ key }], nodes.sink));
        expect(id.toString()).toBe((await build(new Map())).id.toString());
      }),
      { numRuns: 10 },
    );
  });

  test('any one key of a tree, at any place, gives the root of a fresh build', async () => {
    const full = new Map(keys.map((key, i) => [key, i % 7 === 0 ? 'y'.repeat(20_000) : '']));
    const nodes = new MemoryNodes();
    const root = await build(full, nodes);
    for (const key of keys) {
      for (const edit of [{ key }, { key, value: 'z'.repeat(30_000) }, { key: `${key}!`, value: '' }]) {
        const edited = await editTree(textSchema, nodes, root.id, [edit], nodes.sink);
        expect(plain(edited)).toEqual(plain(await build(applied(full, [edit]))));
      }
    }
  });

  test('grows a tree of one entry to any height, and shrinks it to nothing', async () => {
    const nodes = new MemoryNodes();
    const all = keys.map((key) => ({ key, value: '' }));
    const small = await build(new Map([['00000', '']]), nodes);
    const grown = await editTree(textSchema, nodes, small.id, all, nodes.sink);
    expect(grown.level).toBeGreaterThan(5);
    const shrunk = await editTree(
      textSchema,
      nodes,
      grown.id,
      keys.map((key) => ({ key })),
      nodes.sink,
    );
    expect(plain(shrunk)).toEqual(plain(small));
    nodes.resetCounts();
    const none = await editTree(textSchema, nodes, small.id, [{ key: '00000' }], nodes.sink);
    expect(plain(none)).toEqual(plain(await build(new Map())));
    expect(nodes.written).toEqual([none.id.toString()]);
  });

  test('without effect writes nothing', async () => {
    const nodes = new MemoryNodes();
    const root = await build(new Map(keys.map((key) => [key, 'v'])), nodes);
    nodes.resetCounts();
    const same = [{ key: '!' }, { key: keys[80] ?? '', value: 'v' }, { key: 'zzz' }];
    expect(plain(await editTree(textSchema, nodes, root.id, same, nodes.sink))).toEqual(plain(root));
    expect(plain(await editTree(textSchema, nodes, root.id, [], nodes.sink))).toEqual(plain(root));
    expect(nodes.written).toEqual([]);
  });

  test('touches only the path of a change', async () => {
    const nodes = new MemoryNodes();
    const many = new Map(
      Array.from({ length: 30_000 }, (_, i) => [`${String(i).padStart(6, '0')}.jpg`, 'v']),
    );
    const root = await build(many, nodes);
    for (const key of ['!', '000000.jpg', '012345.jpg', '012345.jpg+', 'z']) {
      nodes.resetCounts();
      await editTree(textSchema, nodes, root.id, [{ key, value: 'new' }], nodes.sink);
      expect(nodes.reads).toBeLessThanOrEqual(2 * (root.level + 1));
      expect(nodes.written.length).toBeLessThanOrEqual(2 * (root.level + 1));
    }
  });

  test('takes edits as they come, and lets go of the rest when it fails', async () => {
    const nodes = new MemoryNodes();
    const root = await build(new Map(keys.map((key) => [key, 'v'])), nodes);
    let isOver = false;
    async function* edits() {
      try {
        for (const key of keys) yield { key, value: 'new' };
      } finally {
        isOver = true;
      }
    }
    const edited = await editTree(textSchema, nodes, root.id, edits(), nodes.sink);
    expect(plain(edited)).toEqual(plain(await build(new Map(keys.map((key) => [key, 'new'])))));
    isOver = false;
    const full = () => {
      throw new Error('full');
    };
    await expect(editTree(textSchema, nodes, root.id, edits(), full)).rejects.toThrow('full');
    expect(isOver).toBe(true);
  });

  test('refuses edits out of order', async () => {
    const nodes = new MemoryNodes();
    const { id } = await build(new Map(), nodes);
    const edits = [{ key: 'b', value: '' }, { key: 'a' }];
    await expect(editTree(textSchema, nodes, id, edits, nodes.sink)).rejects.toSatisfy(hasCode('E_INTERNAL'));
  });
});
