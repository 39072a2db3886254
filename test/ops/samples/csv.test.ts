import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MiB } from '#src/base/limits.js';
import { byteText } from '#src/formats/byte-text.js';
import { cellsOf } from '#src/formats/csv-cells.js';
import type { ReaderOptions } from '#src/ops/samples/reader.js';
import { csv } from '#src/ops/samples/readers/csv.js';
import { codeOf, failure } from '../../support/errors.js';
import { count, extracted, fixture, memoryFile, openText, samplesOf, scanAll } from './text-support.js';

const MARK = '\ufeff';
const BARE = { header: false } as const;

async function rowsOf(bytes: string | Uint8Array, asked: ReaderOptions = {}): Promise<string[]> {
  return (await samplesOf(csv, { path: 'a.csv', bytes }, asked)).map(({ text }) => text);
}

async function columnsOf(bytes: string | Uint8Array, asked: ReaderOptions = {}, path = 'a.csv') {
  return (await openText(csv, memoryFile({ path, bytes }), asked)).columns;
}

/** The message of E_DATA that reading columns fails with. */
async function complaint(
  bytes: string,
  columns: readonly string[],
  { piece, ...asked }: ReaderOptions & { readonly piece?: number } = {},
): Promise<string> {
  const { code, message } = await failure(() =>
    samplesOf(csv, { path: 'd.csv', bytes, piece }, { columns, ...asked }),
  );
  expect(code).toBe('E_DATA');
  return message;
}

describe('rows of CSV', () => {
  test.each<[string, readonly string[]]>([
    ['', []],
    ['a', ['a']],
    ['\n\r\n\n', []],
    ['a,b\r\n\r\n1,2', ['a,b', '1,2']],
    ['"a\nb",c\n', ['"a\nb",c']],
    ['"a\r\nb"\r\n', ['"a\r\nb"']],
    ['"a""\n""b"\nc', ['"a""\n""b"', 'c']],
    ['""\n"",""\n', ['""', '"",""']],
    ['""""\n"\n"', ['""""', '"\n"']],
    ['a"b\nc","\n"\n', ['a"b', 'c","\n"']],
    ['"a"b"\nc\n', ['"a"b"', 'c']],
    ['x,"\n\n",y\n', ['x,"\n\n",y']],
    [`${MARK}"a\nb"\n`, ['"a\nb"']],
    ['a\0,b\n', ['a\0,b']],
  ])('of %j are %j, in pieces of any size', async (text, expected) => {
    for (let piece = 1; piece <= text.length + 1; piece++) {
      const samples = await samplesOf(
        csv,
        { path: 'a.csv', bytes: text, piece },
        { delimiter: ',', ...BARE },
      );
      expect(samples.map((sample) => sample.text)).toEqual(expected);
    }
  });

  test('are the samples but for the first, which is the header', async () => {
    expect(await rowsOf('id,x\n1,2\n')).toEqual(['1,2']);
    expect(await rowsOf('\n"id\n",x\n1,2\n')).toEqual(['1,2']);
    expect(await rowsOf('1,2\n3,4\n')).toEqual(['3,4']);
    expect(await rowsOf('id,x\n')).toEqual([]);
    expect(await rowsOf('')).toEqual([]);
  });

  test('of a table are what was written, whatever it was and however it comes', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', '\t', ' ', 'ü', '🙂', '') });
    const table = fc
      .integer({ min: 1, max: 4 })
      .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1 }));
    const style = fc.record({
      delimiter: fc.constantFrom(',', '\t', 'a'),
      ending: fc.constantFrom('\n', '\r\n'),
      hasLastEnding: fc.boolean(),
      hasMark: fc.boolean(),
      quotesAll: fc.boolean(),
      piece: fc.integer({ min: 1, max: 30 }),
    });
    await fc.assert(
      fc.asyncProperty(table, style, async (rows, { delimiter, ending, hasLastEnding, hasMark, ...how }) => {
        const written = (text: string): string =>
          how.quotesAll || text === '' || ['"', '\n', '\r', delimiter].some((each) => text.includes(each))
            ? `"${text.replaceAll('"', '""')}"`
            : text;
        const lines = rows.map((row) => row.map(written).join(delimiter));
        const bytes = (hasMark ? MARK : '') + lines.join(ending) + (hasLastEnding ? ending : '');
        const columns = rows[0]?.map((_, i) => String(i + 1)) ?? [];
        const samples = await samplesOf(
          csv,
          { path: 'a.csv', bytes, piece: how.piece },
          { delimiter, header: false, columns },
        );
        expect(samples.map(({ fields }) => fields)).toEqual(rows);
        expect(samples.map(({ text }) => Buffer.from(text, 'latin1').toString())).toEqual(lines);
        expect(
          samples.map(({ place: { at, length } }) => Buffer.from(bytes).toString('utf8', at, at + length)),
        ).toEqual(lines);
      }),
    );
  });

  const python = spawnSync('python3', ['--version']).status === 0;
  test.skipIf(!python)('are those of Python’s csv module (skipped where there is no python3)', async () => {
    // A carriage return alone ends a row for Python, but not for RFC 4180.
    const text = fc.array(fc.constantFrom('a', '"', '""', ',', '\n', '\r\n', ',"', '",', '"\n', 'é'), {
      maxLength: 25,
    });
    const files = fc.sample(text, { seed: 7, numRuns: 2000 }).map((parts) => parts.join(''));
    const program = `
import csv, io, json, sys
files = json.load(sys.stdin)
json.dump([[row for row in csv.reader(io.StringIO(text, newline="")) if row] for text in files], sys.stdout)`;
    const { stdout } = spawnSync('python3', ['-c', program], {
      input: JSON.stringify(files),
      encoding: 'utf8',
    });
    const expected: unknown[] = JSON.parse(stdout);
    let compared = 0;
    for (const [i, file] of files.entries()) {
      // It takes quoted cells that do not end as they are.
      const rows = await rowsOf(file, { delimiter: ',', ...BARE }).catch((error: Error) => {
        expect(error.message).toContain('the quoted cell that begins in it does not end');
      });
      if (rows === undefined) continue;
      expect(rows.map((row) => cellsOf(row, ','))).toEqual(expected[i]);
      compared++;
    }
    expect(compared).toBeGreaterThan(900);
  });

  test('of pandas have the cells that went into them', async () => {
    const columns = ['id', 'text', 'größe', 'label'];
    const of = (name: string) => samplesOf(csv, { path: name, bytes: fixture(name), piece: 50 }, { columns });
    const rows = await of('pandas.csv');
    expect(rows).toHaveLength(200);
    expect(rows[3]?.fields).toEqual(['r003', 'dos\r\nlines', '0.30000000000000004', 'cat']);
    expect(rows[12]?.fields).toEqual(['r012', ', space ', '1.2000000000000002', 'cat']);
    expect((await of('pandas-excel.csv')).map(({ fields }) => fields)).toEqual(
      rows.map(({ fields }) => fields),
    );
  });

  test('of iris.csv are 150; its header says so, and names no columns', async () => {
    const source = await openText(csv, memoryFile({ path: 'iris.csv', bytes: fixture('iris.csv') }));
    expect(source.columns).toEqual(['150', '4', 'setosa', 'versicolor', 'virginica']);
    const samples = await scanAll(source, ['virginica']);
    expect(samples).toHaveLength(150);
    expect(samples.at(-1)).toEqual({
      text: '5.9,3.0,5.1,1.8,2',
      place: { at: 2716, length: 17 },
      fields: ['2'],
    });
  });
});

