import { describe, expect, test } from 'vitest';
import type { ErrorCode } from '#src/base/errors.js';
import { type DatasetEntry, datasetKind, datasetSchema } from '#src/entities/dataset.js';
import { assertNoOverlap } from '#src/entities/overlap.js';
import { contentId, nodeId } from '#src/id/cid.js';
import { decode, encode, type Value } from '#src/id/codec.js';
import { buildTree } from '#src/tree/build.js';
import { editTree } from '#src/tree/edit.js';
import { decodeNode } from '#src/tree/node.js';
import { entries } from '#src/tree/read.js';
import { collect, hasCode, MemoryNodes } from '../tree/support.js';

const abc = contentId(Buffer.from('abc'));
const file: DatasetEntry = { type: 'file', id: abc, size: 3 };
const link = (target: string): DatasetEntry => ({ type: 'link', target });
const build = (paths: readonly string[], nodes = new MemoryNodes()) =>
  buildTree(
    datasetSchema,
    paths.map((key) => ({ key, value: file })),
    nodes.sink,
  );

describe('a dataset', () => {
  test('holds files and links; counts both, sums the sizes of files', async () => {
    const nodes = new MemoryNodes();
    const list = [
      { key: 'a/b', value: file },
      { key: 'a/c', value: link('b') },
      { key: 'd', value: file },
    ];
    const root = await buildTree(datasetSchema, list, nodes.sink);
    expect(root).toMatchObject({ count: 3, bytes: 6, level: 0 });
    const read = await collect(entries(datasetSchema, nodes, root.id));
    expect(read.map(({ key }) => key)).toEqual(['a/b', 'a/c', 'd']);
    read.forEach(({ value }, i) => {
      expect(datasetSchema.equal(value, list[i]?.value ?? file)).toBe(true);
    });

    const node = datasetKind.parse(decode(await nodes.get(root.id)));
    expect(datasetKind.links(node).map(({ role, id }) => [role, id.toString()])).toEqual([
      ['content', abc.toString()],
      ['content', abc.toString()],
    ]);
    expect(datasetKind.describe(node)).toEqual({ entries: '3', bytes: '6' });
  });

  test.each([
    ['itself', file, file, true],
    ['another size', file, { ...file, size: 4 }, false],
    ['another content', file, { ...file, id: contentId(Buffer.from('x')) }, false],
    ['a link', file, link('x'), false],
    ['the same target', link('x'), link('x'), true],
    ['another target', link('x'), link('y'), false],
  ])('compares an entry with %s', (_, a: DatasetEntry, b: DatasetEntry, same) => {
    expect([datasetSchema.equal(a, b), datasetSchema.equal(b, a)]).toEqual([same, same]);
  });

  const malformed: [string, ErrorCode, Value][] = [
    ['no list', 'E_ENCODING', 'a'],
    ['an empty list', 'E_ENCODING', []],
    ['a path that is a number', 'E_ENCODING', [1, abc, 3]],
    ['a file without size', 'E_ENCODING', ['a', abc]],
    ['a file with a mode', 'E_ENCODING', ['a', abc, 3, 0o644]],
    ['a negative size', 'E_ENCODING', ['a', abc, -1]],
    ['a link with a size', 'E_ENCODING', ['a', 'b', 1]],
    ['a file that is a node', 'E_ENCODING', ['a', nodeId(Buffer.of()), 3]],
    ['a path that climbs', 'E_PATH', ['../a', abc, 3]],
    ['a reserved path', 'E_PATH_RESERVED', ['.git/config', abc, 3]],
    ['a link that climbs', 'E_SYMLINK', ['a', '../b']],
  ];
  test.each(malformed)('refuses %s from strangers', (_, code, entry) => {
    const bytes = encode({ dvs: 1, kind: 'dataset', level: 0, entries: [entry] });
    expect(() => decodeNode(datasetSchema, bytes)).toThrow(expect.toSatisfy(hasCode(code)));
  });

  test('is not built with what could not be read again', async () => {
    await expect(build(['../a'])).rejects.toSatisfy(hasCode('E_PATH'));
    const outward = buildTree(datasetSchema, [{ key: 'a', value: link('/etc') }], () => {});
    await expect(outward).rejects.toSatisfy(hasCode('E_SYMLINK'));
  });
});

describe('no entry lies beneath another', () => {
  test.each([
    [['a', 'a/b']],
    [['a', 'a!x', 'a/b']],
    [['a', 'a!', 'a!!', 'a-', 'a/b/c/d']],
    [['x/a', 'x/a.b', 'x/a.b!', 'x/a.b/c']],
  ])('which refuses %j', async (paths) => {
    await expect(build(paths)).rejects.toSatisfy(hasCode('E_PATH'));
  });

  test.each([
    [['a!x', 'a/b', 'a/c', 'a0']],
    [['a', 'a!', 'a!!/b', 'aa', 'aa.b/c']],
    [['x/a', 'x/a.b', 'x/ab/c']],
  ])('and accepts %j', async (paths) => {
    await expect(build(paths)).resolves.toMatchObject({ count: paths.length });
  });

  test('nor when it came by an edit', async () => {
    const nodes = new MemoryNodes();
    const paths = Array.from({ length: 2000 }, (_, i) => `data/${String(i).padStart(4, '0')}/file`);
    const { id } = await build(paths, nodes);
    const put = async (...added: string[]) => {
      const edits = added.map((key) => ({ key, value: file }));
      const edited = await editTree(datasetSchema, nodes, id, edits, nodes.sink);
      await assertNoOverlap(
        nodes,
        edited.id,
        added.map((path) => ({ path })),
      );
    };
    await expect(put('data/1000/other', 'data/1000x', 'zzz')).resolves.toBeUndefined();
    await expect(put('data/1000')).rejects.toSatisfy(hasCode('E_PATH'));
    await expect(put('data')).rejects.toSatisfy(hasCode('E_PATH'));
    await expect(put('data/1000/file/x')).rejects.toSatisfy(hasCode('E_PATH'));
    await expect(put('data/1999/file/x/y/z')).rejects.toSatisfy(hasCode('E_PATH'));
    await expect(put('new', 'new/file')).rejects.toSatisfy(hasCode('E_PATH'));
  });
});
