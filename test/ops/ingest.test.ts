import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { silent } from '#src/base/progress.js';
import { chunksOf } from '#src/chunk/chunks.js';
import { MAX_CHUNK, MIN_CHUNK } from '#src/chunk/limits.js';
import { contentId, digestOf } from '#src/id/cid.js';
import { Ingest } from '#src/ops/ingest/ingest.js';
import { SLOT_DATA } from '#src/workers/slots.js';
import { lines, noise } from '../support/bytes.js';
import { failure } from '../support/errors.js';
import { tempDir } from '../support/tmp.js';
import { ingest, localStore, restored, source } from './support.js';

/** Around the smallest and largest chunk, and one and several slots. */
const SIZES = [
  [0, 1, MIN_CHUNK - 1, MIN_CHUNK, MIN_CHUNK + 1],
  [MAX_CHUNK - 1, MAX_CHUNK, MAX_CHUNK + 1],
  [SLOT_DATA - 1, SLOT_DATA, SLOT_DATA + 1],
  [2 * SLOT_DATA, 2 * SLOT_DATA + 1, 8 * 2 ** 20 + 123, 20 * 2 ** 20],
].flat();

const KINDS: Record<string, (size: number) => Buffer> = {
  random: (size) => noise(size, size + 1),
  zeros: (size) => Buffer.alloc(size),
  lines: (size) => lines(size, 9),
  // Nearly every byte of it may end a chunk, which is more than a scanner's list of candidates holds.
  dense: (size) => Buffer.alloc(size, denseByte()),
};

/** A byte of which a run is cut at the smallest chunk, if there is one: then every position is a candidate. */
function denseByte(): number {
  for (let byte = 0; byte < 256; byte++) {
    const [first] = chunksOf(Buffer.alloc(3 * MIN_CHUNK, byte));
    if (first?.length === MIN_CHUNK) return byte;
  }
  return 0;
}

describe('files of every size around the edges of chunks and slots', () => {
  test.each(Object.keys(KINDS))('%s', async (kind) => {
    const folder = await tempDir();
    const store = await localStore();
    const make = KINDS[kind] ?? noise;
    const contents = SIZES.map((size) => make(size));
    const sources = contents.map((bytes, i) => {
      const path = join(folder, String(i));
      writeFileSync(path, bytes);
      return source(path);
    });
    const { files } = await ingest(store, sources);
    expect(files.map(({ path }) => path)).toEqual(contents.map((_, i) => String(i)));
    for (const [i, bytes] of contents.entries()) {
      const file = files[i];
      if (file?.entry.type !== 'file') throw new Error('not taken in');
      const label = `${bytes.length} bytes`;
      expect(Buffer.from(digestOf(file.entry.id)).toString('hex'), label).toBe(
        createHash('sha256').update(bytes).digest('hex'),
      );
      expect(file.entry.size).toBe(bytes.length);
      const { lengths, bytes: back } = await restored(store, file);
      expect(back.equals(bytes), label).toBe(true);
      const specified = bytes.length === 0 ? [0] : chunksOf(bytes).map(({ length }) => length);
      expect(lengths, label).toEqual(specified);
    }
  });
});

describe('what is stored already', () => {
  test('is stored once: in one add, across adds, and the chunks of files that differ a little', async () => {
    const folder = await tempDir();
    const store = await localStore();
    const path = (name: string, bytes: Buffer) => {
      writeFileSync(join(folder, name), bytes);
      return source(join(folder, name));
    };
    const small = noise(5_000, 1);
    const large = noise(6_000_000, 2);
    const first = await ingest(store, [
      path('a', small),
      path('b', small),
      path('c', large),
      path('d', large),
    ]);
    expect(first.newBytes).toBe(small.length + large.length);
    const again = await ingest(store, [path('e', small), path('f', large)]);
    expect(again).toMatchObject({ newBytes: 0, storedBytes: 0 });
    const shifted = Buffer.concat([Buffer.from('a few bytes in front'), large]);
    const { newBytes, files } = await ingest(store, [path('g', shifted)]);
    expect(newBytes).toBeLessThan(2 * MAX_CHUNK + 20);
    for (const file of files) expect((await restored(store, file)).bytes.equals(shifted)).toBe(true);
  });
});

