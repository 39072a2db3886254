import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MiB } from '#src/base/limits.js';
import { walkJson } from '#src/formats/json-walk.js';
import { jsonl } from '#src/ops/samples/readers/jsonl.js';
import { codeOf, failure } from '../../support/errors.js';
import { count, extracted, fixture, memoryFile, openText, samplesOf, scanAll } from './text-support.js';

const MARK = '\ufeff';

async function fieldsOf(bytes: string, ...columns: string[]): Promise<(readonly (string | undefined)[])[]> {
  const samples = await samplesOf(jsonl, { path: 'a.jsonl', bytes, piece: 3 }, { columns });
  return samples.map(({ fields }) => fields);
}

describe('samples of JSON lines', () => {
  test.each([
    ['', []],
    [' \n\r\n\t\n', []],
    ['{}\n[]', ['{}', '[]']],
    ['{"a":1}\r\n\r\n 2 \r\n', ['{"a":1}', ' 2 ']],
    [`${MARK}null\n`, ['null']],
    ['"\\u00fc"\n"a"\r', ['"\\u00fc"', '"a"\r']],
  ])('of %j are %j, in pieces of any size', async (text, expected) => {
    for (let piece = 1; piece <= Buffer.byteLength(text) + 1; piece++) {
      const samples = await samplesOf(jsonl, { path: 'a.jsonl', bytes: text, piece });
      expect(samples.map((sample) => sample.text)).toEqual(expected);
    }
  });

  test('are the values that were written, with their fields', async () => {
    const records = fc.array(
      fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ noUnicodeString: false })),
    );
    const style = fc.record({
      ending: fc.constantFrom('\n', '\r\n', '\n\n', '\n \t\r\n'),
      hasMark: fc.boolean(),
      piece: fc.integer({ min: 1, max: 50 }),
    });
    await fc.assert(
      fc.asyncProperty(records, style, async (rows, { ending, hasMark, piece }) => {
        const written = rows.map((row) => JSON.stringify(row));
        const bytes = (hasMark ? MARK : '') + written.map((line) => line + ending).join('');
        const source = await openText(jsonl, memoryFile({ path: 'a.jsonl', bytes, piece }));
        const samples = await scanAll(source);
        expect(samples.map(({ text }) => Buffer.from(text, 'latin1').toString())).toEqual(written);
        for (const { place } of samples) {
          expect(written).toContain(Buffer.from(await source.read(place)).toString());
        }
        for (const row of rows) {
          const [fields] = await fieldsOf(JSON.stringify(row), ...Object.keys(row));
          expect(fields).toEqual(
            Object.values(row).map((value) =>
              typeof value === 'string' ? value : value === null ? undefined : JSON.stringify(value),
            ),
          );
        }
      }),
    );
  });

  test('of pandas have the fields that went into them', async () => {
    const bytes = fixture('pandas.jsonl');
    const columns = ['id', 'text', 'größe', 'label', 'tags'];
    const samples = await samplesOf(jsonl, { path: 'pandas.jsonl', bytes }, { columns });
    expect(samples).toHaveLength(200);
    expect(samples[2]?.fields).toEqual(['r002', 'two\nlines', '0.2', undefined, '["two\\nlines",2]']);
    expect(samples[10]?.fields[1]).toBe('"');
  });

  test('are those of .jsonl and .ndjson', () => {
    expect(['a.jsonl', 'a.NDJSON', 'a.json', 'jsonl'].filter(jsonl.claims)).toEqual(['a.jsonl', 'a.NDJSON']);
  });

  test('take no options, and have no columns in common', async () => {
    const source = { files: [memoryFile({ path: 'a.jsonl', bytes: '{}' })] };
    expect(await codeOf(() => jsonl.open(source, { delimiter: ',' }))).toBe('E_ENCODING');
    expect((await jsonl.open(source, await jsonl.settle({ delimiter: ',' }, source))).columns).toBe(
      undefined,
    );
  });

  test('are written as they were', async () => {
    const bytes = `${MARK}{"a" : 1}\r\n\n{"b":2.50}\n 3\n`;
    const source = await openText(jsonl, memoryFile({ path: 'a.jsonl', bytes }));
    const places = (await scanAll(source)).map(({ place }) => place);
    expect((await extracted(source, places)).toString()).toBe(`${MARK}{"a" : 1}\r\n{"b":2.50}\r\n 3\r\n`);
  });
});

