import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseRun } from '#src/entities/run.js';
import { findLeaks, type LeaksOptions, type LeaksReport } from '#src/flows/leaks.js';
import { readBytes } from '#src/flows/read.js';
import type { Repository } from '#src/flows/repository.js';
import { recordSamples } from '#src/flows/samples.js';
import { show } from '#src/flows/show.js';
import { type SplitOptions, split } from '#src/flows/split.js';
import { decode } from '#src/id/codec.js';
import { failure } from '../support/errors.js';
import { addPath, type Files, openRepository, problems, write } from '../support/repository.js';
import { state } from '../support/samples.js';

/** Rows of `part,id,text,patient` in one file, divided by their first column. */
function rows(...lines: readonly string[]): Files {
  return { 'a.csv': `part,id,text,patient\n${lines.map((line) => `${line}\n`).join('')}` };
}

const CLEAN = ['train,1,a dog,p1', 'train,2,a cat,p2', 'test,3,a cow,p3', 'val,4,a pig,p4'];

async function withSplit(
  files: Files,
  options: Partial<SplitOptions> = {},
): Promise<{ repo: Repository; root: string }> {
  const { repo, root } = await openRepository();
  write(join(root, 'data'), files);
  await addPath(repo, 'data');
  const by = options.method === undefined ? { method: 'from-column', column: 'part' } : {};
  await split(repo, { reference: 'data', name: 's', ...by, ...options });
  return { repo, root };
}

function look(repo: Repository, options: Partial<LeaksOptions> = {}): Promise<LeaksReport> {
  return findLeaks(repo, { reference: 's', ignore: ['part'], dryRun: true, ...options });
}

/** `check a b: things, samples of each`, with the keys or numbers of the examples. */
function brief({ leaks }: LeaksReport): string[] {
  return leaks.map(({ check, a, b, things, samplesOfA, samplesOfB, examples }) => {
    const ordered = examples.toSorted((x, y) => x.a.number - y.a.number);
    const pairs = ordered.map((pair) => `${pair.a.number}-${pair.b.number}`).join(' ');
    return `${check} ${a} ${b}: ${things} in ${samplesOfA} and ${samplesOfB}: ${pairs}`;
  });
}

