import { expect, test } from 'vitest';
import { contentId } from '#src/id/cid.js';
import { detectReader } from '#src/ops/samples/detect.js';
import type { DatasetFile } from '#src/ops/samples/inputs.js';
import { READERS } from '#src/ops/samples/readers.js';

async function* files(sizes: Readonly<Record<string, number>>): AsyncGenerator<DatasetFile> {
  for (const [path, size] of Object.entries(sizes)) {
    yield { path, entry: { type: 'file', id: contentId(Buffer.from(path)), size } };
  }
}

const many = (extension: string, count: number): Record<string, number> =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`${i}.${extension}`, 10]));

test.each<[string, Readonly<Record<string, number>>, string, RegExp]>([
  ['one table', { 'a.csv': 10 }, 'csv', /1 of 1 file, with 100 % of the bytes/],
  ['tables with a note', { 'a.csv': 90, 'b.tsv': 100, 'README.md': 10 }, 'csv', /2 of 3 files, with 95 %/],
  ['rows of JSON', { 'a.jsonl': 10, 'b.ndjson': 10 }, 'jsonl', /jsonl/],
  ['texts', { 'a.txt': 10 }, 'lines', /lines/],
  ['capital letters', { 'A.CSV': 10 }, 'csv', /csv/],
  [
    'images with a small table',
    { 'a.csv': 10, '1.png': 1000, '2.png': 1000 },
    'files',
    /only 1 of 3 files, with 0 %/,
  ],
  ['half of the bytes', { 'a.csv': 10, '1.png': 10 }, 'files', /only 1 of 2 files, with 50 %/],
  ['images', many('png', 5), 'files', /none of its files/],
  ['nothing', {}, 'files', /none of its files/],
  ['a hundred texts', many('txt', 100), 'lines', /100 of 100/],
  ['more texts than that', many('txt', 101), 'files', /more than 100 such files/],
  ['as many tables', many('csv', 1000), 'csv', /1000 of 1000/],
  ['two kinds, of which one has most', { 'a.csv': 60, 'b.jsonl': 40 }, 'csv', /60 %/],
  ['tables without bytes', { 'a.csv': 0, 'b.csv': 0 }, 'csv', /2 of 2/],
  ['a table without bytes, and images', { 'a.csv': 0, '1.png': 0 }, 'files', /only 1 of 2/],
])('%s', async (_, sizes, reader, why) => {
  const detected = await detectReader(files(sizes));
  expect(detected).toEqual({ reader, why: expect.stringMatching(why) });
  expect(READERS).toContain(detected.reader);
});
