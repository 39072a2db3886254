import { existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { isDvsError } from '#src/base/errors.js';
import { add } from '#src/flows/add.js';
import { merge } from '#src/flows/merge.js';
import { relocate } from '#src/flows/relocate.js';
import { Repository } from '#src/flows/repository.js';
import { indexPath } from '#src/flows/samples/index-place.js';
import { findPopulation } from '#src/flows/samples/population.js';
import { recordSamples, type SamplesOptions } from '#src/flows/samples.js';
import { split } from '#src/flows/split.js';
import { EntryKind } from '#src/store/pack/layout.js';
import { noise } from '../support/bytes.js';
import { codeOf, failure } from '../support/errors.js';
import { addPath, type Files, openRepository, problems, write } from '../support/repository.js';
import { keys, listed, numbers, printed, state, table } from '../support/samples.js';

/** A workspace with a dataset `data` of these files. */
async function withData(files: Files): Promise<{ repo: Repository; root: string }> {
  const { repo, root } = await openRepository();
  write(join(root, 'data'), files);
  await addPath(repo, 'data');
  return { repo, root };
}

function record(repo: Repository, options: Partial<SamplesOptions> = {}) {
  return recordSamples(repo, { reference: 'data', ...options });
}

/** The same workspace, opened by another process. */
async function reopened(repo: Repository): Promise<Repository> {
  const { who, clock, workers } = repo;
  return Repository.open(repo.workspace.root, { who, clock, workers });
}

const IMAGES: Files = {
  'cats/1.png': 'cat 1',
  'cats/2.png': 'cat 2',
  'dogs/1.png': 'dog 1',
  'notes.txt': 'words\n',
};

describe('samples have one ID', () => {
  test('wherever they are made, in whatever order files were added, with an index or without', async () => {
    const rows = { 'a.csv': table(20), 'b.csv': table(5, 20) };
    const { repo, root } = await withData(rows);
    const first = await record(repo, { key: 'id', label: 'label' });
    rmSync(join(root, '.dvs', 'samples'), { recursive: true });
    const again = await record(repo, {
      key: 'column:id',
      label: 'label',
      reader: 'csv',
      delimiter: ',',
      header: true,
    });
    expect(again.id).toEqual(first.id);
    expect(again.isNew).toBe(false);

    const other = await openRepository();
    write(join(other.root, 'data'), { 'b.csv': table(5, 20) });
    await addPath(other.repo, 'data');
    write(join(other.root, 'data'), rows);
    await addPath(other.repo, 'data');
    expect((await record(other.repo, { key: 'id', label: 'label' })).id).toEqual(first.id);
  });

  test('and are recorded once', async () => {
    const { repo } = await withData(IMAGES);
    const first = await record(repo, { name: 'pets', label: 'parent' });
    expect(first).toMatchObject({ isNew: true, name: 'pets', version: 1, samples: { count: 4 } });
    const { seq } = repo.store.head;
    const again = await record(repo, { name: 'pets', label: 'parent' });
    expect(again).toMatchObject({ id: first.id, isNew: false, version: 1 });
    expect((await record(repo, { label: 'parent' })).isNew).toBe(false);
    expect(repo.store.head.seq).toBe(seq);
    expect(await record(repo, { name: 'other', label: 'parent' })).toMatchObject({ isNew: true, version: 1 });
    expect(await problems(repo)).toEqual([]);
  });

  test('which is another one for other options', async () => {
    const { repo } = await withData({ 'a.csv': table(9) });
    const choices: Partial<SamplesOptions>[] = [
      {},
      { key: 'id' },
      { label: 'label' },
      { header: false },
      { delimiter: ';' },
      { reader: 'lines', patterns: ['a.csv'] },
      { reader: 'files' },
      { patterns: ['a.csv'] },
    ];
    const ids: string[] = [];
    for (const choice of choices) ids.push((await record(repo, choice)).id.toString());
    expect(new Set(ids).size).toBe(choices.length);
  });

  test('however the patterns that choose its files are written', async () => {
    const { repo } = await withData({ 'x/a.csv': table(3), 'y/b.csv': table(3, 3), 'z/c.csv': table(1) });
    const one = await record(repo, { patterns: ['x', 'y/*.csv'] });
    const two = await record(repo, { patterns: ['./y/*.csv', 'x/', 'x'] });
    expect(two.id).toEqual(one.id);
    const inside = await record(repo, { reference: 'data/x' });
    expect(await record(repo, { patterns: ['x'] })).toMatchObject({ id: inside.id, isNew: false });
  });
});

describe('what samples are', () => {
  test('whole files: key is the path, the label the folder', async () => {
    const { repo } = await withData(IMAGES);
    const { samples, why, id } = await record(repo, { label: 'parent', patterns: ['cats', 'dogs'] });
    expect([samples.reader.name, samples.count, why]).toEqual([
      'files',
      3,
      expect.stringContaining('none of its files'),
    ]);
    expect(await listed(repo, id.toString())).toEqual([
      { number: 0, path: 'cats/1.png', key: 'cats/1.png', label: 'cats' },
      { number: 1, path: 'cats/2.png', key: 'cats/2.png', label: 'cats' },
      { number: 2, path: 'dogs/1.png', key: 'dogs/1.png', label: 'dogs' },
    ]);
    expect(await printed(repo, id.toString(), 2)).toBe('dog 1');
    expect(await printed(repo, id.toString(), 'cats/2.png')).toBe('cat 2');
  });

  test('rows of several files, counted on from file to file', async () => {
    const { repo } = await withData({ 'a.csv': table(3), 'b.csv': table(2, 3), 'c.txt': 'not these\n' });
    const { id, why } = await record(repo, { key: 'id', label: 'label' });
    expect(why).toContain('can be read as csv');
    expect(
      (await listed(repo, id.toString())).map(
        ({ number, path, key, label }) => `${number} ${path} ${key} ${label}`,
      ),
    ).toEqual(['0 a.csv k0 a', '1 a.csv k1 b', '2 a.csv k2 c', '3 b.csv k3 a', '4 b.csv k4 b']);
    expect(await printed(repo, id.toString(), 4)).toBe('k4,"text, 4",b,g4,2026-01-05T00:00:00Z\n');
    expect(await printed(repo, id.toString(), 'k4')).toBe(await printed(repo, id.toString(), 4));
  });

  test('one whose key is a number is told by its own number, and by its key after `key:`', async () => {
    const { repo } = await withData({ 'a.csv': 'id,v\n2,first\n100,second\n0,third\n' });
    await record(repo, { key: 'id', name: 's' });
    expect(await printed(repo, 's', 2)).toBe('0,third\n');
    expect(await printed(repo, 's', 'key:2')).toBe('2,first\n');
    expect(await printed(repo, 's', 100)).toBe('100,second\n');
    expect(await codeOf(() => printed(repo, 's', 3))).toBe('E_NOT_FOUND');
  });

  test('two with one key are told by their numbers', async () => {
    const { repo } = await withData({ 'a.txt': 'one\ntwo\none\n' });
    const { id } = await record(repo);
    const [{ key = '' } = {}] = await listed(repo, id.toString());
    expect(await keys(repo, id.toString())).toEqual([key, expect.any(String), key]);
    expect(await failure(() => printed(repo, id.toString(), key))).toMatchObject({
      code: 'E_AMBIGUOUS',
      about: ['0', '2'],
    });
  });

  test.each(['5', '-1', '01', '1.5', '9007199254740993', 'no such key', ''])(
    'there is no sample %j of five',
    async (sample) => {
      const { repo } = await withData({ 'a.csv': table(5) });
      const { id } = await record(repo, { key: 'id' });
      expect(await codeOf(() => printed(repo, id.toString(), sample))).toBe('E_NOT_FOUND');
    },
  );
});

function emptyTables(count: number): Files {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`${i}.csv`, 'id,x\n']));
}

