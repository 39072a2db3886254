import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { compareUtf8 } from '#src/base/bytes.js';
import { describe as describeTree, entries, lookup, nodes as nodeIds } from '#src/tree/read.js';
import type { TreeRoot } from '#src/tree/schema.js';
import { verifyTree } from '#src/tree/verify.js';
import { build, collect, contentsOf, hasCode, MemoryNodes, plain, steepKeys, textSchema } from './support.js';

const keys = steepKeys(256);
const nodes = new MemoryNodes();
let root: TreeRoot;

beforeAll(async () => {
  root = await build(new Map(keys.map((key) => [key, `value of ${key}`])), nodes);
});

const keysOf = async (options: { from?: string; prefix?: string }): Promise<string[]> =>
  (await collect(entries(textSchema, nodes, root.id, options))).map(({ key }) => key);

describe('a tree of 256 entries and 8 levels', () => {
  test('gives all its entries in order', async () => {
    expect([...(await contentsOf(nodes, root.id)).keys()]).toEqual(keys);
  });

  test('finds each key, and no other, with one read a level', async () => {
    for (const key of keys.filter((_, i) => i % 17 === 0)) {
      nodes.resetCounts();
      expect(await lookup(textSchema, nodes, root.id, key)).toBe(`value of ${key}`);
      expect(nodes.reads).toBe(8);
      expect(await lookup(textSchema, nodes, root.id, `${key}!`)).toBeUndefined();
    }
    expect(await lookup(textSchema, nodes, root.id, '')).toBeUndefined();
    expect(await lookup(textSchema, nodes, root.id, 'zzz')).toBeUndefined();
  });

  test('starts at a key without reading what comes before', async () => {
    nodes.resetCounts();
    expect(await keysOf({ from: '00250' })).toEqual(keys.slice(250));
    expect(nodes.reads).toBeLessThan(16);
    expect(await keysOf({ from: '' })).toEqual(keys);
    expect(await keysOf({ from: 'zzz' })).toEqual([]);
  });

  test('lists a prefix without reading what is outside it', async () => {
    nodes.resetCounts();
    expect(await keysOf({ prefix: '0012' })).toEqual(keys.slice(120, 130));
    expect(nodes.reads).toBeLessThan(24);
    expect(await keysOf({ prefix: '0012', from: '00125' })).toEqual(keys.slice(125, 130));
    expect(await keysOf({ prefix: '0012', from: '00000' })).toEqual(keys.slice(120, 130));
    expect(await keysOf({ prefix: 'none' })).toEqual([]);
  });

  test('reads from anywhere, as filtering all of it would', async () => {
    const anyKey = fc.oneof(fc.constantFrom(...keys), fc.string({ unit: fc.constantFrom('0', '1', '-') }));
    await fc.assert(
      fc.asyncProperty(anyKey, async (from) => {
        expect(await keysOf({ from })).toEqual(keys.filter((key) => compareUtf8(key, from) >= 0));
        expect(await keysOf({ prefix: from })).toEqual(keys.filter((key) => key.startsWith(from)));
      }),
      { numRuns: 40 },
    );
  });

  test('names all its nodes, parents first, without reading its leaves', async () => {
    nodes.resetCounts();
    const ids = (await collect(nodeIds(textSchema, nodes, root.id))).map(String);
    expect(nodes.reads).toBe(127);
    expect(ids[0]).toBe(root.id.toString());
    expect(new Set(ids)).toEqual(new Set(nodes.kept.keys()));
    expect(ids.length).toBe(255);
  });

  test('is described by its root alone', async () => {
    nodes.resetCounts();
    expect(plain(await describeTree(textSchema, nodes, root.id))).toEqual(plain(root));
    expect(nodes.reads).toBe(1);
  });
});

test('the empty tree has nothing to read', async () => {
  const empty = await build(new Map(), nodes);
  expect(await collect(entries(textSchema, nodes, empty.id))).toEqual([]);
  expect(await lookup(textSchema, nodes, empty.id, '')).toBeUndefined();
  expect((await collect(nodeIds(textSchema, nodes, empty.id))).map(String)).toEqual([empty.id.toString()]);
});

describe('verifying a tree', () => {
  test('proves that it is the one of its entries', async () => {
    expect(plain(await verifyTree(textSchema, nodes, root.id))).toEqual(plain(root));
  });

  test('refuses one that is consistent but cut elsewhere', async () => {
    const own = new MemoryNodes();
    const leaf = (key: string) => own.put({ dvs: 1, kind: 'text', level: 0, entries: [[key, 'v']] });
    const top = own.put({
      dvs: 1,
      kind: 'text',
      level: 1,
      entries: [
        ['a', leaf('a'), 1, 1],
        ['b', leaf('b'), 1, 1],
      ],
    });
    expect(await collect(entries(textSchema, own, top))).toHaveLength(2);
    await expect(verifyTree(textSchema, own, top)).rejects.toSatisfy(hasCode('E_ENCODING'));
  });
});