describe('the options of csv', () => {
  test.each([
    [{}, 'a.csv', 'a,b\n1;2\n', { delimiter: ',', header: true }],
    [{}, 'a.csv', 'a;b;c,d\n', { delimiter: ';', header: true }],
    [{}, 'a.csv', `${MARK}\n\na|b\n`, { delimiter: '|', header: true }],
    [{}, 'a.csv', '', { delimiter: ',', header: true }],
    [{}, 'a.tsv', 'a,b,c\n', { delimiter: '\t', header: true }],
    [{ header: false }, 'a.csv', '1,2\n', { delimiter: ',', header: false }],
    [{ delimiter: ':' }, 'a.tsv', 'a,b\n', { delimiter: ':', header: true }],
  ])('%j for %s with %j are %j', async (asked, path, bytes, expected) => {
    expect(await csv.settle(asked, { files: [memoryFile({ path, bytes })] })).toEqual(expected);
  });

  test.each(['', ',,', '"', '\n', '\r', 'ü'])('%j is no delimiter', async (delimiter) => {
    const source = { files: [memoryFile({ path: 'a.csv', bytes: '' })] };
    expect(await codeOf(() => csv.settle({ delimiter }, source))).toBe('E_USAGE');
    expect(await codeOf(() => csv.open(source, { delimiter, header: true }))).toBe('E_ENCODING');
  });

  test.each([
    {},
    { delimiter: ',' },
    { delimiter: ',', header: 1 },
    { delimiter: ',', header: true, quote: '' },
  ])('%j are not complete', async (options) => {
    const source = { files: [memoryFile({ path: 'a.csv', bytes: '' })] };
    expect(await codeOf(() => csv.open(source, options))).toBe('E_ENCODING');
  });

  test('concern files that end with .csv or .tsv', () => {
    expect(['a.csv', 'b.TSV', 'c.txt', 'csv'].filter(csv.claims)).toEqual(['a.csv', 'b.TSV']);
  });
});