describe('what cannot be taken for samples names the file and the place, and leaves nothing', () => {
  const bad: [string, Files, Partial<SamplesOptions>, string, RegExp][] = [
    ['no files at all', {}, {}, 'E_DATA', /no samples/],
    ['a CSV of a header alone', { 'a.csv': 'id,x\n' }, {}, 'E_DATA', /no samples.* none in a\.csv$/],
    ['many of them', emptyTables(5), {}, 'E_DATA', /none in 0\.csv, 1\.csv, 2\.csv and 2 more$/],
    ['rows that end with CR', { 'a.csv': 'id,x\r1,2\r' }, {}, 'E_DATA', /no samples.* none in a\.csv$/],
    [
      'files that are packed',
      { 'a.csv.gz': 'x' },
      { reader: 'csv' },
      'E_DATA',
      /does not unpack.*a\.csv\.gz/,
    ],
    [
      'or chosen',
      { 'a.csv.gz': gzipSync('id\n1\n') },
      { reader: 'csv', patterns: ['*.gz'] },
      'E_DATA',
      /a\.csv\.gz: is packed by gzip/,
    ],
    ['patterns that choose nothing', IMAGES, { patterns: ['*.csv'] }, 'E_DATA', /\*\.csv/],
    ['a column that is missing', { 'a.csv': table(3) }, { label: 'species' }, 'E_DATA', /a\.csv.*"species"/],
    [
      'a column that the second file lacks',
      { 'a.csv': table(3), 'b.csv': 'id,x\n1,2\n' },
      { label: 'label' },
      'E_DATA',
      /b\.csv.*"label"/,
    ],
    [
      'files of one reader with other columns',
      { 'a.csv': 'id,x\n1,2\n', 'b.csv': 'x,id\n1,2\n' },
      {},
      'E_DATA',
      /b\.csv.*columns x, id.*a\.csv has the columns id, x/,
    ],
    ['the name of a dataset', IMAGES, { name: 'data' }, 'E_EXISTS', /data is the name of a dataset/],
    [
      'a column that is there twice',
      { 'a.csv': 'x,x\n1,2\n' },
      { key: 'x' },
      'E_DATA',
      /a\.csv.*more than one column/,
    ],
    ['a row with a cell too few', { 'a.csv': 'x,y\n1,2\n3\n' }, { key: 'x' }, 'E_DATA', /a\.csv.*row 2/],
    [
      'a field that row 3 of the second file lacks',
      { 'a.jsonl': '{"x":1}\n', 'b.jsonl': '{"x":1}\n{"x":2}\n{"y":3}\n' },
      { key: 'x' },
      'E_DATA',
      /b\.jsonl.*row 3.*"x"/,
    ],
    ['a key that is null', { 'a.jsonl': '{"x":1}\n{"x":null}\n' }, { key: 'x' }, 'E_DATA', /a\.jsonl.*1/],
    ['a quoted cell that does not end', { 'a.csv': 'x\n1\n"2\n3\n' }, {}, 'E_DATA', /a\.csv.*row 2/],
    [
      'what is no UTF-8',
      { 'a.txt': Buffer.from('good\nb\xe4d\n', 'latin1') },
      {},
      'E_DATA',
      /a\.txt.*row 2.*UTF-8/,
    ],
    [
      'a path that an expression does not match',
      IMAGES,
      { label: 'path:^(cats|dogs)/', reader: 'files' },
      'E_DATA',
      /notes\.txt/,
    ],
    [
      'a column of whole files',
      IMAGES,
      { label: 'species', reader: 'files' },
      'E_USAGE',
      /no column species/,
    ],
    ['a reader that there is not', IMAGES, { reader: 'excel' }, 'E_USAGE', /excel/],
    ['an expression that is none', IMAGES, { label: 'path:(' }, 'E_USAGE', /not a regular expression/],
    ['a delimiter of two characters', { 'a.csv': table(2) }, { delimiter: '||' }, 'E_USAGE', /delimiter/],
    ['a name that is none', IMAGES, { name: 'a b' }, 'E_USAGE', /a b/],
  ];
  test.each(bad)('%s', async (_, files, choice, code, message) => {
    const { repo } = await withData({
      ...(Object.keys(files).length === 0 ? { empty: undefined } : {}),
      ...files,
    });
    const before = await state(repo);
    const error = await failure(() => record(repo, choice));
    expect([error.code, error.message]).toEqual([code, expect.stringMatching(message)]);
    expect(await state(repo)).toEqual(before);
  });

  test('a reference to the wrong kind', async () => {
    const { repo } = await withData(IMAGES);
    const { id } = await record(repo, { name: 's' });
    write(repo.workspace.root, { s: 'a file of that name' });
    const before = await state(repo);
    expect((await failure(() => addPath(repo, 's'))).code).toBe('E_EXISTS');
    expect(await state(repo)).toEqual(before);
    expect(await codeOf(() => record(repo, { reference: id.toString() }))).toBe('E_USAGE');
    expect(await codeOf(() => record(repo, { reference: 'nothing' }))).toBe('E_NOT_FOUND');
    expect(await codeOf(() => findPopulation(repo, 'data'))).toBe('E_USAGE');
  });
});

