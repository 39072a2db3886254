import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareUtf8 } from '#src/base/bytes.js';
import { Scratch } from '#src/base/scratch.js';
import { type DatasetEntry, datasetSchema } from '#src/entities/dataset.js';
import { contentId } from '#src/id/cid.js';
import { findConflicts } from '#src/ops/merge/conflicts.js';
import { mergeDatasets } from '#src/ops/merge/merge.js';
import { buildTree } from '#src/tree/build.js';
import { entries } from '#src/tree/read.js';
import { codeOf } from '../support/errors.js';
import { all } from '../support/repository.js';
import { MemoryNodes } from '../tree/support.js';

/** Path → the text of the file there. */
type Files = Readonly<Record<string, string>>;

const file = (text: string): DatasetEntry => ({
  type: 'file',
  id: contentId(Buffer.from(text)),
  size: text.length,
});

/** Files in memory, as datasets. */
class Datasets {
  readonly nodes = new MemoryNodes();
  /** Never written to: nothing here is long. */
  readonly scratch = new Scratch('/nowhere');
  readonly #texts = new Map<string, string>();

  async make(files: Files) {
    for (const text of Object.values(files)) this.#texts.set(String(contentId(Buffer.from(text))), text);
    const sorted = Object.entries(files).sort(([a], [b]) => compareUtf8(a, b));
    const items = sorted.map(([key, text]) => ({ key, value: file(text) }));
    return (await buildTree(datasetSchema, items, this.nodes.sink)).id;
  }

  async merge(base: Files, ours: Files, theirs: Files) {
    const sides = {
      base: await this.make(base),
      ours: await this.make(ours),
      theirs: await this.make(theirs),
    };
    const { root, conflicts } = await mergeDatasets(this.nodes, sides, {
      sink: this.nodes.sink,
      scratch: this.scratch,
    });
    const found = await all(entries(datasetSchema, this.nodes, root.id));
    const files = Object.fromEntries(
      found.map(({ key, value }) => [key, value.type === 'file' ? this.#texts.get(String(value.id)) : '']),
    );
    return { root, conflicts, files, sides };
  }
}

async function merge(base: Files, ours: Files, theirs: Files) {
  const { files, conflicts } = await new Datasets().merge(base, ours, theirs);
  const told = conflicts.map(({ path, kind, beside }) => [path, kind, beside].filter(Boolean).join(', '));
  return { files, told };
}

describe('what does not conflict', () => {
  test('both sides are taken', async () => {
    const base = { kept: '1', left: '1', right: '1', gone: '1', away: '1' };
    const { files, told } = await merge(
      base,
      { kept: '1', left: '2', right: '1', away: '1', new: 'n' },
      { kept: '1', left: '1', right: '2', gone: '1', other: 'o' },
    );
    expect(files).toEqual({ kept: '1', left: '2', right: '2', new: 'n', other: 'o' });
    expect(told).toEqual([]);
  });

  test('what both did alike', async () => {
    const { files, told } = await merge({ a: '1', b: '1' }, { a: '2', n: 'n' }, { a: '2', n: 'n' });
    expect(files).toEqual({ a: '2', n: 'n' });
    expect(told).toEqual([]);
  });

  test('a file that became a folder', async () => {
    const { files, told } = await merge({ a: '1', z: 'z' }, { a: '1' }, { 'a/b': '1', z: 'z' });
    expect(files).toEqual({ 'a/b': '1' });
    expect(told).toEqual([]);
  });
});

describe('a conflict keeps both files', () => {
  test.each<[string, Files, Files, Files, Files, string[]]>([
    [
      'both modified: theirs lies beside, with the extension',
      { 'cats/tom.txt': '1' },
      { 'cats/tom.txt': '2' },
      { 'cats/tom.txt': '3' },
      { 'cats/tom.txt': '2', 'cats/tom.theirs.txt': '3' },
      ['cats/tom.txt, both modified, cats/tom.theirs.txt'],
    ],
    [
      'both added',
      {},
      { README: 'ours' },
      { README: 'theirs' },
      { README: 'ours', 'README.theirs': 'theirs' },
      ['README, both added, README.theirs'],
    ],
    ['deleted by us', { a: '1' }, {}, { a: '2' }, { a: '2' }, ['a, deleted by us']],
    ['deleted by them', { a: '1' }, { a: '2' }, {}, { a: '2' }, ['a, deleted by them']],
    [
      'our file where they have a folder',
      {},
      { 'a.d': 'file', 'a.d!': '' },
      { 'a.d/x': 'x', 'a.d/y': 'y' },
      { 'a.ours.d': 'file', 'a.d!': '', 'a.d/x': 'x', 'a.d/y': 'y' },
      ['a.d, file and folder, a.ours.d'],
    ],
    [
      'their file where we have a folder',
      { 'a/x': 'x' },
      { 'a/x': 'x', 'a/y': 'y' },
      { a: 'file' },
      { 'a/y': 'y', 'a.theirs': 'file' },
      ['a, file and folder, a.theirs'],
    ],
    [
      'a name that is taken is passed over, also by a folder, and on either side',
      { 'a.txt': '1' },
      { 'a.txt': '2', 'a.theirs.txt': 'mine' },
      { 'a.txt': '3', 'a.theirs-2.txt/in': 'it' },
      { 'a.txt': '2', 'a.theirs.txt': 'mine', 'a.theirs-2.txt/in': 'it', 'a.theirs-3.txt': '3' },
      ['a.txt, both modified, a.theirs-3.txt'],
    ],
    [
      'ours is a file where they changed what we removed',
      { 'a/b': '1' },
      { a: 'file' },
      { 'a/b': '2' },
      { 'a/b': '2', 'a.ours': 'file' },
      ['a, file and folder, a.ours', 'a/b, deleted by us'],
    ],
  ])('%s', async (_, base, ours, theirs, files, told) => {
    expect(await merge(base, ours, theirs)).toEqual({ files, told });
  });

  test('a name that gets too long is cut in whole characters, and stays one of its own', async () => {
    const [a, b] = [`${'ü'.repeat(125)}1.txt`, `${'ü'.repeat(125)}2.txt`];
    const { files } = await merge({}, { [a]: '1', [b]: '1' }, { [a]: '2', [b]: '2' });
    const names = Object.keys(files);
    expect(names).toHaveLength(4);
    for (const name of names.filter((name) => name !== a && name !== b)) {
      expect(name).toMatch(/^ü{110,}~[0-9a-f]{16}\.theirs\.txt$/u);
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
    }
  });

  test('too many conflicts are refused', async () => {
    const datasets = new Datasets();
    const { sides } = await datasets.merge({}, { a: '1', b: '1', c: '1' }, { a: '2', b: '2', c: '2' });
    expect(await findConflicts(datasets.nodes, sides, () => {}, 3)).toHaveLength(3);
    expect(await codeOf(() => findConflicts(datasets.nodes, sides, () => {}, 2))).toBe('E_LIMIT');
  });
});

test('the cost follows the size of the differences', async () => {
  const datasets = new Datasets();
  const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`f/${i}`, `${i % 7}`]));
  const sides = {
    base: await datasets.make(many),
    ours: await datasets.make({ ...many, 'f/777': 'ours' }),
    theirs: await datasets.make({ ...many, 'f/9999': 'theirs' }),
  };
  datasets.nodes.resetCounts();
  await mergeDatasets(datasets.nodes, sides, { sink: datasets.nodes.sink, scratch: datasets.scratch });
  expect(datasets.nodes.reads).toBeLessThan(40);
  expect(datasets.nodes.written.length).toBeLessThan(10);
});

