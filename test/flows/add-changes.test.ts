import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { DvsError } from '#src/base/errors.js';
import { type DatasetEntry, datasetSchema } from '#src/entities/dataset.js';
import { add } from '#src/flows/add.js';
import { checkout } from '#src/flows/checkout.js';
import { diff } from '#src/flows/diff.js';
import type { Repository } from '#src/flows/repository.js';
import { status } from '#src/flows/status.js';
import { type CID, nodeId } from '#src/id/cid.js';
import { ContentStore } from '#src/ops/ingest/contents.js';
import { encodeItem, encodeNode, type Item, type Subtree } from '#src/tree/node.js';
import { entries } from '#src/tree/read.js';
import type { Entry } from '#src/tree/schema.js';
import { flipped, noise } from '../support/bytes.js';
import { failure } from '../support/errors.js';
import { addPath, leftovers, openRepository, problems, write } from '../support/repository.js';

/** Longer than any tick of the file system: what is older counts as settled. */
const TICK_MS = 50;

/** Enough for a dataset of many nodes. */
const MANY = Object.fromEntries(
  Array.from({ length: 600 }, (_, i) => [`f/${String(i).padStart(4, '0')}`, `${i}`]),
);

/** A folder that was added, and of which the stat cache knows everything. */
async function added(files: Record<string, string | Uint8Array>) {
  const opened = await openRepository();
  const data = join(opened.root, 'data');
  write(data, files);
  await sleep(TICK_MS);
  const first = await addPath(opened.repo, 'data');
  return { ...opened, data, first };
}

/** The ID that the same files get in a store that knows nothing of them. */
async function idElsewhere(folder: string): Promise<string> {
  const { repo, root } = await openRepository();
  renameSync(folder, join(root, 'data'));
  try {
    return (await addPath(repo, 'data')).id.toString();
  } finally {
    renameSync(join(root, 'data'), folder);
  }
}

describe('the next version of a folder', () => {
  test('is what it is anywhere else, whatever was done to the files', async () => {
    const { repo, root, data } = await added({ ...MANY, a: 'a', 'd/e': 'e' });
    const paths = [...Object.keys(MANY).filter((_, i) => i % 50 === 0), 'a', 'b', 'd', 'z'];
    const act = fc.record({
      path: fc.constantFrom(...paths),
      what: fc.constantFrom('write', 'remove', 'touch', 'link', 'folder', 'status'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 6 }), async (acts) => {
        for (const [i, { path, what }] of acts.entries()) {
          const absolute = join(data, path);
          if (what === 'status') await status(repo);
          if (what === 'touch' && existsSync(absolute)) utimesSync(absolute, 1, 1 + i);
          if (what === 'status' || what === 'touch') continue;
          rmSync(absolute, { recursive: true, force: true });
          if (what === 'write') write(data, { [path]: `new ${i}` });
          if (what === 'link') write(data, { [path]: { link: 'f' } });
          if (what === 'folder') write(data, { [`${path}/in/it`]: `deep ${i}` });
        }
        await sleep(TICK_MS);
        const { id } = await addPath(repo, 'data');
        const { versions } = await add(repo, { paths: ['data'], rehash: true });
        expect(versions).toMatchObject([{ isNew: false, id }]);
        expect(id.toString()).toBe(await idElsewhere(data));
      }),
      { numRuns: 15 },
    );
    expect(await problems(repo)).toEqual([]);
    expect(leftovers(root)).toEqual([]);
  });

  test('tells the same changes as a diff of the versions', async () => {
    const { repo, data } = await added({ ...MANY, moved: 'moves', gone: 'goes' });
    renameSync(join(data, 'moved'), join(data, 'renamed'));
    rmSync(join(data, 'gone'));
    write(data, { 'f/0300': 'changed', new: 'new' });
    const { diff: told } = await addPath(repo, 'data');
    const [between] = await diff(repo, { references: ['data:v1', 'data:v2'] });
    for (const side of ['added', 'removed', 'modified', 'renamed'] as const) {
      expect([...(told?.[side] ?? [])]).toEqual([...(between?.diff[side] ?? [])]);
      expect(told?.[side]).toHaveLength(1);
    }
  });

  test('counts from the version before it, also when the files were another since', async () => {
    const { repo, data } = await added({ a: '1', b: '1' });
    write(data, { a: '2' });
    await sleep(TICK_MS);
    await addPath(repo, 'data', 'other');
    write(data, { b: '2' });
    await sleep(TICK_MS);
    const { diff: told } = await addPath(repo, 'data', 'data');
    expect([...(told?.modified ?? [])].map(({ path }) => path)).toEqual(['a', 'b']);
  });

  test('is told by a dry run, and nothing of it is stored', async () => {
    const { repo, root, data, first } = await added(MANY);
    const stored = readdirSync(join(root, '.dvs', 'packs')).length;
    write(data, { 'f/0300': 'changed' });
    await sleep(TICK_MS);
    const { versions } = await add(repo, { paths: ['data'], dryRun: true });
    expect(versions).toMatchObject([{ version: 2, isNew: true, newBytes: 7 }]);
    expect(readdirSync(join(root, '.dvs', 'packs'))).toHaveLength(stored);
    const { id } = await addPath(repo, 'data');
    expect(versions[0]?.id.equals(id)).toBe(true);
    expect(id.equals(first.id)).toBe(false);
  });

  test('reads no file that did not change', async () => {
    const { repo, events, data } = await added(MANY);
    write(data, { 'f/0300': 'changed' });
    await sleep(TICK_MS);
    events.length = 0;
    await addPath(repo, 'data');
    const last = events.filter(({ phase }) => phase === 'reading').at(-1);
    expect(last).toMatchObject({ items: 1, bytes: 7 });
  });
});