describe('a name keeps to one kind: no path takes that of samples', () => {
  const hides = {
    code: 'E_EXISTS',
    message: 's is the name of a set of samples, which a tracked path would hide',
  };

  test('by being added or moved there', async () => {
    const { repo, root } = await withData(IMAGES);
    await record(repo, { name: 's' });
    write(root, { s: 'a file of that name' });
    const before = await state(repo);
    expect(await failure(() => add(repo, { paths: ['s'], name: 'other' }))).toMatchObject(hides);
    rmSync(join(root, 's'));
    expect(await failure(() => relocate(repo, { from: 'data', to: 's' }))).toMatchObject(hides);
    expect(await state(repo)).toEqual(before);
    expect(await numbers(repo, 's')).toEqual([0, 1, 2, 3]);
    expect(await relocate(repo, { from: 'data', to: 'raw/s' })).toMatchObject({ isMoved: true });
  });

  test('nor do samples take that of a path, nor a merge that of samples', async () => {
    const { repo, root } = await withData(IMAGES);
    await record(repo, { name: 's' });
    await relocate(repo, { from: 'data', to: 'place' });
    const before = await state(repo);
    expect(await failure(() => record(repo, { name: 'place' }))).toMatchObject({
      code: 'E_EXISTS',
      message: 'place is a tracked path, that of the dataset data',
    });
    const sides = { base: 'data', ours: 'data', theirs: 'data', cwd: root };
    expect(await failure(() => merge(repo, { ...sides, name: 's' }))).toMatchObject({
      code: 'E_EXISTS',
      message: 's is the name of a set of samples, and cannot become that of a dataset',
    });
    expect(await state(repo)).toEqual(before);
  });
});

