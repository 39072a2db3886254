import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hex } from '#src/base/bytes.js';
import { datasetSchema } from '#src/entities/dataset.js';
import { du } from '#src/flows/du.js';
import type { Repository } from '#src/flows/repository.js';
import type { CID } from '#src/id/cid.js';
import { digestOf } from '#src/id/cid.js';
import { spansOf } from '#src/ops/du/events.js';
import { Tally } from '#src/ops/du/tally.js';
import { entries } from '#src/tree/read.js';
import { noise as bytes } from '../support/bytes.js';
import { addPath, type Files, openRepository, write } from '../support/repository.js';

/** Bytes that do not compress, the same for the same seed. */
const noise = (seed: number, length: number): Uint8Array => bytes(length, seed);

/** Makes a folder hold just these files, and adds it. */
async function version(repo: Repository, folder: string, files: Files): Promise<CID> {
  const { root } = repo.workspace;
  rmSync(join(root, folder), { recursive: true, force: true });
  write(
    root,
    Object.fromEntries(Object.entries(files).map(([path, content]) => [`${folder}/${path}`, content])),
  );
  return (await addPath(repo, folder)).id;
}

/** The objects of a dataset, or of what `chosen` says, with the bytes that each takes; found the slow way. */
async function objectsOf(
  repo: Repository,
  id: CID,
  chosen = (_path: string) => true,
): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for await (const { key, value } of entries(datasetSchema, repo.store.objects, id)) {
    if (value.type !== 'file' || !chosen(key)) continue;
    for (const { object } of await repo.store.objects.allPieces(digestOf(value.id))) {
      const { storedLength, realLength, length } = object;
      found.set(hex(object.id), length === 0 ? 0 : (storedLength * length) / realLength);
    }
  }
  return found;
}

/** What each of several sets of objects takes, and what it alone has. */
function sharesOf(sets: readonly Map<string, number>[]): { stored: number; unique: number }[] {
  return sets.map((set, i) => {
    const sum = { stored: 0, unique: 0 };
    for (const [object, bytes] of set) {
      sum.stored += bytes;
      if (!sets.some((other, j) => j !== i && other.has(object))) sum.unique += bytes;
    }
    return { stored: Math.round(sum.stored), unique: Math.round(sum.unique) };
  });
}

const union = (sets: readonly Map<string, number>[]): Map<string, number> =>
  new Map(sets.flatMap((set) => [...set]));

