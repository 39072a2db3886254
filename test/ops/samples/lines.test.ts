import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isDvsError } from '#src/base/errors.js';
import { MiB } from '#src/base/limits.js';
import { csv } from '#src/ops/samples/readers/csv.js';
import { jsonl } from '#src/ops/samples/readers/jsonl.js';
import { lines } from '#src/ops/samples/readers/lines.js';
import { codeOf, failure } from '../../support/errors.js';
import {
  count,
  extracted,
  fixture,
  fixturePath,
  memoryFile,
  openText,
  samplesOf,
  scanAll,
} from './text-support.js';

const MARK = '\ufeff';
const MARK_BYTES = 3;

/** The lines of a text, in characters that are bytes. */
async function linesOf(bytes: string | Uint8Array, piece?: number): Promise<string[]> {
  return (await samplesOf(lines, { path: 'a.txt', bytes, piece })).map(({ text }) => text);
}

describe('lines', () => {
  test.each([
    ['', []],
    ['\n', ['']],
    ['\r\n', ['']],
    ['a', ['a']],
    ['a\n', ['a']],
    ['a\r\nb\r\n', ['a', 'b']],
    ['a\n\n\nb', ['a', '', '', 'b']],
    ['a\n\n', ['a', '']],
    ['a\rb\n', ['a\rb']],
    ['a\r\r\n', ['a\r']],
    ['a\r', ['a\r']],
    ['a\0b\n', ['a\0b']],
    [MARK, []],
    [`${MARK}\n`, ['']],
    [`${MARK}a\n`, ['a']],
    [`${MARK}${MARK}a\n`, ['\xef\xbb\xbfa']],
  ])('%j are %j, in pieces of any size', async (text, expected) => {
    for (let piece = 1; piece <= Buffer.byteLength(text) + 1; piece++) {
      expect(await linesOf(text, piece)).toEqual(expected);
    }
  });

  test('are those of random texts', async () => {
    const line = fc.string({ unit: fc.constantFrom('a', 'ü', '🙂', ' ', '"', '\0', MARK) });
    const ending = fc.constantFrom('\n', '\r\n');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(line, ending)),
        line,
        fc.boolean(),
        fc.integer({ min: 1, max: 40 }),
        async (all, last, hasMark, piece) => {
          const text = all.map((parts) => parts.join('')).join('') + last;
          // Without a mark of the file's own, one that the first line begins with would be taken for it.
          const isMarked = hasMark || text.startsWith(MARK);
          const bytes = (isMarked ? MARK : '') + text;
          const expected = [...all.map(([each]) => each), ...(last === '' ? [] : [last])];
          expect(await linesOf(bytes, piece)).toEqual(
            expected.map((each) => Buffer.from(each).toString('latin1')),
          );
        },
      ),
    );
  });

  test('have their place: the offset in the file, and the length without ending', async () => {
    const file = memoryFile({ path: 'a.txt', bytes: `${MARK}one\r\n\nthree`, piece: 2 });
    const source = await openText(lines, file);
    const samples = await scanAll(source);
    expect(samples.map(({ place }) => place)).toEqual([
      { at: 3, length: 3 },
      { at: 8, length: 0 },
      { at: 9, length: 5 },
    ]);
    for (const { place, text } of samples) {
      expect(Buffer.from(await source.read(place)).toString()).toBe(text);
      expect(Buffer.from(await source.print(place)).toString()).toBe(`${text}\n`);
    }
    expect(file.ranges).toHaveLength(6);
  });

  test('are read without looking at anything else of the file', async () => {
    const file = memoryFile({ path: 'a.txt', bytes: 'one\ntwo\n' });
    const source = await openText(lines, file);
    await source.read({ at: 4, length: 3 });
    expect([file.streams, file.ranges]).toEqual([0, [{ offset: 4, length: 3 }]]);
  });

  test('come in bounded batches, however large pieces are', async () => {
    const source = await openText(lines, memoryFile({ path: 'a.txt', bytes: Buffer.alloc(MiB, '\n') }));
    const sizes: number[] = [];
    for await (const { length } of source.scan({ bytes: false, columns: [] })) sizes.push(length);
    expect(sizes.reduce((a, b) => a + b)).toBe(MiB);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(8192);
  });

  test('are those of .txt, .text and .lines', () => {
    const paths = ['a.txt', 'a/b.TEXT', 'c.lines', 'a.csv', 'txt', 'a.txt.gz'];
    expect(paths.filter(lines.claims)).toEqual(['a.txt', 'a/b.TEXT', 'c.lines']);
  });

  test('may be 16 MiB long, and no more', async () => {
    const row = Buffer.alloc(16 * MiB + 3, 'a');
    row.write('b\r\n', row.length - 3);
    // A piece that ends between carriage return and line feed has more than 16 MiB, too.
    for (const piece of [100_000, 16 * MiB + 1]) {
      const file = memoryFile({ path: 'a.txt', bytes: row.subarray(1), piece });
      expect(await count(await openText(lines, file))).toBe(1);
    }
    for (const bytes of [row, row.subarray(0, -2), Buffer.concat([Buffer.from('x\n'), row])]) {
      const source = await openText(lines, memoryFile({ path: 'a.txt', bytes, piece: 100_000 }));
      const number = bytes.length > row.length ? 2 : 1;
      const { code, message } = await failure(() => count(source));
      expect([code, message]).toEqual(['E_DATA', `a.txt, row ${number}: is longer than 16 MiB`]);
    }
  });

  test.each([
    ['a row that is no UTF-8', 'a\nb\n\xff\nc\n', 'd.txt, row 3: is no UTF-8'],
    ['half of a character at the end of a row', 'a\n\xc3\n\xbc\n', 'd.txt, row 2: is no UTF-8'],
    ['half of a character at the end of the file', 'a\n\xc3', 'd.txt, row 2: is no UTF-8'],
    ['UTF-16', '\xff\xfea\0\n\0', 'd.txt: is text in UTF-16, by its byte order mark'],
    ['UTF-16, the other way', '\xfe\xff\0a\0\n', 'd.txt: is text in UTF-16, by its byte order mark'],
    ['nothing but the mark of UTF-16', '\xff\xfe', 'd.txt: is text in UTF-16, by its byte order mark'],
  ])('%s is told, also when nothing but places is wanted', async (_, text, expected) => {
    const bytes = Buffer.from(text, 'latin1');
    for (const piece of [1, 2, 3, 100]) {
      const source = await openText(lines, memoryFile({ path: 'd.txt', bytes, piece }));
      const { code, message } = await failure(() => count(source));
      expect([code, message]).toEqual(['E_DATA', expected]);
    }
  });

  test('have no columns', async () => {
    const { message } = await failure(() =>
      samplesOf(lines, { path: 'a.txt', bytes: 'a\n' }, { columns: ['id'] }),
    );
    expect(message).toBe('a.txt: has no column "id", since lines have none');
  });

  test('are not where no row can be', async () => {
    const source = await openText(lines, memoryFile({ path: 'a.txt', bytes: 'a\n' }));
    for (const place of [
      { at: 1, length: 2 },
      { at: 0, length: 2 ** 31 },
    ]) {
      expect(await codeOf(() => source.read(place))).toBe('E_DATA');
      expect(await codeOf(() => extracted(source, [place]))).toBe('E_DATA');
    }
  });

  test('take no options', async () => {
    const source = { files: [memoryFile({ path: 'a.txt', bytes: '' })] };
    expect(await codeOf(() => lines.open(source, { header: true }))).toBe('E_ENCODING');
  });
});