test('thousands of small files come out in order, each with its own content', async () => {
  const folder = await tempDir();
  const store = await localStore();
  const text = (i: number) => `file number ${i} ${'x'.repeat(i % 97)}`;
  const sources = Array.from({ length: 5_000 }, (_, i) => {
    writeFileSync(join(folder, String(i)), text(i));
    return source(join(folder, String(i)));
  });
  const { files } = await ingest(store, sources);
  expect(files.map(({ path }) => path)).toEqual(sources.map(({ path }) => path));
  const wrong = files.filter(({ entry }, i) => {
    return entry.type !== 'file' || !entry.id.equals(contentId(Buffer.from(text(i))));
  });
  expect(wrong).toEqual([]);
});

describe('files that are not what the crawl saw', () => {
  /** A file of `now` bytes of which the crawl said `size`. */
  const sized = async (size: number, now: number) => {
    const folder = await tempDir();
    const bytes = noise(now, 4);
    writeFileSync(join(folder, 'f'), bytes);
    return { bytes, file: source(join(folder, 'f'), size) };
  };

  test.each([
    ['grew', 10, 20],
    ['grew out of nothing', 0, 300_000],
    ['grew beyond a slot', 10, SLOT_DATA + 10],
    ['shrank', 20, 10],
    ['shrank to nothing', 20, 0],
    ['shrank from more than a slot', SLOT_DATA + 10, 10],
    ['shrank from more than a slot to nothing', SLOT_DATA + 10, 0],
    ['shrank by a slot', 2 * SLOT_DATA + 10, SLOT_DATA],
  ])('%s since: what is there now is taken in', async (_, size, now) => {
    const { bytes, file } = await sized(size, now);
    const store = await localStore();
    const { files } = await ingest(store, [file]);
    const [taken] = files;
    if (taken?.entry.type !== 'file') throw new Error('not taken in');
    expect(taken.entry).toMatchObject({ size: now });
    expect(taken.entry.id.toString()).toBe(contentId(bytes).toString());
    expect((await restored(store, taken)).bytes.equals(bytes)).toBe(true);
  });

  test.each([
    ['vanished', 'E_CHANGED', () => undefined],
    ['became a link', 'E_TYPE', (path: string) => symlinkSync('elsewhere', path)],
    ['became a folder', 'E_TYPE', (path: string) => mkdirSync(path)],
  ])('%s since: an error that names them', async (_, code, put) => {
    const folder = await tempDir();
    const sources = ['a', 'b', 'c', 'large', 'm'].map((name) => {
      writeFileSync(join(folder, name), name);
      if (name === 'large') truncateSync(join(folder, name), SLOT_DATA + 1);
      return source(join(folder, name));
    });
    for (const path of ['b', 'large'].map((name) => join(folder, name))) {
      rmSync(path);
      put(path);
    }
    const store = await localStore();
    expect(await failure(() => ingest(store, sources))).toMatchObject({ code, about: ['b', 'large'] });
    expect(await store.log.read(1)).toBeUndefined();
  });
});

test('a dry run counts what is new and stores nothing', async () => {
  const folder = await tempDir();
  const store = await localStore();
  const sources = [noise(1_000, 1), noise(1_000, 1), noise(5_000_000, 2)].map((bytes, i) => {
    writeFileSync(join(folder, String(i)), bytes);
    return source(join(folder, String(i)));
  });
  const writer = await store.write();
  const engine = new Ingest({ workers: 2, progress: silent, writer, measure: true });
  for await (const _ of engine.run(sources));
  expect(engine.newBytes).toBe(5_001_000);
  expect(await engine.finish()).toEqual([]);
  await engine.close();
  await writer.close();
});
