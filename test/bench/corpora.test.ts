import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import type { Corpus } from '#bench/corpora/corpus.js';
import { images } from '#bench/corpora/images.js';
import { table } from '#bench/corpora/table.js';
import { weights } from '#bench/corpora/weights.js';
import { Versions } from '#bench/exchange.js';
import { bytesIn, filesIn } from '#bench/files.js';
import { tempDir } from '../support/tmp.js';

const SCALE = 0.004;

async function make(corpus: Corpus): Promise<{ data: string; changed: string }> {
  const root = await tempDir();
  const [data, changed] = [join(root, 'data'), join(root, 'changed')];
  for (const folder of [data, changed]) mkdirSync(folder);
  corpus.make(data, changed, SCALE);
  return { data, changed };
}

function digests(folder: string): string[] {
  const digest = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
  return filesIn(folder)
    .map((path) => `${relative(folder, path)} ${digest(path)}`)
    .sort();
}

test.each([weights, images, table])('$name is the same every time', async (corpus) => {
  const [one, two] = [await make(corpus), await make(corpus)];
  expect(digests(one.data)).toEqual(digests(two.data));
  expect(digests(one.changed)).toEqual(digests(two.changed));
});

test.each([weights, images, table])('$name: the versions change places and back', async (corpus) => {
  const { data, changed } = await make(corpus);
  const before = { data: digests(data), changed: digests(changed) };
  const times = filesIn(data).map((path) => statSync(path).mtimeMs);
  const versions = new Versions(changed);
  versions.exchange(data);
  expect(digests(data)).not.toEqual(before.data);
  expect(digests(data)).toEqual(expect.arrayContaining(before.changed));
  versions.exchange(data);
  expect({ data: digests(data), changed: digests(changed) }).toEqual(before);
  expect(filesIn(data).map((path) => statSync(path).mtimeMs)).toEqual(times);
});

test('images: one in a hundred changes, one in a hundred is new', async () => {
  const { data, changed } = await make(images);
  const had = new Set(filesIn(data).map((path) => relative(data, path)));
  const paths = filesIn(changed).map((path) => relative(changed, path));
  expect(had.size).toBe(100);
  expect(paths.filter((path) => had.has(path))).toHaveLength(1);
  expect(paths.filter((path) => !had.has(path))).toHaveLength(1);
});

test('table: every row of the first version is in the second, in order, among new ones', async () => {
  const { data, changed } = await make(table);
  const lines = (folder: string) => readFileSync(join(folder, 'events.jsonl'), 'utf8').split('\n');
  const [before, after] = [lines(data), lines(changed)];
  let at = 0;
  for (const line of after) if (line === before[at]) at++;
  expect(at).toBe(before.length);
  expect(after.length).toBeGreaterThan(before.length);
  expect(JSON.parse(after[0] ?? '')).toHaveProperty('caption');
  expect(bytesIn(data)).toBeLessThan(bytesIn(changed));
});
