import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isDvsError } from '#src/base/errors.js';
import { unpackLz4 } from '#src/formats/parquet/lz4.js';
import { unpackSnappy } from '#src/formats/parquet/snappy.js';
import { looked, numbers } from '#src/formats/parquet/values.js';
import { Unreadable } from '#src/formats/unreadable.js';
import { CODECS, loadCodecs } from '#src/ops/samples/readers/parquet/codecs.js';
import { parquetReader } from '#src/ops/samples/readers/parquet.js';
import {
  CountingBytes,
  extracted,
  fileOfListPages,
  fixture,
  openBytes,
  rowsOf,
  scanAll,
} from './parquet-support.js';

interface Vectors {
  readonly files: {
    readonly [name: string]: {
      readonly count: number;
      /** SHA-256 of the bytes of all rows, one behind the other. */
      readonly all: string;
      /** SHA-256 of the first four rows. */
      readonly keys: readonly string[];
      readonly rows?: readonly string[];
    };
  };
}

const VECTORS: Vectors = JSON.parse(Buffer.from(fixture('parquet-rows.json')).toString());
const FILES = Object.keys(VECTORS.files);
const MANY = FILES.filter((name) => name.startsWith('many-'));

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const hexes = (rows: readonly Uint8Array[]): string[] => rows.map((row) => Buffer.from(row).toString('hex'));

async function columnTexts(name: string, columns: readonly string[]): Promise<(string | undefined)[][]> {
  const rows = await scanAll(await openBytes(fixture(name), name), { bytes: false, columns });
  return columns.map((_, column) => rows.map((row) => row.fields[column]));
}

describe('the bytes of rows', () => {
  test.each(FILES)('%s: as pyarrow and docs/row-bytes.md have them', async (name) => {
    const expected = VECTORS.files[name];
    const rows = await rowsOf(fixture(name));
    expect(rows.length).toBe(expected?.count);
    expect(rows.slice(0, 4).map(sha256)).toEqual(expected?.keys);
    if (expected?.rows !== undefined) expect(hexes(rows)).toEqual(expected.rows);
    expect(sha256(Buffer.concat(rows))).toBe(expected?.all);
  });

  test('every fixture has vectors', () => {
    const folder = new URL('../../../fixtures/samples/', import.meta.url);
    const names = readdirSync(folder).filter((name) => name.endsWith('.parquet'));
    expect(names.sort()).toEqual([...FILES].sort());
  });

  test('are the same whatever the row groups, codec, encodings, widths of integers and order of columns', async () => {
    const [first = [], ...others] = await Promise.all(
      MANY.map(async (name) => hexes(await rowsOf(fixture(name)))),
    );
    expect(others).toHaveLength(4);
    for (const other of others) expect(other).toEqual(first);
    expect(hexes(await rowsOf(fixture('types-v2.parquet')))).toEqual(
      hexes(await rowsOf(fixture('types.parquet'))),
    );
  });

  test('equal rows of real data have equal bytes, different ones different bytes', async () => {
    const rows = hexes(await rowsOf(fixture('iris.parquet')));
    expect(rows).toHaveLength(150);
    expect(new Set(rows).size).toBe(149); // the data set has one flower twice
  });
});