describe('the index is derived', () => {
  const CASES: [string, Files, Partial<SamplesOptions>][] = [
    ['rows with labels', { 'a.csv': table(8), 'b.csv': table(2, 8) }, { key: 'id', label: 'label' }],
    ['rows without labels', { 'a.txt': 'one\ntwo\nthree\n' }, {}],
    ['whole files with labels', IMAGES, { label: 'parent' }],
    ['whole files without labels', IMAGES, {}],
  ];

  /** All that can be asked of samples, by somebody who comes anew. */
  async function answers(repo: Repository, reference: string): Promise<unknown> {
    const opened = await reopened(repo);
    try {
      const { set, count } = await findPopulation(opened, reference);
      const texts: string[] = [];
      for (let i = 0; i < count; i++) texts.push(await printed(opened, reference, i));
      const located = await Promise.all(Array.from({ length: count }, (_, i) => set.locate(i)));
      const labels = Array.from({ length: count }, (_, i) => set.labels[set.labelOf(i) ?? -1]);
      return [texts, located.map(({ path, key }) => [path, key]), labels, await listed(opened, reference)];
    } finally {
      await opened.close();
    }
  }

  test.each(CASES)(
    'of %s: gone, cut short or with a byte more it is made again',
    async (_, files, choice) => {
      const { repo } = await withData(files);
      const { id } = await record(repo, choice);
      const path = indexPath(repo, id);
      const whole = readFileSync(path);
      const right = await answers(repo, id.toString());
      rmSync(path);
      expect(await answers(repo, id.toString())).toEqual(right);
      expect(readFileSync(path).equals(whole)).toBe(true);
      for (const length of [0, 1, 15, 16, whole.length >> 1, whole.length - 1]) {
        truncateSync(path, length);
        expect(await answers(repo, id.toString())).toEqual(right);
        expect(readFileSync(path).equals(whole)).toBe(true);
      }
      writeFileSync(path, Buffer.concat([whole, Buffer.of(0)]));
      expect(await answers(repo, id.toString())).toEqual(right);
      expect(await state(repo)).toMatchObject({ leftovers: [], problems: [] });
    },
  );

  test.each(CASES)(
    'of %s: with any byte flipped nothing wrong is answered',
    { timeout: 120_000 },
    async (_, files, choice) => {
      const { repo } = await withData(files);
      const { id } = await record(repo, choice);
      const path = indexPath(repo, id);
      const whole = readFileSync(path);
      const right = await answers(repo, id.toString());
      let refused = 0;
      for (const [i, byte] of whole.entries()) {
        const flipped = Buffer.from(whole);
        flipped[i] = byte ^ (1 << (i % 8));
        writeFileSync(path, flipped);
        try {
          expect(await answers(repo, id.toString())).toEqual(right);
        } catch (error) {
          if (!isDvsError(error, 'E_DAMAGED')) throw error;
          expect(error.hint).toContain('Remove that file');
          refused++;
        }
      }
      rmSync(path);
      expect(await answers(repo, id.toString())).toEqual(right);
      // What fails is what the records cover; a damaged end or tail makes a new index.
      expect(refused).toBeLessThan(whole.length);
    },
  );

  test('that of other samples in its place is not taken for it', async () => {
    const { repo } = await withData({ 'a.txt': 'one\ntwo\n', 'b.txt': 'three\n\nfour\n' });
    const a = await record(repo, { patterns: ['a.txt'] });
    const b = await record(repo, { patterns: ['b.txt'] });
    writeFileSync(indexPath(repo, a.id), readFileSync(indexPath(repo, b.id)));
    expect((await keys(repo, a.id.toString())).length).toBe(2);
    expect(await printed(repo, a.id.toString(), 1)).toBe('two\n');
  });

  test('what it is made in is in no way when that fails', async () => {
    const { repo, root } = await withData({ 'a.csv': table(4) });
    const { id } = await record(repo);
    rmSync(join(root, '.dvs', 'samples'), { recursive: true });
    writeFileSync(join(root, '.dvs', 'samples'), 'no folder');
    expect(isDvsError(await failure(() => numbers(repo, id.toString())))).toBe(true);
    rmSync(join(root, '.dvs', 'samples'));
    expect(await numbers(repo, id.toString())).toEqual([0, 1, 2, 3]);
    expect(existsSync(indexPath(repo, id))).toBe(true);
  });
});