describe('a split of rows', () => {
  test('without leaks has none', async () => {
    const { repo } = await withSplit(rows(...CLEAN), { key: 'id', group: 'patient' });
    const report = await look(repo);
    expect(brief(report)).toEqual([]);
    expect(report).toMatchObject({
      parts: ['s/test', 's/train', 's/val'],
      skipped: [],
      ignored: ['id', 'part'],
    });
    expect(report.checks.map(({ name }) => name)).toEqual(['content', 'normalised', 'group']);
  });

  /** What is the same but for case and spaces as well is told once. */
  test('leaks the same row but for columns that do not count', async () => {
    const { repo } = await withSplit(rows(...CLEAN, 'test,5,a dog,p1', 'test,6,a dog,p1', 'val,7,a cow,p3'), {
      key: 'id',
    });
    expect(brief(await look(repo))).toEqual([
      'content s/test s/train: 1 in 2 and 1: 4-0',
      'content s/test s/val: 1 in 1 and 1: 2-6',
    ]);
    // Every row has its own part and key.
    expect(brief(await look(repo, { ignore: [] }))).toEqual([]);
    // With no column left rows are not all the same, nor is that none leaks a thing that was looked at.
    const error = await failure(() => look(repo, { ignore: ['part', 'patient', 'text'] }));
    expect([error.code, error.message]).toEqual(['E_USAGE', expect.stringContaining('anything that counts')]);
  });

  test('leaks the same text but for case, spaces and how Unicode writes it', async () => {
    const odd = ['test,5,  A   Dog ,p1', 'test,6,a\u00a0ca\uff54,p2', 'val,7,a dogs,p1', 'val,8,adog,p1'];
    const { repo } = await withSplit(rows(...CLEAN, ...odd), { key: 'id' });
    expect(brief(await look(repo))).toEqual(['normalised s/test s/train: 2 in 2 and 2: 4-0 5-1']);
    expect(brief(await look(repo, { checks: ['content'] }))).toEqual([]);
    const german = await withSplit(rows('train,1,Straße,p1', 'test,2,STRASSE,p1', 'val,3,Strase,p1'), {
      key: 'id',
    });
    expect(brief(await look(german.repo))).toEqual(['normalised s/test s/train: 1 in 1 and 1: 1-0']);
  });

  test('cells are not run together', async () => {
    const { repo } = await withSplit(
      rows('train,1,a,bc', 'test,2,ab,c', 'test,3,"a"",""bc",', 'val,4,,abc'),
      { key: 'id' },
    );
    expect(brief(await look(repo))).toEqual([]);
  });

  test('leaks a group, and no sample that has none', async () => {
    const { repo } = await withSplit(rows(...CLEAN, 'test,5,a hen,p1', 'val,6,a fox,', 'train,7,a bat,'), {
      key: 'id',
      group: 'patient',
    });
    expect(brief(await look(repo))).toEqual(['group s/test s/train: 1 in 1 and 1: 4-0']);
    const [leak] = (await look(repo)).leaks;
    expect(leak?.examples[0]).toEqual({
      a: { number: 4, path: 'a.csv', key: '5' },
      b: { number: 0, path: 'a.csv', key: '1' },
    });
  });

  test('twice in one part is no leak', async () => {
    const { repo } = await withSplit(rows(...CLEAN, 'train,5,a dog,p1'), { key: 'id', group: 'patient' });
    expect(brief(await look(repo))).toEqual([]);
  });

  test('of JSON, whatever the order of the fields', async () => {
    const json = [
      '{"part":"train","a":1,"b":"x"}',
      '{"b":"x","part":"test","a":1}',
      '{"part":"test","a":1,"b":"y"}',
      '{"part":"train","a":"b","x":1}',
    ];
    const { repo } = await withSplit({ 'a.jsonl': json.map((line) => `${line}\n`).join('') });
    expect(brief(await look(repo))).toEqual(['content s/test s/train: 1 in 1 and 1: 1-0']);
  });

  test('of JSON, however a value is written', async () => {
    const pairs = [
      ['{"a":"W\\u00f6rld"}', '{"a":"Wörld"}'],
      ['{"a":{"x":1,"y":[1, 2]}}', '{"a":{"y":[1,2],"x":1}}'],
      ['{"a":1,"a":2}', '{"a":2}'],
      ['[1, "x"]', '[1,"x"]'],
    ];
    const others = [
      ['{"a":"1"}', '{"a":1}'],
      ['{"a":["b","c"]}', '{"a":"b","b":"c"}'],
      ['{"a":[[],1]}', '{"a":[[1]]}'],
      ['{"a":{"}":1}}', '{"a":[{},1]}'],
      ['{"a":null}', '{}'],
      ['12345678901234567890', '12345678901234567891'],
    ];
    const files = (list: string[][]): Files =>
      Object.fromEntries(
        ['train', 'test'].map((part, k) => [`${part}/a.jsonl`, list.map((pair) => `${pair[k]}\n`).join('')]),
      );
    const byFolder = { method: 'from-column', column: 'parent' };
    const { repo } = await withSplit(files(pairs), byFolder);
    expect(brief(await look(repo, { ignore: [] }))).toEqual([
      'normalised s/test s/train: 4 in 4 and 4: 0-4 1-5 2-6 3-7',
    ]);
    const { repo: other } = await withSplit(files(others), byFolder);
    expect(brief(await look(other, { ignore: [] }))).toEqual([]);
  });

  test('of JSON, the same text but for case and spaces, deep in it as well', async () => {
    const { repo } = await withSplit(
      {
        'train/a.jsonl': '{"id":1,"a":["Hello"," you  there"]}\n',
        'test/a.jsonl': '{"id":2,"a":["hello ","YOU\\nthere"]}\n',
      },
      { method: 'from-column', column: 'parent', key: 'id' },
    );
    expect(brief(await look(repo, { ignore: [] }))).toEqual(['normalised s/test s/train: 1 in 1 and 1: 0-1']);
  });

  test('of lines, which are their own keys', async () => {
    const { repo } = await withSplit(
      { 'train/a.txt': 'one\ntwo\n', 'test/a.txt': 'three\none\nTwo \n' },
      { method: 'from-column', column: 'parent' },
    );
    expect(brief(await look(repo, { ignore: [] }))).toEqual([
      'content s/test s/train: 1 in 1 and 1: 1-3',
      'normalised s/test s/train: 2 in 2 and 2: 1-3 2-4',
    ]);
  });
});