describe('a file of chosen lines', () => {
  test('has their bytes, with the line endings of the first', async () => {
    const of = async (bytes: string): Promise<string> => {
      const source = await openText(lines, memoryFile({ path: 'a.txt', bytes }));
      const places = (await scanAll(source)).map(({ place }) => place);
      return (await extracted(source, places.slice(1))).toString();
    };
    expect(await of('a\nb\r\nc')).toBe('b\nc\n');
    expect(await of('a\r\nb\nc')).toBe('b\r\nc\r\n');
    expect(await of('a\n')).toBe('');
    expect(await of('')).toBe('');
  });

  test('has the same lines when it is read again', async () => {
    const part = fc.constantFrom('\r', '\n', '\r\n', MARK, 'a', 'ü');
    await fc.assert(
      fc.asyncProperty(fc.array(part), fc.infiniteStream(fc.boolean()), async (parts, chosen) => {
        const source = await openText(lines, memoryFile({ path: 'a.txt', bytes: parts.join('') }));
        const samples = (await scanAll(source)).filter(() => chosen.next().value);
        const bytes = await extracted(
          source,
          samples.map(({ place }) => place),
        );
        expect(await linesOf(bytes)).toEqual(samples.map(({ text }) => text));
      }),
    );
  });

  test('is read in few stretches, which leave out what is far from all of them', async () => {
    const bytes = Buffer.from(`${'a'.repeat(999)}\n`.repeat(20_000));
    const file = memoryFile({ path: 'a.txt', bytes, piece: 65_536 });
    const source = await openText(lines, file);
    const places = [0, 1, 3, 30, 4000, 4001, 19_999].map((row) => ({ at: row * 1000, length: 999 }));
    expect((await extracted(source, places)).equals(bytes.subarray(0, 7000))).toBe(true);
    expect(file.ranges).toEqual([
      { offset: 0, length: MARK_BYTES },
      { offset: 0, length: 3999 },
      { offset: 30_000, length: 999 },
      { offset: 4_000_000, length: 1999 },
      { offset: 19_999_000, length: 999 },
    ]);
    file.ranges.length = 0;
    const all = (await scanAll(source)).map(({ place }) => place);
    expect((await extracted(source, all)).equals(bytes)).toBe(true);
    expect(file.ranges).toHaveLength(1 + 20);
    expect(Math.max(...file.ranges.map(({ length }) => length))).toBeLessThanOrEqual(MiB);
  });
});