describe('columns of CSV', () => {
  test('are named by the header, or else by their numbers', async () => {
    expect(await columnsOf(`${MARK}"a ""b""",größe\n1,2\n`)).toEqual(['a "b"', 'größe']);
    expect(await columnsOf('x,y,z\n', BARE)).toEqual(['1', '2', '3']);
    expect(await columnsOf('')).toEqual([]);
  });

  test('are given as text in the order in which they are wanted', async () => {
    const bytes = 'a,b,c\n1,"x ""y""",\n2,ü,"""\n"""\n';
    const samples = await samplesOf(csv, { path: 'a.csv', bytes }, { columns: ['c', 'b', 'c'] });
    expect(samples.map(({ fields }) => fields)).toEqual([
      ['', 'x "y"', ''],
      ['"\n"', 'ü', '"\n"'],
    ]);
  });

  test('that are missing are told, but for a file without any row', async () => {
    const { message, hint } = await failure(() =>
      samplesOf(csv, { path: 'd.csv', bytes: 'a,b\n1,2\n' }, { columns: ['id'] }),
    );
    expect([message, hint]).toEqual(['d.csv: has no column "id"', 'It has "a", "b".']);
    expect(await samplesOf(csv, { path: 'd.csv', bytes: '\n' }, { columns: ['id'] })).toEqual([]);
  });

  test('of the same name are told when they are wanted', async () => {
    expect(await complaint('a,b,a\n1,2,3\n', ['a'])).toBe('d.csv: has more than one column "a"');
    expect(await samplesOf(csv, { path: 'd.csv', bytes: 'a,b,a\n1,2,3\n' }, { columns: ['b'] })).toHaveLength(
      1,
    );
  });

  test.each([
    ['a,b\n1,2\n\n1\n', {}, 'd.csv, row 2: the header has 2 cells, but it has only 1'],
    ['a,b\n1,2,3\n', {}, 'd.csv, row 1: the header has 2 cells, but it has more'],
    ['1,2\n3,4\n5\n', BARE, 'd.csv, row 3: row 1 has 2 cells, but it has only 1'],
  ])('of %j are not in all rows', async (bytes, asked, expected) => {
    for (const piece of [3, 100]) {
      const columns = (await columnsOf(bytes, asked))?.slice(0, 1) ?? [];
      expect(await complaint(bytes, columns, { ...asked, piece })).toBe(expected);
    }
  });

  test('are a million at most', async () => {
    expect(await columnsOf(','.repeat(2 ** 20 - 1))).toHaveLength(2 ** 20);
    const { message } = await failure(() => columnsOf(','.repeat(2 ** 20)));
    expect(message).toBe('a.csv: has more than 1048576 columns');
  });
});

describe('what is no CSV', () => {
  test.each([
    [
      'a quoted cell that does not end',
      'a,b\n1,2\n3,"4\n5,6\n',
      'row 2: the quoted cell that begins in it does not end',
    ],
    ['nor do doubled quotes', 'a,b\n1,"2""', 'row 1: the quoted cell that begins in it does not end'],
    ['a quote at the end', 'a,b\n1,"', 'row 1: the quoted cell that begins in it does not end'],
    ['a header that does not end', '"a,b\n1,2\n', 'header: the quoted cell that begins in it does not end'],
    ['a row that is no UTF-8', 'a,b\n1,2\n\n\xff,4\n', 'row 2: is no UTF-8'],
    ['a header that is no UTF-8', 'a,\xe9\n', 'header: is no UTF-8'],
  ])('%s is told with its row', async (_, text, expected) => {
    for (const piece of [1, 4, 100]) {
      const file = memoryFile({ path: 'd.csv', bytes: Buffer.from(text, 'latin1'), piece });
      const { code, message } = await failure(async () =>
        count(await csv.open({ files: [file] }, { delimiter: ',', header: true })),
      );
      expect([code, message]).toEqual(['E_DATA', `d.csv, ${expected}`]);
    }
  });

  test('a quote that opens what 16 MiB do not end is told, and not kept in memory', async () => {
    const bytes = Buffer.concat([Buffer.from('a\n1\n"'), Buffer.alloc(40 * MiB, 'x\n')]);
    const source = await openText(csv, memoryFile({ path: 'd.csv', bytes, piece: 65_536 }));
    expect((await failure(() => count(source))).message).toBe(
      'd.csv, row 2: is longer than 16 MiB (a quoted cell in it may lack its end)',
    );
  });
});

describe('a file of chosen rows', () => {
  const of = async (bytes: string, asked: ReaderOptions = {}): Promise<string> => {
    const source = await openText(csv, memoryFile({ path: 'a.csv', bytes, piece: 5 }), asked);
    const places = (await scanAll(source)).map(({ place }) => place);
    return (await extracted(source, places.slice(1))).toString();
  };

  test('begins with the header, and has them as they are written', async () => {
    expect(await of('"id" ,x\n1,2\n\n3,"4\r\n5"\n6,"7"')).toBe('"id" ,x\n3,"4\r\n5"\n6,"7"\n');
    expect(await of(`${MARK}"i\nd",x\r\n1,2\n3,4\n`)).toBe(`${MARK}"i\nd",x\r\n3,4\r\n`);
    expect(await of('id\n')).toBe('id\n');
    expect(await of('')).toBe('');
  });

  test('has no header where there is none', async () => {
    expect(await of('1,2\r\n3,4', BARE)).toBe('3,4\r\n');
  });

  test('prints as it is written', async () => {
    const source = await openText(csv, memoryFile({ path: 'a.csv', bytes: 'id,x\r\n"1","a\nb"\r\n' }));
    const [sample] = await scanAll(source);
    expect(byteText(await source.print(sample?.place ?? { at: 0, length: 0 }))).toBe('"1","a\nb"\n');
  });
});