const path = fc.constantFrom(
  ...[
    'a',
    'a!',
    'a/b',
    'a/b/c',
    'a/x',
    'a.ours',
    'a.theirs',
    'a.theirs/in',
    'b.txt',
    'b.theirs.txt',
    'ä/🎉.txt',
  ],
);
/** Files of which none lies beneath another. */
const dataset = fc.dictionary(path, fc.constantFrom('1', '2', '3')).map((files) => {
  const paths = Object.keys(files);
  const isFree = (one: string): boolean => !paths.some((other) => one.startsWith(`${other}/`));
  return Object.fromEntries(Object.entries(files).filter(([one]) => isFree(one)));
});

test('nothing that one side changed is lost, nothing that nobody changed moves, and the result is a dataset', async () => {
  await fc.assert(
    fc.asyncProperty(dataset, dataset, dataset, async (base, ours, theirs) => {
      const datasets = new Datasets();
      const { root, files, conflicts } = await datasets.merge(base, ours, theirs);
      // Building checks that no path lies beneath another, and that editing gave the one root there is.
      expect(
        await datasets.make(Object.fromEntries(Object.entries(files).map(([p, t]) => [p, t ?? '']))),
      ).toEqual(root.id);
      const placed = new Map(conflicts.map(({ path, beside }) => [path, beside]));
      const besides = new Set(placed.values());
      for (const side of [ours, theirs]) {
        for (const [path, text] of Object.entries(side)) {
          if (base[path] === text) continue;
          const [there, beside] = [files[path], files[placed.get(path) ?? path]];
          expect([there, beside], `${path} of one side`).toContain(text);
        }
      }
      for (const path of new Set([base, ours, theirs].flatMap((one) => Object.keys(one)))) {
        const [was, we, they] = [base[path], ours[path], theirs[path]];
        if (placed.has(path) || besides.has(path)) continue;
        expect(files[path], path).toBe(was === we ? they : we);
      }
    }),
    { numRuns: 400 },
  );
});

test('who is called ours makes no difference where nothing conflicts', async () => {
  await fc.assert(
    fc.asyncProperty(dataset, dataset, dataset, async (base, ours, theirs) => {
      const datasets = new Datasets();
      const [one, other] = [
        await datasets.merge(base, ours, theirs),
        await datasets.merge(base, theirs, ours),
      ];
      expect(one.conflicts.map(({ path }) => path)).toEqual(other.conflicts.map(({ path }) => path));
      if (one.conflicts.length === 0) expect(one.root.id).toEqual(other.root.id);
    }),
  );
});