describe('places', () => {
  test('are found with the footer alone', async () => {
    const bytes = new CountingBytes(fixture('many-zstd.parquet'));
    const source = await openBytes(bytes);
    const opened = bytes.bytesRead;
    const rows = await scanAll(source, { bytes: false, columns: [] });
    expect(rows.map((row) => row.place)).toEqual(Array.from({ length: 600 }, (_, at) => ({ at, length: 0 })));
    expect(bytes.bytesRead).toBe(opened);
    expect(opened).toBeLessThan(bytes.size);
  });

  test.each(FILES)('%s: each gives the bytes that the scan gave', async (name) => {
    const source = await openBytes(fixture(name));
    const rows = await scanAll(source, { bytes: true, columns: [] });
    for (const row of rows.filter((_, i) => i % 37 < 4))
      expect(Buffer.from(await source.read(row.place)).equals(row.bytes)).toBe(true);
  });

  test('by the list of pages that a file may have', async () => {
    const source = await openBytes(fixture('many-zstd.parquet'));
    for (const { place, bytes } of await scanAll(source, { bytes: true, columns: [] }))
      expect(Buffer.from(await source.read(place)).equals(bytes)).toBe(true);
  });

  test('reading one row takes one row group', async () => {
    const bytes = new CountingBytes(fixture('many-snappy.parquet'));
    const source = await openBytes(bytes);
    const before = bytes.bytesRead;
    await source.read({ at: 599, length: 0 }); // in the last row group, of 100 rows
    expect(bytes.bytesRead - before).toBeLessThan(bytes.size / 4);
  });

  test('a row that is not there is refused', async () => {
    const source = await openBytes(fixture('many-snappy.parquet'));
    await expect(source.read({ at: 600, length: 0 })).rejects.toMatchObject({ code: 'E_DATA' });
  });
});

describe('lists that begin in one page and end in another', () => {
  const PAGES = [
    { reps: [0, 1], values: [1, 2] },
    { reps: [1, 1], values: [3, 4] },
    { reps: [1, 0, 0, 1], values: [5, 6, 7, 8] },
  ];
  const ROWS = ['{"list":[1,2,3,4,5]}\n', '{"list":[6]}\n', '{"list":[7,8]}\n'];

  test('are read whole', async () => {
    const source = await openBytes(fileOfListPages(PAGES, 3));
    const rows = await scanAll(source, { bytes: true, columns: [] });
    for (const [i, { place, bytes }] of rows.entries()) {
      expect(Buffer.from(await source.print(place)).toString()).toBe(ROWS[i]);
      expect(Buffer.from(await source.read(place)).equals(bytes)).toBe(true);
    }
    expect(rows).toHaveLength(3);
  });

  test.each([
    [2, /has more rows than its row group/],
    [4, /has fewer rows than its row group/],
  ])('are refused when the footer says %i rows', async (rows, message) => {
    await expect(rowsOf(fileOfListPages(PAGES, rows))).rejects.toThrow(message);
  });

  test('are refused when the first continues a row', async () => {
    const pages = [{ reps: [1, 0], values: [1, 2] }];
    await expect(rowsOf(fileOfListPages(pages, 1))).rejects.toMatchObject({ code: 'E_DATA' });
  });
});

describe('a footer', () => {
  const SCHEMA = Buffer.from('192c480673636865646115020015022500180161', 'hex');
  const withFooter = (...pieces: Buffer[]): Buffer => {
    const footer = Buffer.concat(pieces);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(footer.length);
    return Buffer.concat([Buffer.from('PAR1'), footer, length, Buffer.from('PAR1')]);
  };

  test.each([
    ['of zeros', withFooter(Buffer.alloc(200)), 'its Parquet footer cannot be read'],
    [
      'without the number of rows',
      withFooter(Buffer.from('1502', 'hex'), SCHEMA, Buffer.from('00290c00', 'hex')),
      'its footer lacks a number: its rows',
    ],
  ])('%s is told as such', async (_, bytes, message) => {
    await expect(rowsOf(bytes)).rejects.toThrow(message);
  });
});