describe('du', () => {
  test('of names and versions is what counting each object in each of them finds', async () => {
    const { repo } = await openRepository();
    const big = noise(1, 400_000);
    const changed = Uint8Array.from(big).fill(7, 200_000, 200_100); // shares most of its chunks
    const a = [
      await version(repo, 'a', { x: noise(2, 5000), y: noise(3, 6000), big, twice: noise(2, 5000) }),
      await version(repo, 'a', { x: noise(2, 5000), z: noise(4, 7000), big }),
      await version(repo, 'a', { y: noise(3, 6000), big: changed }),
      await version(repo, 'a', { x: noise(2, 5000), z: noise(4, 7000), big }), // as v2
    ];
    const b = [
      await version(repo, 'b', { mine: noise(9, 3000), theirs: noise(3, 6000) }),
      await version(repo, 'b', { mine: noise(9, 3000), empty: '' }),
    ];
    const sets: Map<string, number>[] = [];
    for (const id of [...a, ...b]) sets.push(await objectsOf(repo, id));
    const [x, y] = [sets.slice(0, 4), sets.slice(4)];

    const versions = await du(repo, { by: 'version' });
    expect(versions.rows.map(({ name, version }) => `${name}:v${version}`)).toEqual([
      'a:v1',
      'a:v2',
      'a:v3',
      'a:v4',
      'b:v1',
      'b:v2',
    ]);
    expect(versions.rows.map(({ stored, unique }) => ({ stored, unique }))).toEqual(sharesOf(sets));
    expect(versions.rows[1]).toMatchObject({ files: 3, bytes: 412_000, unique: 0 });
    const [all] = sharesOf([union(sets)]);
    expect(versions.stored).toBe(all?.stored);

    const names = await du(repo);
    expect(names).toMatchObject({ by: 'name', stored: all?.stored });
    expect(names.rows.map(({ stored, unique }) => ({ stored, unique }))).toEqual(
      sharesOf([union(x), union(y)]),
    );
    expect(names.rows[1]).toMatchObject({ name: 'b', files: 4, bytes: 12_000, version: undefined });

    // What is asked about does not change what counts as shared.
    const one = await du(repo, { references: ['b:v1'] });
    expect(one).toMatchObject({ by: 'version', rows: [versions.rows[4]], stored: versions.rows[4]?.stored });
    expect((await du(repo, { references: ['b'] })).rows).toEqual(versions.rows.slice(4));
    expect((await du(repo, { references: ['b:v1'], by: 'name' })).rows).toEqual([names.rows[1]]);
  });

  test('of folders counts what no other folder, and no other version, has', async () => {
    const { repo } = await openRepository();
    await version(repo, 'a', { 'old/1': noise(1, 4000), 'x/1': noise(2, 5000) });
    const id = await version(repo, 'a', {
      top: noise(7, 500),
      'old/1': noise(1, 4000),
      'x/1': noise(3, 6000),
      'x/deep/2': noise(4, 7000),
      'x/deep/3': noise(3, 6000),
      'x/same': noise(5, 800),
      'y/same': noise(5, 800),
      'y/z': noise(6, 900),
    });
    const { by, rows } = await du(repo, { references: ['a:v2'], by: 'folder' });
    expect(by).toBe('folder');
    expect(rows.map(({ path, files, bytes }) => ({ path, files, bytes }))).toEqual([
      { path: 'old/', files: 1, bytes: 4000 },
      { path: '.', files: 1, bytes: 500 },
      { path: 'x/', files: 4, bytes: 19_800 },
      { path: 'y/', files: 2, bytes: 1700 },
    ]);
    const stored = await Promise.all(
      ['old/', 'top', 'x/', 'y/'].map((folder) => objectsOf(repo, id, (path) => path.startsWith(folder))),
    );
    expect(rows.map(({ stored }) => stored)).toEqual(sharesOf(stored).map(({ stored }) => stored));
    expect(rows.map(({ unique }) => Math.round(unique / 100))).toEqual([0, 5, 130, 9]);

    const inside = await du(repo, { references: ['a:v2/x'] });
    expect(inside.rows.map(({ path, files }) => ({ path, files }))).toEqual([
      { path: 'x', files: 2 },
      { path: 'x/deep/', files: 2 },
    ]);
    // The content that x/1 and x/deep/3 have is neither's alone; that of x/same is in y, too.
    expect(inside.rows.map(({ unique }) => Math.round(unique / 100))).toEqual([0, 70]);
    const both = await du(repo, { references: ['a:v2/x', 'a:v2/y'] });
    expect(both.rows.map(({ path }) => path)).toEqual(['x', 'x/deep/', 'y']);
    expect(both.rows.map(({ unique }) => Math.round(unique / 100))).toEqual([0, 70, 9]);
  });

  test('refuses what it cannot tell', async () => {
    const { repo } = await openRepository();
    expect(await du(repo)).toEqual({ by: 'name', rows: [], stored: 0 });
    await version(repo, 'a', { x: 'x' });
    await expect(du(repo, { by: 'folder' })).rejects.toMatchObject({ code: 'E_USAGE' });
    await expect(du(repo, { references: ['a/nope'] })).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
    await expect(du(repo, { references: ['nope'] })).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
    await expect(du(repo, { references: ['a/x'], by: 'version' })).rejects.toMatchObject({ code: 'E_USAGE' });
  });
});

test('where an object is follows from when it came and went, name by name', () => {
  // Two names, with versions 0 to 3 and 4 to 6.
  const endOf = (position: number): number => (position < 4 ? 4 : 7);
  const spans = (...changes: [number, number][]) =>
    spansOf(
      changes.map(([at, change]) => ({ at, change })),
      endOf,
    ).map(({ from, to }) => [from, to]);
  expect(spans([0, 1])).toEqual([[0, 4]]);
  expect(spans([1, 1], [3, -1])).toEqual([[1, 3]]);
  expect(spans([3, -1], [1, 1])).toEqual([[1, 3]]);
  expect(spans([0, 2], [1, -1], [2, -1], [3, 1])).toEqual([
    [0, 2],
    [3, 4],
  ]);
  expect(spans([0, 1], [1, -1], [1, 1])).toEqual([[0, 4]]); // renamed
  expect(spans([2, 1], [5, 1])).toEqual([
    [2, 4],
    [5, 7],
  ]);
});

test('rows with several positions count an object once', () => {
  const tally = new Tally(Uint32Array.of(0, 0, 0, 1, 2), [true, false, true]);
  tally.add(10, [
    { from: 0, to: 1 },
    { from: 2, to: 3 },
  ]);
  tally.add(100, [{ from: 1, to: 4 }]);
  tally.add(1000, [
    { from: 0, to: 1 },
    { from: 4, to: 5 },
  ]);
  tally.add(10_000, [{ from: 3, to: 4 }]);
  expect(tally.shares()).toEqual([
    { stored: 1110, unique: 10 },
    { stored: 10_100, unique: 10_000 },
    { stored: 1000, unique: 0 },
  ]);
  expect(tally.total).toBe(1110);
});
