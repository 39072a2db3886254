import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hex } from '#src/base/bytes.js';
import { digestOf } from '#src/id/cid.js';
import { decode, encode, linksIn } from '#src/id/codec.js';
import { buildTree } from '#src/tree/build.js';
import { naiveTree, textRow } from './naive.js';
import { build, contentsOf, hasCode, MemoryNodes, plain, sorted, steepKeys, textSchema } from './support.js';

const anyText = fc.string({ unit: 'binary' });
/** Values short and long: the long ones make nodes end by their size. */
const anyValue = fc.oneof(
  { weight: 8, arbitrary: fc.string({ maxLength: 5 }) },
  { weight: 1, arbitrary: fc.integer({ min: 9_000, max: 32_000 }).map((length) => 'x'.repeat(length)) },
);
const steep = steepKeys(200);

describe('building a tree', () => {
  test('gives the root that the rules say, as a second and naive builder reads them', async () => {
    const contents = fc.oneof(
      fc.dictionary(anyText, anyValue, { maxKeys: 60 }),
      fc.dictionary(fc.constantFrom(...steep), anyValue, { minKeys: 20, maxKeys: 200, size: 'max' }),
    );
    await fc.assert(
      fc.asyncProperty(contents, async (dictionary) => {
        const map = new Map(Object.entries(dictionary));
        const root = await build(map);
        const naive = naiveTree(
          'text',
          sorted(map).map(({ key, value }) => textRow(key, value)),
        );
        expect(hex(digestOf(root.id))).toBe(naive.root);
        expect(root.level).toBe(naive.shape.length - 1);
      }),
      { numRuns: 60 },
    );
  });

  test('agrees with the naive builder on ten thousand ordinary keys', async () => {
    const map = new Map(Array.from({ length: 10_000 }, (_, i) => [`images/${i}.png`, String(i)]));
    const { id, count, level } = await build(map);
    const naive = naiveTree(
      'text',
      sorted(map).map(({ key, value }) => textRow(key, value)),
    );
    expect({ root: hex(digestOf(id)), count, level }).toEqual({ root: naive.root, count: 10_000, level: 2 });
  });

  test('sums entries and bytes, and what was built reads back', async () => {
    const map = new Map([
      ['b', 'four'],
      ['a', 'xyz'],
    ]);
    const nodes = new MemoryNodes();
    const root = await build(map, nodes);
    expect(root).toMatchObject({ count: 2, bytes: 7, level: 0 });
    expect(await contentsOf(nodes, root.id)).toEqual(new Map([...map].sort()));
  });

  test('of nothing is one node without entries', async () => {
    const nodes = new MemoryNodes();
    const root = await build(new Map(), nodes);
    expect(root).toMatchObject({ count: 0, bytes: 0, level: 0 });
    expect(decode(await nodes.get(root.id))).toEqual({ dvs: 1, kind: 'text', level: 0, entries: [] });
  });

  test('writes canonical nodes, children before parents, each of them once and needed', async () => {
    const nodes = new MemoryNodes();
    const root = await build(new Map(steep.map((key) => [key, ''])), nodes);
    const seen = new Set<string>();
    const linked = new Set<string>([root.id.toString()]);
    for (const id of nodes.written) {
      const bytes = nodes.kept.get(id) ?? new Uint8Array();
      expect(hex(encode(decode(bytes)))).toBe(hex(bytes));
      for (const child of linksIn(decode(bytes)).map(String)) {
        expect(seen).toContain(child);
        linked.add(child);
      }
      seen.add(id);
    }
    expect(seen.size).toBe(nodes.written.length);
    expect(linked).toEqual(seen);
  });

  test('takes entries as they come, and waits for a slow sink', async () => {
    const map = new Map(steep.map((key) => [key, 'x']));
    const done: string[] = [];
    let atWork = 0;
    async function* slowly() {
      for (const entry of sorted(map)) yield entry;
    }
    const root = await buildTree(textSchema, slowly(), async (id) => {
      expect(++atWork).toBe(1);
      await Promise.resolve();
      atWork -= 1;
      done.push(id.toString());
    });
    expect(plain(root)).toEqual(plain(await build(map)));
    expect(done.at(-1)).toBe(root.id.toString());
  });

  test.each([
    ['the same key twice', ['a', 'a']],
    ['a smaller key', ['b', 'a']],
    ['the order of UTF-16, which is not that of UTF-8', ['\u{10000}', '\uffff']],
  ])('refuses %s', async (_, keys) => {
    const building = buildTree(
      textSchema,
      keys.map((key) => ({ key, value: '' })),
      () => {},
    );
    await expect(building).rejects.toSatisfy(hasCode('E_INTERNAL'));
  });

  test('refuses an entry of which two would not fit a node', async () => {
    const fits = [{ key: 'k', value: 'x'.repeat(32_768 - 6) }];
    const exceeds = [{ key: 'k', value: 'x'.repeat(32_768 - 5) }];
    await expect(buildTree(textSchema, fits, () => {})).resolves.toMatchObject({ count: 1 });
    await expect(buildTree(textSchema, exceeds, () => {})).rejects.toSatisfy(hasCode('E_LIMIT'));
  });

  test('refuses sums beyond 2⁵³−1', async () => {
    const heavy = { ...textSchema, bytes: () => 2 ** 52 };
    const rows = ['a', 'b'].map((key) => ({ key, value: '' }));
    await expect(buildTree(heavy, rows.slice(0, 1), () => {})).resolves.toMatchObject({ bytes: 2 ** 52 });
    await expect(buildTree(heavy, rows, () => {})).rejects.toSatisfy(hasCode('E_LIMIT'));
  });
});