describe('columns', () => {
  test('are those at the top, in their order', async () => {
    const source = await openBytes(fixture('nested.parquet'));
    expect(source.columns).toEqual(['id', 'tags', 'at', 'grid', 'seen', 'boxes']);
  });

  test.each([
    ['bool', ['true', 'false', undefined, 'true']],
    ['i8', ['-128', '127', undefined, '0']],
    ['i64', ['-9223372036854775808', '9223372036854775807', undefined, '9007199254740993']],
    ['u32', ['0', '4294967295', undefined, '5']],
    ['u64', ['0', '18446744073709551615', undefined, '6']],
    ['f16', ['1.5', '0', undefined, '5.960464477539063e-8']],
    ['f32', ['0.10000000149011612', 'Infinity', undefined, 'NaN']],
    ['f64', ['0.1', '0', undefined, '5e-324']],
    ['text', ['a', 'grün 😀', undefined, '']],
    ['bytes', ['AP8=', '', undefined, 'YWJj']],
    ['dec9', ['1.5', '-0.01', undefined, '100']],
    ['dec38', ['12345678901234567890.123456789', '-1', undefined, '0']],
    ['date', ['1969-12-31T00:00:00Z', '2024-02-29T00:00:00Z', undefined, '1970-01-01T00:00:00Z']],
    ['t_ms', ['01:02:03.004', '00:00:00', undefined, '23:59:59.999']],
    ['t_ns', ['00:00:00.000000001', '00:00:00', undefined, '23:59:59.999999999']],
    ['ts_ms', ['1969-12-31T23:59:59.999Z', '2024-02-29T00:00:00Z', undefined, '9999-12-31T00:00:00Z']],
    ['ts_us', ['1969-12-31T23:59:59.999999Z', '2024-02-29T00:00:00Z', undefined, '2000-01-01T00:00:00Z']],
    [
      'ts_ns',
      ['1969-12-31T23:59:59.999999999Z', '2024-02-29T00:00:00Z', undefined, '1970-01-01T00:00:00.000000001Z'],
    ],
    ['null', [undefined, undefined, undefined, undefined]],
  ])('%s as text, however it is stored', async (column, expected) => {
    expect(await columnTexts('types.parquet', [column])).toEqual([expected]);
    expect(await columnTexts('types-v2.parquet', [column])).toEqual([expected]);
  });

  test('INT96 is a time stamp', async () => {
    const [when] = await columnTexts('int96.parquet', ['when']);
    expect(when?.slice(0, 3)).toEqual(['1969-12-31T23:59:59.999999999Z', '2024-02-29T00:00:00Z', undefined]);
  });

  test('fields of structs by their way', async () => {
    expect(await columnTexts('nested.parquet', ['at.y', 'at.x'])).toEqual([
      [undefined, undefined, 'z', ''],
      ['1.5', undefined, undefined, '0'],
    ]);
  });

  test('only what is asked for is read', async () => {
    const read = async (column: string): Promise<number> => {
      const bytes = new CountingBytes(fixture('many-encodings.parquet'));
      const source = await openBytes(bytes);
      const opened = bytes.bytesRead;
      await scanAll(source, { bytes: false, columns: [column] });
      return bytes.bytesRead - opened;
    };
    expect(await read('n')).toBeLessThan((await read('x')) / 3);
  });

  test.each([
    ['colour', /data\.parquet: it has no column colour; it has: id, tags, at, grid, seen, boxes/],
    ['at.z', /no column at\.z/],
    ['tags', /column tags holds a list/],
    ['at', /column at holds a struct/],
    ['seen', /column seen holds a map/],
  ])('%s is refused', async (column, message) => {
    const source = await openBytes(fixture('nested.parquet'));
    const scan = scanAll(source, { bytes: false, columns: [column] });
    await expect(scan).rejects.toMatchObject({ code: 'E_DATA', message: expect.stringMatching(message) });
  });

  test('a string that is not UTF-8 is refused with its row and column; its row still has bytes', async () => {
    const source = await openBytes(fixture('not-utf8.parquet'));
    const scan = scanAll(source, { bytes: false, columns: ['word'] });
    await expect(scan).rejects.toThrow('data.parquet, row 2: column word: a string is not UTF-8');
    expect(await scanAll(source, { bytes: true, columns: [] })).toHaveLength(2);
  });
});

