import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Columns, jsonCells } from '#src/formats/json-cells.js';

const NONE: Columns = { has: () => false };

const cells = (text: string, without: Columns = NONE): string[] | undefined =>
  jsonCells(Buffer.from(text), without);

/** A value with the fields of all objects in the opposite order, and what is not ASCII escaped. */
function otherwise(value: unknown): string {
  if (Array.isArray(value)) return `[ ${value.map(otherwise).join(' ,')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).toReversed();
    return `{${fields.map(([name, own]) => ` ${otherwise(name)} :${otherwise(own)}`).join(',')} }`;
  }
  return JSON.stringify(value).replace(
    /[^\x00-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

describe('the cells of JSON', () => {
  test('are the same for the same value, however it is written', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(cells(otherwise(value))).toEqual(cells(JSON.stringify(value)));
      }),
    );
  });

  test('are others for another value', () => {
    const canonical = (value: unknown): string =>
      JSON.stringify(value, (_, own: unknown) =>
        typeof own === 'object' && own !== null && !Array.isArray(own)
          ? Object.entries(own).sort(([a], [b]) => (a < b ? -1 : 1))
          : own,
      );
    const small = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom(1, '1', '', null, true, 'true', '{', '}', '[', ']', '"'),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom('a', 'b', '}', '"', ''), tie('value'), { maxKeys: 3 }),
      ),
    })).value;
    fc.assert(
      fc.property(small, small, (a, b) => {
        const isSame = JSON.stringify(cells(JSON.stringify(a))) === JSON.stringify(cells(JSON.stringify(b)));
        // An object and the list of its fields are alike in `canonical`, and differ in their brackets.
        if (canonical(a) !== canonical(b)) expect(isSame).toBe(false);
        if (JSON.stringify(a) === JSON.stringify(b)) expect(isSame).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('have the last of a field that is there twice', () => {
    expect(cells('{"a":1,"b":[2],"a":{"c":3}}')).toEqual(cells('{"b":[2],"a":{"c":3}}'));
  });

  test('have a number in one way, and every digit of it', () => {
    const same = [
      ['1', '1.0', '10e-1', '0.1E+1'],
      ['-1.5', '-15e-1', '-1.50'],
      ['0', '-0', '0.000', '0e7'],
      ['123e31', '1.23E33', `123${'0'.repeat(31)}`],
      ['12345678901234567890', '12345678901234567890.0'],
    ];
    for (const [first = '', ...others] of same)
      for (const other of others) expect(cells(other), other).toEqual(cells(first));
    const all = same.map(([first = '']) => cells(first)?.join());
    expect(
      new Set([
        ...all,
        ...['12345678901234567891', '15', '1e1', '-1', 'true'].map((text) => cells(text)?.join()),
      ]).size,
    ).toBe(10);
  });

  test('keep integers as they are written', () => {
    expect(cells('[12345678901234567890,100,1E2]')).toEqual(['[', '12345678901234567890', '100', '100', ']']);
  });

  test('leave out fields at the top, and are none where no other is left', () => {
    const without = new Set(['id', 'x']);
    expect(cells('{"id":{"a":1},"y":{"id":2},"x":3}', without)).toEqual(cells('{"y":{"id":2}}'));
    expect(cells('{"x":3,"id":1}', without)).toEqual([]);
    expect(cells('{}', without)).toEqual(['{', '}']);
    expect(cells('[{"id":1}]', without)).toEqual(cells('[{"id":1}]'));
  });

  test('are undefined for what is none, and for what is no UTF-8', () => {
    for (const text of [
      '',
      '{',
      '{"a"}',
      '[1,]',
      'nul',
      '"',
      '{"a":1}}',
      `${'['.repeat(2000)}${']'.repeat(2000)}`,
    ])
      expect(cells(text)).toBeUndefined();
    expect(jsonCells(Buffer.from([0x22, 0xff, 0x22]), NONE)).toBeUndefined();
  });

  test('may be very many, but not all too many', () => {
    const list = (length: number): string => JSON.stringify({ b: 1, a: Array.from({ length }, (_, i) => i) });
    expect(cells(list(300_000))?.length).toBe(300_000 + 9);
    expect(cells(list(1_000_000))).toBeUndefined();
  });

  test('may be as long as rows are, with any number of escapes', () => {
    const long = 'x'.repeat(12_000_000);
    expect(cells(JSON.stringify({ text: long }))).toEqual(['{', '"', 'text', '"', long, '}']);
    const lines = '\n"\\'.repeat(1_000_000);
    expect(cells(JSON.stringify([lines]))).toEqual(['[', '"', lines, ']']);
  });

  test('lie as deep as JSON may, in any order, without going over them for each level', () => {
    const filling = JSON.stringify(Array.from({ length: 300_000 }, (_, i) => i));
    const deep = `${'{"b":'.repeat(990)}${filling}${',"a":1}'.repeat(990)}`;
    const inOrder = `${'{"a":1,"b":'.repeat(990)}${filling}${'}'.repeat(990)}`;
    expect(cells(deep)?.length).toBe(990 * 7 + 300_002);
    expect(cells(deep)).toEqual(cells(inOrder));
  });
});