describe('fields', () => {
  test('are as they are written, and strings as they read', async () => {
    const row =
      ' { "s" : "a\\n\\u00fc\\"ü" , "n":-1.50e+3,"t":true, "l" : [ 1, {"s":2} ] ,"o":{"s": "}"},"z":null}';
    expect(await fieldsOf(row, 's', 'n', 't', 'l', 'o', 'z')).toEqual([
      ['a\nü"ü', '-1.50e+3', 'true', '[ 1, {"s":2} ]', '{"s": "}"}', undefined],
    ]);
  });

  test('are those of the object at the top, told in their order', () => {
    const row = Buffer.from('{"a": {"b":[{"c":1},2], "d":{}} ,"e":3}');
    const told: string[][] = [];
    walkJson(row, (keyStart, keyEnd, start, end) => {
      told.push([row.toString('utf8', keyStart, keyEnd), row.toString('utf8', start, end)]);
    });
    expect(told).toEqual([
      ['"a"', '{"b":[{"c":1},2], "d":{}}'],
      ['"e"', '3'],
    ]);
  });

  test('may have any name, however it is written; of two of one name the last counts', async () => {
    expect(
      await fieldsOf('{"\\u0061":1,"__proto__":2,"":3,"größe":4}', 'a', '__proto__', '', 'größe'),
    ).toEqual([['1', '2', '3', '4']]);
    expect(await fieldsOf('{"a":1,"a":null}\n{"a":1,"a":"2"}', 'a')).toEqual([[undefined], ['2']]);
  });

  test.each([
    ['{"id":1}\n\n{"b":2}\n', 'row 2: has no field "id"'],
    ['{"id":1}\n[{"id":1}]\n', 'row 2: has no field "id", since it is no object'],
    ['{"b":{"id":1}}', 'row 1: has no field "id"'],
    ['{"id":1}\n{"id":}\n', 'row 2: is no JSON: see byte 7 of the row'],
    ['{"id":1', 'row 1: is no JSON: see byte 8 of the row'],
    ['{"id":1}{"id":2}', 'row 1: is no JSON: see byte 9 of the row'],
    ['{"id":"\\ud800"}', 'row 1: its field "id" has half of a character'],
  ])('that %j does not have are told with the row', async (bytes, expected) => {
    const { code, message } = await failure(() => fieldsOf(bytes, 'id'));
    expect([code, message]).toEqual(['E_DATA', `a.jsonl, ${expected}`]);
  });
});

describe('what is no JSON', () => {
  test('is told with its row when bytes are wanted, and not when places are', async () => {
    const source = await openText(jsonl, memoryFile({ path: 'd.jsonl', bytes: '{}\n{,}\n' }));
    expect(await count(source)).toBe(2);
    expect((await failure(() => scanAll(source))).message).toBe(
      'd.jsonl, row 2: is no JSON: see byte 2 of the row',
    );
  });

  test('is told when it is no UTF-8, in any case', async () => {
    const bytes = Buffer.from('{}\n"\xff"\n', 'latin1');
    const source = await openText(jsonl, memoryFile({ path: 'd.jsonl', bytes }));
    expect((await failure(() => count(source))).message).toBe('d.jsonl, row 2: is no UTF-8');
  });

  test('is told from what is nested too deep', async () => {
    const bytes = '['.repeat(1001) + ']'.repeat(1001);
    const source = await openText(jsonl, memoryFile({ path: 'd.jsonl', bytes }));
    expect((await failure(() => scanAll(source))).message).toBe(
      'd.jsonl, row 1: is nested deeper than 1,000 levels: see byte 1001 of the row',
    );
  });

  test('or is nested too deep does not take memory or stack', async () => {
    const nested = (depth: number): Buffer => Buffer.from('['.repeat(depth) + ']'.repeat(depth));
    expect(walkJson(nested(1000))).toBe(undefined);
    expect(walkJson(nested(1001))).toMatchObject({ at: 1000, isTooDeep: true });
    expect(walkJson(Buffer.alloc(16 * MiB, '{"a":'))).toMatchObject({ at: 5000, isTooDeep: true });
  });

  const token = fc.constantFrom(
    ...[
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      'u00e9',
      '"\\u00eg"',
      '"a"',
      '"\\n"',
      '"\x01"',
      '"\x7fü"',
      ' ',
      '\n',
      '\t',
      '\r',
    ],
    ...[
      '\v',
      '\xa0',
      '0',
      '-',
      '1.5',
      '.',
      'e',
      'E+2',
      '007',
      'true',
      'false',
      'null',
      'nul',
      'NaN',
      '+1',
      '"a":1',
    ],
  );
  test('is what JSON.parse does not take', () => {
    const check = (text: string): void => {
      let isJson = true;
      try {
        JSON.parse(text);
      } catch {
        isJson = false;
      }
      expect([text, walkJson(Buffer.from(text)) === undefined]).toEqual([text, isJson]);
    };
    fc.assert(
      fc.property(fc.array(token, { maxLength: 12 }), (parts) => check(parts.join(''))),
      { numRuns: 5000 },
    );
    fc.assert(
      fc.property(fc.json(), fc.nat(), token, (text, at, part) => {
        check(text);
        check(text.slice(0, at % (text.length + 1)));
        check(text.slice(0, at % (text.length + 1)) + part + text.slice(at % (text.length + 1)));
        check(text.slice(0, at % (text.length + 1)) + part + text.slice((at % (text.length + 1)) + 1));
      }),
      { numRuns: 1000 },
    );
  });
});
