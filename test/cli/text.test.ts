import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changeLines, summaryOf } from '#cli/changes.js';
import { escapeText } from '#cli/escape.js';
import { count, formatBytes, formatTime, thousands } from '#cli/format.js';
import { jsonText } from '#cli/json.js';
import { formatLine } from '#cli/output.js';
import { styled } from '#cli/report.js';
import { table } from '#cli/table.js';
import { contentId } from '#src/id/cid.js';

describe('escaping', () => {
  test.each([
    ['plain, ünïcode, 漢字, 🎉', 'plain, ünïcode, 漢字, 🎉'],
    ['\x1b[31mred', '\\u{1b}[31mred'],
    ['a\nb\tc\rd', 'a\\nb\\tc\\rd'],
    ['\x00\x07\x7f\x9b', '\\u{0}\\u{7}\\u{7f}\\u{9b}'],
    ['exe.\u202etxt', 'exe.\\u{202e}txt'],
    ['\u200e\u200f\u061c\u2066\u2069\u202a', '\\u{200e}\\u{200f}\\u{61c}\\u{2066}\\u{2069}\\u{202a}'],
    ['\ud800 and \udfff', '\\u{d800} and \\u{dfff}'],
    ['\u2028\u2029', '\\u{2028}\\u{2029}'],
  ])('%j', (text, escaped) => {
    expect(escapeText(text)).toBe(escaped);
  });

  test('leaves nothing that a terminal obeys', () => {
    const unsafe = /[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const escaped = escapeText(text);
        expect(escaped).not.toMatch(unsafe);
        expect(escaped.isWellFormed()).toBe(true);
      }),
    );
  });

  test('reaches every span of a line, and only dvs sets colours', () => {
    const line = [styled('red', 'a\x1b[0m'), ' \x07'];
    expect(formatLine(line, false)).toBe('a\\u{1b}[0m \\u{7}');
    expect(formatLine(line, true)).toBe('\x1b[31ma\\u{1b}[0m\x1b[0m \\u{7}');
    expect(formatLine('\n', true)).toBe('\\n');
  });
});

describe('numbers', () => {
  test.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [1024 ** 2 - 1, '1.0 MiB'],
    [1.5 * 1024 ** 3, '1.5 GiB'],
    [2 ** 53, '8.0 PiB'],
    [5000 * 1024 ** 5, '5000.0 PiB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  test('counts', () => {
    expect(count(1, 'file')).toBe('1 file');
    expect(count(25_000, 'file')).toBe('25,000 files');
    expect(thousands(1_234_567)).toBe('1,234,567');
    expect(thousands(999)).toBe('999');
  });

  test('times', () => {
    expect(formatTime('2026-01-02T03:04:05.678Z')).toBe('2026-01-02 03:04:05 UTC');
  });
});

describe('a table', () => {
  test('is as wide as what is shown', () => {
    const rows = [
      ['a', '1', 'x'],
      ['b\t', '10', 'y'],
    ];
    const lines = [...table(rows, ['left', 'right', 'left'])].map((line) => formatLine(line, false));
    expect(lines).toEqual(['a     1  x', 'b\\t  10  y']);
  });
});

describe('changes', () => {
  const file = (size: number) => ({ type: 'file', id: contentId(Buffer.alloc(size)), size }) as const;
  const diff = {
    added: [{ path: 'z', entry: file(2048) }],
    removed: [{ path: 'a', entry: { type: 'link', target: 'b' } as const }],
    modified: [{ path: 'm', before: file(1), after: file(2) }],
    renamed: [{ path: 'new', from: 'old', entry: file(3) }],
  };

  test('come in the order of their paths, with a limit', () => {
    const lines = [...changeLines(diff, { folder: 'd/' })].map((line) => formatLine(line, false));
    expect(lines).toEqual([
      'D d/a    link to b',
      'M d/m    1 B → 2 B',
      'R d/new  from d/old',
      'A d/z    2.0 KiB',
    ]);
    const few = [...changeLines(diff, { most: 1, more: 'dvs diff' })].map((line) => formatLine(line, false));
    expect(few).toEqual(['D a  link to b', 'and 3 more: dvs diff']);
  });

  test('are summed up', () => {
    expect(summaryOf(diff)).toBe('1 added (2.0 KiB), 1 modified, 1 renamed, 1 removed (0 B)');
  });
});

describe('JSON', () => {
  async function text(value: unknown): Promise<string> {
    let all = '';
    for await (const piece of jsonText(value)) all += piece;
    return all;
  }

  test('reads back as what went in', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        expect(JSON.parse(await text(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test('takes lists as they come, a line for each item', async () => {
    async function* items() {
      yield { a: 1 };
      yield { a: [2] };
    }
    expect(await text(items())).toBe('[\n  {"a":1},\n  {"a":[2]}\n]\n');
    expect(await text({ list: items(), none: undefined })).toBe(
      '{\n  "list": [\n    {"a":1},\n    {"a":[2]}\n  ]\n}\n',
    );
  });
});