describe('folds', () => {
  test('are held against one another, and not against their complements', async () => {
    const { repo } = await withSplit(
      {
        'a.csv': `id,text,again\n${Array.from({ length: 40 }, (_, i) => `${i},t${i % 20},${i % 20}\n`).join('')}`,
      },
      { method: 'k-fold', folds: 4, seed: '1', key: 'id' },
    );
    const report = await look(repo, { checks: ['content'], ignore: [] });
    expect(report.parts).toEqual([0, 1, 2, 3].map((fold) => `s/fold-${fold}/test`));
    const things = report.leaks.reduce((sum, leak) => sum + leak.things, 0);
    expect(things).toBeGreaterThan(0);
    // Rows alike fall into one fold when they themselves are the keys.
    await split(repo, {
      reference: 'data',
      method: 'k-fold',
      folds: 4,
      seed: '1',
      key: 'text',
      name: 'by-text',
    });
    expect((await findLeaks(repo, { reference: 'by-text', ignore: ['id'], dryRun: true })).leaks).toEqual([]);
  });
});

describe('whole files', () => {
  const FILES: Files = {
    'train/1.png': 'one',
    'train/2.png': 'two',
    'test/3.png': 'three',
    'test/4.png': 'one',
    'test/5.png': 'One',
  };

  test('leak by content', async () => {
    const { repo } = await withSplit(FILES, { method: 'from-column', column: 'parent' });
    const report = await look(repo, { ignore: [] });
    expect(brief(report)).toEqual(['content s/test s/train: 1 in 1 and 1: 1-3']);
    expect(report.skipped.map(({ name }) => name)).toEqual(['normalised', 'group']);
    expect(report.leaks[0]?.examples[0]?.a).toEqual({ number: 1, path: 'test/4.png', key: 'test/4.png' });
  });

  test('against another dataset, which is read alike', async () => {
    const { repo, root } = await withSplit(FILES, { method: 'from-column', column: 'parent' });
    write(join(root, 'other'), { 'x.png': 'two', 'y.png': 'three', 'z.png': 'new', 'w.png': 'two' });
    await addPath(repo, 'other');
    const { seq } = repo.store.head;
    expect(brief(await look(repo, { reference: 's/train', against: ['other'], ignore: [] }))).toEqual([
      'content s/train other: 1 in 1 and 2: 4-0',
    ]);
    expect(brief(await look(repo, { against: ['other'], checks: ['content'], ignore: [] }))).toEqual([
      'content s/test s/train: 1 in 1 and 1: 1-3',
      'content s/test other: 1 in 1 and 1: 0-2',
      'content s/train other: 1 in 1 and 2: 4-0',
    ]);
    expect(repo.store.head.seq).toBe(seq);
    expect(await problems(repo)).toEqual([]);
  });
});

