import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareUtf8 } from '#src/base/bytes.js';
import { children } from '#src/tree/children.js';
import { build, collect, MemoryNodes, steepKeys, textSchema } from './support.js';

const listing = async (keys: readonly string[], folder: string, start = ''): Promise<string[]> => {
  const nodes = new MemoryNodes();
  const { id } = await build(new Map(keys.map((key) => [key, 'x'])), nodes);
  return collect(children(textSchema, nodes, id, folder, start));
};

test('names in a folder, those of folders with a slash', async () => {
  const keys = ['a', 'b/c', 'b/d/e', 'b.txt', 'b0', 'train/0', 'train/1'];
  expect(await listing(keys, '')).toEqual(['a', 'b.txt', 'b/', 'b0', 'train/']);
  expect(await listing(keys, 'b/')).toEqual(['c', 'd/']);
  expect(await listing(keys, '', 'b')).toEqual(['b.txt', 'b/', 'b0']);
  expect(await listing(keys, 'train/', '1')).toEqual(['1']);
  expect(await listing(keys, 'none/')).toEqual([]);
  expect(await listing([], '')).toEqual([]);
});

test('are what a look at all entries gives, at whatever level of the tree a folder ends', async () => {
  const steep = steepKeys(64);
  const key = fc.array(fc.constantFrom(...steep.slice(0, 12), 'a', 'ä', '\u{1f600}', '.'), {
    minLength: 1,
    maxLength: 3,
  });
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(key, { maxLength: 60, selector: (parts) => parts.join('/') }),
      async (all) => {
        const keys = all.map((parts) => parts.join('/'));
        const leaves = keys.filter((one) => !keys.some((other) => other.startsWith(`${one}/`)));
        for (const folder of ['', 'a/', `${steep[0]}/`]) {
          const inside = leaves
            .filter((one) => one.startsWith(folder))
            .map((one) => one.slice(folder.length));
          const names = new Set(inside.map((one) => /^[^/]*\/?/.exec(one)?.[0] ?? ''));
          expect(await listing(leaves, folder)).toEqual([...names].sort(compareUtf8));
        }
      },
    ),
    { numRuns: 100 },
  );
});

test('jump over what lies in folders', async () => {
  const keys = ['first', ...Array.from({ length: 50_000 }, (_, i) => `folder/${i}`), 'last'];
  const nodes = new MemoryNodes();
  const { id } = await build(new Map(keys.map((key) => [key, 'x'])), nodes);
  nodes.resetCounts();
  expect(await collect(children(textSchema, nodes, id, ''))).toEqual(['first', 'folder/', 'last']);
  expect(nodes.reads).toBeLessThan(12);
});