describe('places that are not in order', () => {
  test('are written in the order in which they come', async () => {
    const source = await openText(lines, memoryFile({ path: 'a.txt', bytes: 'one\ntwo\nthree\n' }));
    const places = (await scanAll(source)).map(({ place }) => place).reverse();
    expect((await extracted(source, places)).toString()).toBe('three\ntwo\none\n');
  });
});

interface Vector {
  readonly reader: string;
  readonly options: { readonly delimiter?: string; readonly header?: boolean };
  readonly file?: string;
  readonly base64?: string;
  readonly rows: readonly string[];
}

describe('the bytes of rows', () => {
  const vectors: Vector[] = JSON.parse(fixture('text-rows.json').toString());
  const contents = ({ file, base64 = '' }: Vector): Buffer =>
    file === undefined ? Buffer.from(base64, 'base64') : fixture(file);

  test.each(vectors.map((vector, i) => [i, vector] as const))('are those of vector %i', async (_, vector) => {
    const reader = [lines, csv, jsonl].find(({ name }) => name === vector.reader) ?? lines;
    const path = vector.file ?? 'a';
    for (const piece of [1, 3, 100, undefined]) {
      const samples = await samplesOf(reader, { path, bytes: contents(vector), piece }, vector.options);
      const hashes = samples.map(({ text }) => createHash('sha256').update(text, 'latin1').digest('hex'));
      expect(hashes).toEqual(vector.rows);
    }
  });

  const python = spawnSync('python3', ['--version']).status === 0;
  test.skipIf(!python)('are those that Python computes (skipped where there is no python3)', () => {
    const { status, stderr } = spawnSync('python3', [fileURLToPath(fixturePath('text-rows.py'))], {
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
  });

  test('of files that are cut or damaged are read, or E_DATA says why not', async () => {
    const trial = async (vector: Vector, bytes: Buffer): Promise<void> => {
      const reader = [lines, csv, jsonl].find(({ name }) => name === vector.reader) ?? lines;
      const columns = vector.reader === 'csv' ? ['b'] : vector.reader === 'jsonl' ? ['a'] : [];
      for (const wanted of [[], columns]) {
        try {
          await samplesOf(reader, { path: 'a', bytes, piece: 7 }, { ...vector.options, columns: wanted });
        } catch (error) {
          if (!isDvsError(error, 'E_DATA') || !error.message.startsWith('a')) throw error;
        }
      }
    };
    for (const vector of vectors.filter(({ file }) => file === undefined)) {
      const bytes = contents(vector);
      for (let at = 0; at < bytes.length; at++) {
        await trial(vector, bytes.subarray(0, at));
        for (const byte of Buffer.from('\n\r", {\xff\0', 'latin1')) {
          const other = Buffer.from(bytes);
          other[at] = byte;
          await trial(vector, other);
        }
      }
    }
  });
});