describe('against others', () => {
  const OTHER = {
    'b.csv': 'part,id,text,patient\ntrain,91,a cow,p3\ntrain,92,A COW,p3\ntest,93,an elk,p2\n',
  };

  async function withOther(files: Files = OTHER): Promise<Repository> {
    const { repo, root } = await withSplit(rows(...CLEAN), { key: 'id', group: 'patient' });
    write(join(root, 'other'), files);
    await addPath(repo, 'other');
    return repo;
  }

  test('a dataset', async () => {
    const repo = await withOther();
    expect(brief(await look(repo, { against: ['other'] }))).toEqual([
      'content s/test other: 1 in 1 and 1: 2-0',
      'normalised s/test other: 1 in 1 and 2: 2-0',
      'group s/test other: 1 in 1 and 2: 2-0',
      'group s/train other: 1 in 1 and 1: 1-2',
    ]);
  });

  test('a dataset with another delimiter, and one without groups, of which that is told', async () => {
    const repo = await withOther({ 'b.tsv': 'part\tid\ttext\ntrain\t91\ta cow\n' });
    await recordSamples(repo, { reference: 'other', name: 'tabs' });
    const report = await look(repo, { against: ['tabs'], ignore: ['part', 'patient'] });
    expect(brief(report)).toEqual(['content s/test tabs: 1 in 1 and 1: 2-0']);
    expect(report.skipped).toEqual([{ name: 'group', why: expect.stringContaining('tabs has no groups') }]);
    const checks = ['content', 'normalised'];
    const own = await look(repo, { against: ['other'], ignore: ['part', 'patient'], checks });
    expect(brief(own)).toEqual(['content s/test other: 1 in 1 and 1: 2-0']);
    const alone = { reference: 's/test', against: ['tabs'], ignore: [], checks: ['group'] };
    const error = await failure(() => look(repo, alone));
    expect([error.code, error.message]).toEqual(['E_USAGE', expect.stringContaining('tabs has no groups')]);
  });

  test('itself, or the same twice, is refused: all of it would leak', async () => {
    const repo = await withOther();
    for (const against of [['s/test'], ['s'], ['other', 'other']])
      expect((await failure(() => look(repo, { reference: 's/test', against }))).code).toBe('E_USAGE');
  });

  test('another split, whose parts are not held against each other', async () => {
    const repo = await withOther();
    await split(repo, {
      reference: 'other',
      method: 'from-column',
      column: 'part',
      key: 'id',
      group: 'patient',
      name: 't',
    });
    expect(brief(await look(repo, { reference: 's/test', against: ['t'] }))).toEqual([
      'content s/test t/train: 1 in 1 and 1: 2-0',
      'normalised s/test t/train: 1 in 1 and 2: 2-0',
      'group s/test t/train: 1 in 1 and 2: 2-0',
    ]);
    expect(brief(await look(repo, { against: ['t/test'] }))).toEqual([
      'group s/train t/test: 1 in 1 and 1: 1-2',
    ]);
    expect(brief(await look(repo, { reference: 't/test', against: ['s/test', 's/val'] }))).toEqual([]);
  });

  test('a table whose columns come in another order', async () => {
    const repo = await withOther({ 'b.csv': 'patient,url,text,id,part\np3,x,a cow,91,train\n' });
    expect(brief(await look(repo, { against: ['other'], checks: ['content', 'normalised'] }))).toEqual([
      'content s/test other: 1 in 1 and 1: 2-0',
    ]);
  });

  test('a table that lacks a column that counts', async () => {
    const repo = await withOther({ 'b.csv': 'part,id,text\ntrain,91,a cow\n' });
    const grouped = await failure(() => look(repo, { against: ['other'] }));
    expect([grouped.code, grouped.message]).toEqual(['E_DATA', expect.stringMatching(/b\.csv.*"patient"/)]);
    const checks = ['content', 'normalised'];
    const error = await failure(() => look(repo, { against: ['other'], checks }));
    expect([error.code, error.message]).toEqual(['E_USAGE', 'other has no column patient']);
    expect(error.hint).toContain('--ignore patient');
    expect(
      brief(await look(repo, { against: ['other'], ignore: ['part', 'patient'], checks: ['content'] })),
    ).toEqual(['content s/test other: 1 in 1 and 1: 2-0']);
  });

  test('what is read otherwise is refused rather than said to have no leaks', async () => {
    const repo = await withOther({ 'b.txt': 'a cow\n' });
    await recordSamples(repo, { reference: 'other', name: 'lines' });
    for (const against of ['lines', 'other']) {
      const { code, message } = await failure(() => look(repo, { against: [against] }));
      expect([code, message]).toEqual(['E_USAGE', expect.stringContaining('read as lines, and this as csv')]);
    }
    expect((await look(repo, { against: ['lines'], checks: ['group'] })).leaks).toEqual([]);
  });
});