describe('print', () => {
  test('one line of JSON, with what JSON cannot hold exactly as text', async () => {
    const source = await openBytes(fixture('types.parquet'));
    const line = Buffer.from(await source.print({ at: 1, length: 0 })).toString();
    expect(line.endsWith('\n')).toBe(true);
    expect(line.slice(0, -1)).not.toContain('\n');
    expect(JSON.parse(line)).toMatchObject({
      bool: false,
      i64: '9223372036854775807',
      u32: 4294967295,
      f32: 'Infinity',
      text: 'grün 😀',
      fixed: 'AAAAAA==',
      dec9: -0.01,
      date: '2024-02-29T00:00:00Z',
      null: null,
    });
    expect(line).toContain('"f64":-0,');
  });

  test('lists, structs and maps as they are', async () => {
    const source = await openBytes(fixture('nested.parquet'));
    const print = async (at: number): Promise<unknown> =>
      JSON.parse(Buffer.from(await source.print({ at, length: 0 })).toString());
    expect(await print(0)).toEqual({
      id: 1,
      tags: ['a', null, ''],
      at: { x: 1.5, y: null },
      grid: [[1, 2], [], null, [3]],
      seen: { a: 1, b: 2 },
      boxes: [
        { n: 'p', k: [1] },
        { n: null, k: [] },
      ],
    });
    expect(await print(2)).toEqual({
      id: 3,
      tags: null,
      at: { x: null, y: 'z' },
      grid: null,
      seen: null,
      boxes: null,
    });
    expect(await print(3)).toMatchObject({
      grid: [[null]],
      seen: { k: null },
      boxes: [null, { n: 'q', k: null }],
    });
  });
});

describe('extract', () => {
  test.each(FILES)('%s: a file of the same columns with just those rows', async (name) => {
    const content = fixture(name);
    const all = hexes(await rowsOf(content));
    const numbers = [...all.keys()].filter((i) => i % 3 !== 1);
    const source = await openBytes(content);
    const out = await extracted(source, numbers);
    expect(hexes(await rowsOf(out))).toEqual(numbers.map((i) => all[i]));
    expect((await openBytes(out)).columns).toEqual(source.columns);
  });

  test('keeps types: what columns mean is the same', async () => {
    const out = await openBytes(await extracted(await openBytes(fixture('types.parquet')), [1]));
    const columns = ['u8', 'dec9', 'ts_us', 't_ms', 'f16'];
    const [row] = await scanAll(out, { bytes: false, columns });
    expect(row?.fields).toEqual(['255', '-0.01', '2024-02-29T00:00:00Z', '00:00:00', '0']);
  });

  test('rows in any order, and twice', async () => {
    const content = fixture('many-snappy.parquet');
    const all = hexes(await rowsOf(content));
    const numbers = [599, 3, 3, 251, 250, 0];
    expect(hexes(await rowsOf(await extracted(await openBytes(content), numbers)))).toEqual(
      numbers.map((i) => all[i]),
    );
  });

  test('no rows at all', async () => {
    const out = await extracted(await openBytes(fixture('nested.parquet')), []);
    expect(await rowsOf(out)).toEqual([]);
  });
});