test('a version that another program cut into other nodes is not built upon', async () => {
  const { repo, root, data, first } = await added(MANY);
  const id = await cutOtherwise(repo, first.id);
  await checkout(repo, { reference: 'data:v2', cwd: root });
  expect((await status(repo)).tracked[0]?.id.equals(id)).toBe(true);
  write(data, { 'f/0300': 'changed' });
  await sleep(TICK_MS);
  const added3 = await addPath(repo, 'data');
  expect(added3).toMatchObject({ version: 3, files: 600 });
  expect(added3.id.toString()).toBe(await idElsewhere(data));
});

/** Makes the next version of `data` the dataset `from` again, in nodes of ten entries each. */
async function cutOtherwise(repo: Repository, from: CID): Promise<CID> {
  const all: Entry<DatasetEntry>[] = [];
  for await (const entry of entries(datasetSchema, repo.store.objects, from)) all.push(entry);
  const writer = await repo.store.write();
  const put = async (level: number, items: readonly Item<DatasetEntry>[]): Promise<CID> => {
    const bytes = encodeNode(
      'dataset',
      level,
      items.map((item) => encodeItem(datasetSchema, item)),
    );
    await writer.addNode(nodeId(bytes), bytes);
    return nodeId(bytes);
  };
  const leaves: Subtree[] = [];
  for (let at = 0; at < all.length; at += 10) {
    const items = all.slice(at, at + 10);
    const bytes = items.reduce((sum, { value }) => sum + datasetSchema.bytes(value), 0);
    leaves.push({ key: items[0]?.key ?? '', id: await put(0, items), level: 0, count: items.length, bytes });
  }
  const to = await put(1, leaves);
  const names = [{ name: 'data', from, to }];
  await writer.commit([], async () => ({
    time: '2026-01-01T00:00:00.000Z',
    by: 'another',
    names,
    publishes: [],
  }));
  await writer.close();
  await repo.store.refresh();
  return to;
}

describe('in a store that is not whole', () => {
  async function twoKinds() {
    const opened = await added({ ...MANY, noise: noise(8_000, 1) });
    const packs = join(opened.root, '.dvs', 'packs');
    const ofKind = (kind: number) => (name: string) => readFileSync(join(packs, name))[9] === kind;
    const [metaPack = ''] = readdirSync(packs).filter(ofKind(1));
    const dataPacks = readdirSync(packs).filter(ofKind(0));
    return {
      ...opened,
      dataPacks: dataPacks.map((name) => join(packs, name)),
      metaPack: join(packs, metaPack),
    };
  }

  test('a folder can be added though the nodes of its last version are damaged', async () => {
    const { root, data, metaPack } = await twoKinds();
    let bytes: Buffer = readFileSync(metaPack);
    for (let bit = 8 * 40; bit < 8 * bytes.length; bit += 8 * 97) bytes = flipped(bytes, bit);
    writeFileSync(metaPack, bytes);
    write(data, { 'f/0300': 'changed' });
    await sleep(TICK_MS);
    const { repo } = await openRepository(root); // which has read nothing yet
    // The changes cannot be told, as the version before cannot be read.
    expect(await failure(() => addPath(repo, 'data'))).toMatchObject({
      code: 'E_DAMAGED',
      message: expect.stringContaining('the version was recorded'),
    });
    const again = await addPath(repo, 'data');
    expect(again).toMatchObject({ version: 2, isNew: false });
    expect(again.id.toString()).toBe(await idElsewhere(data));
  });

  test('what failed while such a node was read is not taken for stored', async () => {
    const { repo, data } = await added(MANY);
    write(data, Object.fromEntries(Object.keys(MANY).map((path) => [path, `new ${path}`])));
    await sleep(TICK_MS);
    const get = repo.store.objects.get.bind(repo.store.objects);
    let reads = 0;
    vi.spyOn(repo.store.objects, 'get').mockImplementation((id) => {
      if (reads++ === 1) throw new DvsError('E_DAMAGED', 'a leaf of the version before');
      return get(id);
    });
    const { store } = ContentStore.prototype;
    let isFull = true;
    vi.spyOn(ContentStore.prototype, 'store').mockImplementation(function (this: ContentStore, pieces) {
      // The last of two groups, which nobody waits for once the leaf could not be read.
      if (pieces.length > 100 || !isFull) return store.call(this, pieces);
      isFull = false;
      return Promise.reject(new DvsError('E_NOSPC', 'no space'));
    });
    onTestFinished(() => void vi.restoreAllMocks());
    expect(await failure(() => addPath(repo, 'data'))).toMatchObject({ code: 'E_NOSPC' });
    expect(isFull).toBe(false);
    await addPath(repo, 'data');
    expect(await problems(repo)).toEqual([]);
  });

  test('small files that a lost pack held are stored again, though nothing changed', async () => {
    const { repo, events, dataPacks } = await twoKinds();
    for (const pack of dataPacks) rmSync(pack);
    expect(await problems(repo)).not.toEqual([]);
    const { storedBytes } = await add(repo, { paths: ['data'] });
    expect(storedBytes).toBeGreaterThan(8_000);
    // The packs stay lost; every file is there again.
    const left = (await problems(repo)).filter((problem) => !problem.startsWith('packs/'));
    expect(left).toEqual([]);
    // From then on an unchanged folder is passed by as before.
    events.length = 0;
    expect(await add(repo, { paths: ['data'] })).toMatchObject({ storedBytes: 0 });
    expect(events.filter(({ phase }) => phase === 'reading')).toEqual([]);
  });
});
