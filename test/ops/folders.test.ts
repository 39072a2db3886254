import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareUtf8 } from '#src/base/bytes.js';
import { type DatasetEntry, datasetSchema } from '#src/entities/dataset.js';
import { type CID, contentId } from '#src/id/cid.js';
import { keepingReader, level, totalsOf } from '#src/ops/folders/level.js';
import { type Outline, outline } from '#src/ops/folders/outline.js';
import { buildTree } from '#src/tree/build.js';
import type { NodeSource } from '#src/tree/schema.js';

const ID = contentId(Buffer.from('x'));

interface Made {
  readonly root: CID;
  readonly source: NodeSource;
  /** IDs of the nodes that were asked for, each time. */
  readonly read: string[];
}

/** A dataset of files with these paths, file number i having i bytes. */
async function make(paths: readonly string[]): Promise<Made> {
  const nodes = new Map<string, Uint8Array>();
  const entries = paths.map((key, size) => ({ key, value: { type: 'file', id: ID, size } as DatasetEntry }));
  const { id } = await buildTree(datasetSchema, entries, (node, bytes) => {
    nodes.set(node.toString(), bytes);
  });
  const read: string[] = [];
  const source: NodeSource = {
    async get(node) {
      read.push(node.toString());
      return nodes.get(node.toString()) ?? expect.fail('no such node');
    },
  };
  return { root: id, source, read };
}

/** What `level` should say, from the list of all paths. */
function expected(paths: readonly string[], folder: string): object[] {
  const prefix = folder === '' ? '' : `${folder}/`;
  const children: { path: string; type: string; files: number; bytes: number }[] = [];
  for (const [size, path] of paths.entries()) {
    if (!path.startsWith(prefix)) continue;
    const slash = path.indexOf('/', prefix.length);
    const child = slash < 0 ? path : path.slice(0, slash);
    const last = children.at(-1);
    if (last?.path === child) {
      last.files++;
      last.bytes += size;
    } else children.push({ path: child, type: slash < 0 ? 'entry' : 'folder', files: 1, bytes: size });
  }
  return children;
}

test('what lies in each folder is what counting all files says', async () => {
  const segment = fc.constantFrom('a', 'b', 'b!', 'b0', 'ü', '🎉');
  const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => [...parts, 'f'].join('/'));
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(path, { maxLength: 60 }), segment, async (found, first) => {
      // Enough files beneath each to make trees of several levels.
      const paths = found.flatMap((one) => Array.from({ length: 40 }, (_, i) => one + i)).sort(compareUtf8);
      const { root, source } = await make(paths);
      for (const folder of ['', first, `${first}/b`]) {
        const children: object[] = [];
        for await (const child of level(keepingReader(source), root, folder)) {
          const size = child.type === 'entry' && child.entry.type === 'file' ? child.entry.size : undefined;
          const { type } = child;
          const files = child.type === 'entry' ? 1 : child.files;
          children.push({
            path: child.path,
            type,
            files,
            bytes: child.type === 'entry' ? size : child.bytes,
          });
        }
        expect(children).toEqual(expected(paths, folder));
        const inside = paths.flatMap((one, size) =>
          one.startsWith(`${folder}/`) || folder === '' ? [size] : [],
        );
        expect(await totalsOf(keepingReader(source), root, folder)).toEqual({
          files: inside.length,
          bytes: inside.reduce((sum, size) => sum + size, 0),
        });
      }
    }),
    { numRuns: 12 },
  );
});

test('an outline opens some levels, and sums up what it does not show', async () => {
  const { root, source } = await make(['a/1', 'a/2', 'a/3', 'b/c/4', 'd', 'e']);
  const shown = await outline(source, root, '', { depth: 2, width: 2 });
  const folder = { type: 'folder', more: undefined, children: [] };
  expect(shown).toMatchObject({
    path: '',
    files: 6,
    bytes: 15,
    more: { files: 2, bytes: 9 },
    children: [
      {
        ...folder,
        path: 'a',
        files: 3,
        children: [{ path: 'a/1' }, { path: 'a/2' }],
        more: { files: 1, bytes: 2 },
      },
      { ...folder, path: 'b', files: 1, children: [{ ...folder, path: 'b/c', files: 1, bytes: 3 }] },
    ],
  });
  expect(await outline(source, root, 'b/c', { depth: 1, width: 9 })).toMatchObject({ files: 1 });
  expect(await outline(source, root, 'nowhere', { depth: 1, width: 9 })).toBeUndefined();
  const { root: empty, source: nothing } = await make([]);
  expect(await outline(nothing, empty, '', { depth: 2, width: 2 })).toMatchObject({ files: 0, children: [] });
});

test('a folder costs a few nodes, however much it holds', async () => {
  const paths = ['a', 'b', 'c'].flatMap((folder) =>
    Array.from({ length: 20_000 }, (_, i) => `${folder}/${String(i).padStart(5, '0')}`),
  );
  const { root, source, read } = await make(paths);
  const shown: Outline | undefined = await outline(source, root, '', { depth: 1, width: 10 });
  expect(shown?.children.map((child) => child.type === 'folder' && child.files)).toEqual([
    20_000, 20_000, 20_000,
  ]);
  expect(new Set(read).size).toBeLessThan(20);
});