describe('damaged and lying files', () => {
  /** What a whole reading comes to: E_DATA or a result. */
  async function outcome(content: Uint8Array): Promise<string> {
    try {
      const source = await openBytes(content);
      const rows = await scanAll(source, { bytes: true, columns: [] });
      if (rows.length > 0) await source.print({ at: rows.length - 1, length: 0 });
      return 'read';
    } catch (error) {
      if (!isDvsError(error, 'E_DATA')) throw error;
      expect(error.message).toContain('data.parquet');
      return 'refused';
    }
  }

  test.each(['types-v2.parquet', 'nested.parquet', 'empty.parquet'])(
    '%s cut anywhere is refused',
    async (name) => {
      const content = fixture(name);
      for (let length = 0; length < content.length; length += 7)
        expect(await outcome(content.subarray(0, length))).toBe('refused');
    },
  );

  test('a file whose middle is missing is noticed when it is opened', async () => {
    const content = fixture('many-snappy.parquet');
    const shorter = Buffer.concat([content.subarray(0, 100), content.subarray(5000)]);
    await expect(openBytes(shorter)).rejects.toThrow(
      /data\.parquet: column .* of row group \d lies outside of the file/,
    );
  });

  test('a damaged page is refused with its column and row group', async () => {
    const content = fixture('many-zstd.parquet');
    content.fill(0x55, 100, 400);
    const scan = openBytes(content).then((source) => scanAll(source, { bytes: true, columns: [] }));
    await expect(scan).rejects.toThrow(/^data\.parquet: column n of row group 1: a page cannot be read: /);
  });

  test.each(FILES)('%s with bytes changed gives E_DATA or rows', async (name) => {
    const content = fixture(name);
    const change = fc.tuple(fc.nat(content.length - 1), fc.constantFrom(0, 1, 127, 128, 255));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        const damaged = Uint8Array.from(content);
        for (const [at, value] of changes) damaged[at] = value;
        expect(['read', 'refused']).toContain(await outcome(damaged));
      }),
      { numRuns: 60 },
    );
  });

  test('blocks that unpack to more or less than they should are refused before memory is taken', () => {
    const snappy = Buffer.from('05107261776f', 'hex'); // declares 5 bytes
    expect(() => unpackSnappy(snappy, 2 ** 28)).toThrow(Unreadable);
    expect(() => unpackSnappy(Buffer.from('04fcf0ffffff00', 'hex'), 4)).toThrow(Unreadable); // a literal of 4 GiB
    expect(() => unpackSnappy(Buffer.from('040900', 'hex'), 4)).toThrow(Unreadable); // repeats from offset 0
    expect(() => unpackLz4(Buffer.from('f0ffffffff', 'hex'), 10)).toThrow(Unreadable);
    expect(() => unpackLz4(Buffer.from('10610200', 'hex'), 5)).toThrow(Unreadable); // repeats from before the start
  });

  test('a place outside of the dictionary is refused', () => {
    const dictionary = numbers(Int32Array.of(7, 8));
    expect(looked(dictionary, Uint32Array.of(1, 0)).at(0)).toBe(8);
    expect(() => looked(dictionary, Uint32Array.of(0, 2))).toThrow(Unreadable);
  });

  test('repeats overlap themselves', () => {
    expect(Buffer.from(unpackSnappy(Buffer.from('0a0461621e0200', 'hex'), 10)).toString()).toBe('ababababab');
    expect(Buffer.from(unpackLz4(Buffer.from('2461620200', 'hex'), 10)).toString()).toBe('ababababab');
  });

  test('a ZSTD frame that does not say how long it is, as tools that stream write, is read', async () => {
    await loadCodecs(['ZSTD']);
    const text = 'row after row '.repeat(20);
    const frame = Buffer.from('28b52ffd0048ad000070726f7720616674657220726f7720010007a14e25', 'hex');
    expect(Buffer.from(CODECS.ZSTD?.(frame, text.length) ?? []).toString()).toBe(text);
    expect(() => CODECS.ZSTD?.(frame, text.length - 1)).toThrow();
  });
});

describe('the reader', () => {
  test('takes files by their extension', () => {
    const { claims } = parquetReader;
    expect(['a.parquet', 'b/C.PARQUET', 'd.pq'].every(claims)).toBe(true);
    expect(claims('a.csv')).toBe(false);
  });

  test('has no options', async () => {
    const files = [{ path: 'a.parquet', bytes: new CountingBytes(fixture('empty.parquet')) }];
    expect(await parquetReader.settle({ delimiter: ';', header: true }, { files })).toEqual({});
    await expect(parquetReader.open({ files }, { header: true })).rejects.toMatchObject({
      code: 'E_ENCODING',
    });
  });
});
