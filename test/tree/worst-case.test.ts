import { describe, expect, test } from 'vitest';
import { hex } from '#src/base/bytes.js';
import { digestOf } from '#src/id/cid.js';
import { naiveTree, textRow } from './naive.js';
import { build, contentsOf, endsNode, MemoryNodes, searchKey, sorted, steepKeys } from './support.js';

async function builtBothWays(map: Map<string, string>) {
  const nodes = new MemoryNodes();
  const root = await build(map, nodes);
  const naive = naiveTree(
    'text',
    sorted(map).map(({ key, value }) => textRow(key, value)),
  );
  expect(hex(digestOf(root.id))).toBe(naive.root);
  expect(await contentsOf(nodes, root.id)).toEqual(
    new Map(sorted(map).map(({ key, value }) => [key, value])),
  );
  return { root, shape: naive.shape };
}

/** Whoever chooses keys chooses where nodes end; these are the worst choices. */
describe('keys chosen by an adversary', () => {
  test('that end a node wherever they can make a binary tree, and no higher', async () => {
    const { root, shape } = await builtBothWays(new Map(steepKeys(1024).map((key) => [key, ''])));
    expect(root.level).toBe(9);
    expect(shape.map((nodes) => nodes.length)).toEqual([512, 256, 128, 64, 32, 16, 8, 4, 2, 1]);
    expect(new Set(shape.flat())).toEqual(new Set([2]));
  });

  test('that end every node at level 0 still get two entries a node', async () => {
    const keys = Array.from({ length: 100 }, (_, i) =>
      searchKey(String(i).padStart(4, '0'), (key) => endsNode(0, key)),
    );
    const { shape } = await builtBothWays(new Map(keys.map((key) => [key, ''])));
    expect(shape[0]).toEqual(Array.from({ length: 50 }, () => 2));
  });

  test('that never end a node fill nodes of 1,024 entries', async () => {
    const never = (key: string): boolean => ![0, 1, 2].some((level) => endsNode(level, key));
    const keys = Array.from({ length: 2 * 1024 + 1 }, (_, i) => searchKey(String(i).padStart(5, '0'), never));
    const { shape } = await builtBothWays(new Map(keys.map((key) => [key, ''])));
    expect(shape).toEqual([[1024, 1024, 1], [3]]);
  });

  test('that are 4 KiB long fill nodes of 64 KiB, at inner levels too', async () => {
    const never = (key: string): boolean => ![0, 1, 2].some((level) => endsNode(level, key));
    const stem = (i: number): string => `${String(i).padStart(5, '0')}${'k'.repeat(4000)}`;
    const keys = Array.from({ length: 300 }, (_, i) => searchKey(stem(i), never));
    const { shape } = await builtBothWays(new Map(keys.map((key) => [key, ''])));
    expect(shape[0]).toEqual([...Array.from({ length: 18 }, () => 16), 12]);
    expect(shape[1]).toEqual([16, 3]);
    expect(shape[2]).toEqual([2]);
  });

  test('that fill a node to its last byte stay in one, and one byte more makes two', async () => {
    // Four entries of 16,384 bytes: a list head, a key of 2 bytes, a text head of 3.
    const four = ['a', 'b', 'c', 'd'].map((key): [string, string] => [key, 'x'.repeat(16_384 - 6)]);
    const full = await builtBothWays(new Map(four));
    expect(full.shape).toEqual([[4]]);
    const over = await builtBothWays(new Map([...four.slice(0, 3), ['d', 'x'.repeat(16_385 - 6)]]));
    expect(over.shape).toEqual([[3, 1], [2]]);
  });

  test('from beyond the basic plane sort after U+E000 to U+FFFF, as their bytes do', async () => {
    const keys = ['\u{10ffff}', '\u{10000}', '\uffff', '\ue000', '\ud7ff', 'z'];
    const { root } = await builtBothWays(new Map(keys.map((key) => [key, ''])));
    expect(root.count).toBe(6);
    expect(sorted(new Map(keys.map((key) => [key, '']))).map(({ key }) => key)).toEqual(keys.toReversed());
  });
});
