import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeDefinition, parseDefinition } from '#src/ops/samples/definition.js';
import { type FieldSource, formatField, parseField, pathField } from '#src/ops/samples/field.js';
import { codeOf, failure } from '../../support/errors.js';

function fromPath(text: string): (path: string) => string {
  const source = parseField(text);
  if (source.from === 'column') throw new Error(`${text} is a column`);
  return pathField(source);
}

describe('where a field comes from', () => {
  test.each<[string, FieldSource, string]>([
    ['species', { from: 'column', name: 'species' }, 'column:species'],
    ['column:species', { from: 'column', name: 'species' }, 'column:species'],
    ['column:parent', { from: 'column', name: 'parent' }, 'column:parent'],
    ['column:column:x', { from: 'column', name: 'column:x' }, 'column:column:x'],
    ['column:path:x', { from: 'column', name: 'path:x' }, 'column:path:x'],
    ['parent', { from: 'parent' }, 'parent'],
    ['path:_(\\d+)$', { from: 'path', pattern: '_(\\d+)$' }, 'path:_(\\d+)$'],
    [' ', { from: 'column', name: ' ' }, 'column: '],
  ])('%j', (text, source, written) => {
    expect(parseField(text)).toEqual(source);
    expect(formatField(source)).toBe(written);
    expect(parseField(written)).toEqual(source);
  });

  test('is read as it was written, for any column', () => {
    const name = fc
      .string({ minLength: 1, maxLength: 900, unit: 'grapheme' })
      .filter((text) => !text.includes('\n') && text.length < 900);
    fc.assert(
      fc.property(name, (name) => {
        expect(parseField(formatField({ from: 'column', name }))).toEqual({ from: 'column', name });
      }),
    );
  });

  test.each([
    '',
    'column:',
    'a\nb',
    '\ud800',
    'x'.repeat(1001),
    'path:(',
    'path:(?<=a)b',
    'path:(a)\\1',
    'path:a{2000}',
  ])('%j is none', async (text) => {
    const { code, hint } = await failure(() => parseField(text));
    expect(code).toBe('E_USAGE');
    expect(hint).toBeDefined();
  });
});

describe('a field of a path', () => {
  test.each([
    ['parent', 'a/b/c.png', 'b'],
    ['parent', 'c.png', ''],
    ['path:[a-z]+', 'Xab/cd', 'ab'],
    ['path:_(\\d+)\\.', 'x/y_017.png', '017'],
    ['path:(?:a|(b))', 'a', ''],
    ['path:^(.*)/', 'é/ü/x', 'é/ü'],
    ['path:x*', 'abc', ''],
  ])('%s of %s', (field, path, value) => {
    expect(fromPath(field)(path)).toBe(value);
  });

  test('that does not match names the path', async () => {
    const { code, message, about } = await failure(() => fromPath('path:^train/')('test/1.png'));
    expect([code, about]).toEqual(['E_DATA', ['test/1.png']]);
    expect(message).toContain('^train/');
  });

  test('takes no time that grows with the square of it', () => {
    expect(fromPath('path:^(a+)+$|b')(`${'a'.repeat(2000)}b`)).toBe('');
  });
});

describe('a definition', () => {
  const definition = {
    reader: 'csv',
    version: 1,
    paths: ['a', 'b/*.csv'],
    fields: { key: { from: 'column', name: 'id' }, label: { from: 'parent' } },
    own: { delimiter: ';', header: true },
  } as const;

  test('is read as it was written', () => {
    const written = encodeDefinition(definition);
    expect(written.options).toEqual({
      delimiter: ';',
      header: true,
      paths: ['a', 'b/*.csv'],
      key: 'column:id',
      label: 'parent',
      group: null,
      time: null,
    });
    expect(parseDefinition(written)).toEqual(definition);
  });

  test.each<[string, object]>([
    ['paths that are none', { paths: 'a' }],
    ['a path that is a number', { paths: [1] }],
    ['too many paths', { paths: Array.from({ length: 1001 }, (_, i) => String(i)) }],
    ['a field that is not as it would be written', { key: 'id' }],
    ['a field that is no source', { key: 'path:(' }],
    ['a field that is a number', { group: 3 }],
    ['a field that is missing', { time: undefined }],
  ])('with %s is none', async (_, change) => {
    const { name, version, options } = encodeDefinition(definition);
    expect(await codeOf(() => parseDefinition({ name, version, options: { ...options, ...change } }))).toBe(
      'E_ENCODING',
    );
  });
});