describe('what was found is recorded', () => {
  test('as a run from the split to the report', async () => {
    const { repo, root } = await withSplit(rows(...CLEAN, 'test,5,a dog,p1'), { key: 'id' });
    write(join(root, 'other'), rows('train,9,a pig,p4'));
    await addPath(repo, 'other');
    const found = await look(repo, { against: ['other'], dryRun: false, message: 'audit' });
    const report = found.report?.toString() ?? '';
    const stored: unknown = JSON.parse(Buffer.from(await readBytes(repo, report)).toString('utf8'));
    const shownSplit = await show(repo, 's');
    const other = await show(repo, 'other');
    expect(stored).toMatchObject({
      report: 'leaks',
      version: 1,
      id: found.id.toString(),
      parts: ['s/test', 's/train', 's/val', 'other'],
      ignored: ['id', 'part'],
      against: [other.id.toString()],
      leaks: found.leaks.map(({ check, a, b, things }) => ({ check, a, b, things })),
    });
    expect(found.id).toEqual(shownSplit.id);
    const { madeBy } = await show(repo, report);
    expect(madeBy.length).toBe(1);
    const [by] = madeBy;
    const run = by && parseRun(decode(await repo.store.objects.get(by)));
    expect(run).toMatchObject({
      op: 'leaks',
      message: 'audit',
      inputs: { split: found.id, 'against-1': other.id },
      outputs: { report: found.report },
    });
    expect(shownSplit.usedBy.map(String)).toContain(String(by));
    expect(await problems(repo)).toEqual([]);
  });

  test('also when there is nothing; not with a dry run', async () => {
    const { repo } = await withSplit(rows(...CLEAN));
    const before = await state(repo);
    expect((await look(repo)).report).toBeUndefined();
    expect(await state(repo)).toEqual(before);
    const { report, leaks } = await look(repo, { dryRun: false });
    expect(leaks).toEqual([]);
    expect((await look(repo, { dryRun: false })).report).toEqual(report);
  });

  test('in a bounded report, however many there are', async () => {
    const many = Array.from({ length: 60 }, (_, i) => `p${i},${i},${'long '.repeat(20)},p`);
    const { repo } = await withSplit(rows(...many));
    const { report, leaks } = await look(repo, { ignore: ['part', 'id'], dryRun: false });
    expect(leaks.length).toBe(1000);
    const bytes = await readBytes(repo, report?.toString() ?? '');
    expect(bytes.length).toBeLessThanOrEqual(200 * 1024);
    expect(JSON.parse(Buffer.from(bytes).toString('utf8'))).toMatchObject({ report: 'leaks' });
  });
});

describe('what cannot be looked at', () => {
  test.each<[string, Partial<LeaksOptions>, string, RegExp]>([
    ['a part alone', { reference: 's/train' }, 'E_USAGE', /one part/],
    ['a part that is not there', { reference: 's/dev' }, 'E_NOT_FOUND', /dev/],
    ['a dataset', { reference: 'data' }, 'E_USAGE', /data/],
    ['against nothing', { against: ['nothing'] }, 'E_NOT_FOUND', /nothing/],
    ['a check that there is not', { checks: ['vibes'] }, 'E_USAGE', /vibes/],
    ['groups where there are none', { checks: ['group'] }, 'E_USAGE', /no groups/],
    ['a column that is not there', { ignore: ['part', 'prat'] }, 'E_USAGE', /prat/],
  ])('%s', async (_, options, code, message) => {
    const { repo } = await withSplit(rows(...CLEAN));
    const before = await state(repo);
    const error = await failure(() => look(repo, { dryRun: false, ...options }));
    expect([error.code, error.message]).toEqual([code, expect.stringMatching(message)]);
    expect(await state(repo)).toEqual(before);
  });
});
