import { beforeEach, describe, expect, test } from 'vitest';
import { compareUtf8 } from '#src/base/bytes.js';
import { type DatasetEntry, datasetSchema } from '#src/entities/dataset.js';
import { type CID, contentId } from '#src/id/cid.js';
import { proveFrom } from '#src/ops/verify/successor.js';
import { buildTree } from '#src/tree/build.js';
import { hasCode, MemoryNodes } from '../tree/support.js';

let nodes: MemoryNodes;

beforeEach(() => {
  nodes = new MemoryNodes();
});

const file = (text: string): DatasetEntry => ({
  type: 'file',
  id: contentId(Buffer.from(text)),
  size: text.length,
});

/** The tree of these files, whether a dataset may hold them together or not. */
async function treeOf(files: ReadonlyMap<string, string>): Promise<CID> {
  const unchecked = { ...datasetSchema, checker: () => ({ next: () => {} }) };
  const entries = Array.from(files, ([key, text]) => ({ key, value: file(text) }));
  const { id } = await buildTree(
    unchecked,
    entries.sort((a, b) => compareUtf8(a.key, b.key)),
    nodes.sink,
  );
  return id;
}

const many = (count: number) =>
  new Map(Array.from({ length: count }, (_, i) => [`folder/${String(i).padStart(5, '0')}`, `file ${i}`]));

describe('a version is proven from one that is proven', () => {
  test('by reading what differs and no more', async () => {
    const files = many(20_000);
    const first = await treeOf(files);
    files.set('folder/00777', 'changed').set('new', 'new').delete('folder/15000');
    const second = await treeOf(files);
    nodes.resetCounts();
    const changes = await proveFrom(nodes, first, second, () => {});
    expect(changes?.map(({ key }) => key)).toEqual(['folder/00777', 'folder/15000', 'new']);
    expect(nodes.reads).toBeLessThan(60);
    expect(await proveFrom(nodes, second, second, () => {})).toEqual([]);
  });

  test('unless it is cut elsewhere than the rules say', async () => {
    const first = await treeOf(new Map([['a', '1']]));
    const leaf = (key: string) => {
      const { id } = { id: contentId(Buffer.from('x')) };
      return nodes.put({ dvs: 1, kind: 'dataset', level: 0, entries: [[key, id, 1]] });
    };
    const entries = ['a', 'b'].map((key) => [key, leaf(key), 1, 1]);
    const second = nodes.put({ dvs: 1, kind: 'dataset', level: 1, entries });
    expect(await proveFrom(nodes, first, second, () => {})).toBeUndefined();
  });

  test.each([
    ['beneath a file', ['a'], ['a/b']],
    ['beneath a file that is not its neighbour', ['a', 'a!', 'a-'], ['a/b/c']],
    ['above a file', ['a/b'], ['a']],
    ['above a file that is not its neighbour', ['a!', 'a/b'], ['a']],
    ['both', [], ['a', 'a/b']],
  ])('unless a path was added %s', async (_, before, added) => {
    const files = new Map([...before, 'other'].map((path) => [path, path]));
    const first = await treeOf(files);
    for (const path of added) files.set(path, path);
    expect(await proveFrom(nodes, first, await treeOf(files), () => {})).toBeUndefined();
    for (const path of before) files.delete(path);
    if (added.length === 1)
      expect(await proveFrom(nodes, first, await treeOf(files), () => {})).toBeDefined();
  });

  test('unless much differs: then it is as soon proven from nothing', async () => {
    const first = await treeOf(many(5000));
    expect(await proveFrom(nodes, first, await treeOf(many(3000)), () => {})).toBeUndefined();
  });

  test('not without a node of it', async () => {
    const first = await treeOf(many(500));
    nodes.written = [];
    const second = await treeOf(many(501));
    const lost = nodes.written.find((id) => id !== second.toString() && id !== first.toString());
    nodes.kept.delete(lost ?? '');
    await expect(proveFrom(nodes, first, second, () => {})).rejects.toSatisfy(hasCode('E_MISSING'));
  });
});