/** Counts the chunks and whole contents that are read from now on. */
function contentReads({ store }: Repository): () => number {
  const { calls } = vi.spyOn(store.objects, 'read').mock;
  return () => calls.filter(([{ kind }]) => kind === EntryKind.chunk || kind === EntryKind.content).length;
}

describe('a sample is found without reading others', () => {
  const ROWS = 20_000;
  const text = (i: number): string => noise(120, i).toString('base64url');
  test.each<[string, Files, string]>([
    [
      'csv',
      { 'a.csv': `id,text\n${Array.from({ length: ROWS }, (_, i) => `${i},${text(i)}\n`).join('')}` },
      `17000,${text(17000)}\n`,
    ],
    [
      'jsonl',
      { 'a.jsonl': Array.from({ length: ROWS }, (_, i) => `{"id":${i},"text":"${text(i)}"}\n`).join('') },
      `{"id":17000,"text":"${text(17000)}"}\n`,
    ],
    [
      'lines',
      { 'a.txt': Array.from({ length: ROWS }, (_, i) => `${i} ${text(i)}\n`).join('') },
      `17000 ${text(17000)}\n`,
    ],
  ])(
    '%s: two of some fifty chunks: that of the row, and that of the header',
    async (reader, files, expected) => {
      const { repo } = await withData(files);
      const { id, samples } = await record(repo);
      expect([samples.reader.name, samples.count]).toEqual([reader, ROWS]);
      const opened = await reopened(repo);
      try {
        const reads = contentReads(opened);
        await numbers(opened, id.toString());
        const before = reads();
        expect(before).toBeGreaterThan(20);
        expect(await printed(opened, id.toString(), 17_000)).toBe(expected);
        // A row may lie across two chunks; what names the columns is in the first.
        expect(reads() - before).toBeLessThanOrEqual(3);
      } finally {
        await opened.close();
      }
    },
  );

  test('whole files: the one content', async () => {
    const files = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`${i}.bin`, noise(5000, i)]));
    const { repo } = await withData(files);
    const { id } = await record(repo);
    const opened = await reopened(repo);
    try {
      const reads = contentReads(opened);
      await printed(opened, id.toString(), '77.bin');
      expect(reads()).toBe(1);
    } finally {
      await opened.close();
    }
  });
});

describe('a name keeps to what it means', () => {
  test('also where a tracked path would be a part of it', async () => {
    const { repo, root } = await openRepository();
    write(root, { 'data/a.csv': table(20), 's/train/x': 'one', 'k/train/x': 'two' });
    await addPath(repo, 'data');
    const parts = [
      { name: 'train', weight: 1 },
      { name: 'test', weight: 1 },
    ];
    await split(repo, { reference: 'data', parts, seed: '1', name: 's' });
    expect(await codeOf(() => addPath(repo, 's/train'))).toBe('E_EXISTS');
    await addPath(repo, 'k/train');
    expect(await codeOf(() => split(repo, { reference: 'data', parts, seed: '1', name: 'k' }))).toBe(
      'E_EXISTS',
    );
  });

  test('when two give it at once', async () => {
    const { repo, root } = await openRepository();
    write(root, { 'data/a.csv': table(20), other: 'one' });
    await addPath(repo, 'data');
    for (let i = 0; i < 5; i++) {
      const name = `race${i}`;
      const second = await Repository.open(root, { who: 'other', clock: Date.now, workers: 1 });
      onTestFinished(() => second.close());
      write(root, { other: `${i}` });
      const ended = await Promise.allSettled([
        addPath(repo, 'other', name),
        recordSamples(second, { reference: 'data', name }),
      ]);
      const failed = ended.filter(({ status }) => status === 'rejected');
      expect(failed).toHaveLength(1);
      expect(failed).toMatchObject([{ reason: { code: 'E_EXISTS' } }]);
    }
  });
});
