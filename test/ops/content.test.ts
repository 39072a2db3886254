import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Scratch } from '#src/base/scratch.js';
import type { FileBytes } from '#src/formats/file-bytes.js';
import { commonSequence } from '#src/ops/diff/content/common-sequence.js';
import type { ContentDiff } from '#src/ops/diff/content/content-diff.js';
import { compareContents } from '#src/ops/diff/content/kinds.js';
import { diffRecords } from '#src/ops/diff/content/line-diff.js';
import { tempDir } from '../support/tmp.js';

/** Contents in memory, streamed in small pieces so that everything is cut somewhere. */
function side(content: string | Uint8Array, piece = 7): FileBytes {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return {
    size: bytes.length,
    async *stream() {
      for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
    },
    range: async (offset, length) => new Uint8Array(bytes.subarray(offset, offset + length)),
  };
}

async function openScratch(): Promise<Scratch> {
  const scratch = new Scratch(join(await tempDir(), 'tmp'));
  onTestFinished(() => scratch.close());
  return scratch;
}

type Content = string | Uint8Array;

async function compare(
  path: string,
  before: Content,
  after: Content,
  ...key: string[]
): Promise<ContentDiff> {
  const piece = before.length > 10_000 ? 1 << 16 : 7;
  const sides = { before: side(before, piece), after: side(after, piece) };
  return compareContents(path, sides, { key, scratch: await openScratch() });
}

/** A difference by lines as `diff` writes it. */
async function linesOf(path: string, before: Content, after: Content): Promise<string[]> {
  const found = await compare(path, before, after);
  if (found.kind !== 'lines') return [found.kind, found.note ?? ''];
  return [
    ...[...found.lines].map(({ op, text }) => op + text),
    ...(found.note === undefined ? [] : [found.note]),
  ];
}

/** A difference by key: `M key column: before → after`, `A key`, `D key`. */
async function rowsOf(path: string, before: Content, after: Content, ...key: string[]): Promise<string[]> {
  const found = await compare(path, before, after, ...key);
  if (found.kind !== 'rows') return [found.kind, found.note ?? ''];
  const rows = [...found.rows].map(({ change, key: parts, cells }) => {
    const changed = cells.map(({ column, before: old, after: now }) => ` ${column}: ${old} → ${now}`);
    return `${change} ${parts.join('+')}${changed.join(',')}`;
  });
  return [...rows, ...(found.note === undefined ? [] : [found.note])];
}

describe('the common sequence', () => {
  const list = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 30 });

  /** Its length, by the textbook. */
  function lengthOf(a: readonly string[], b: readonly string[]): number {
    let last = new Array<number>(b.length + 1).fill(0);
    for (const x of a) {
      const next = [0];
      for (const [j, y] of b.entries()) {
        next.push(x === y ? (last[j] ?? 0) + 1 : Math.max(last[j + 1] ?? 0, next[j] ?? 0));
      }
      last = next;
    }
    return last.at(-1) ?? 0;
  }

  test('is common, ascends, and none is longer', () => {
    fc.assert(
      fc.property(list, list, (a, b) => {
        const { pairs, isComplete } = commonSequence(a, b);
        for (const [n, [i, j]] of pairs.entries()) {
          expect(a[i]).toBe(b[j]);
          const before = pairs[n - 1];
          if (before !== undefined) expect(before[0] < i && before[1] < j).toBe(true);
        }
        expect({ length: pairs.length, isComplete }).toEqual({ length: lengthOf(a, b), isComplete: true });
      }),
    );
  });

  test('is given up where lists have too little in common, with what was found', () => {
    const a = Array.from({ length: 5000 }, (_, i) => String(i));
    const b = a.toReversed();
    const { pairs, isComplete } = commonSequence(a, b);
    expect(isComplete).toBe(false);
    for (const [i, j] of pairs) expect(a[i]).toBe(b[j]);
  });
});

describe('lists of records', () => {
  async function* batches(list: readonly string[], size: number) {
    for (let at = 0; at < list.length; at += size) yield list.slice(at, at + size);
  }

  /** What is left of both lists when the difference is taken for them. */
  async function applied(a: readonly string[], b: readonly string[], size = 3) {
    const [before, after]: [string[], string[]] = [[], []];
    let changes = 0;
    await diffRecords(batches(a, size), batches(b, size), {
      same(record) {
        before.push(record);
        after.push(record);
      },
      removed(record) {
        before.push(record);
        changes++;
      },
      added(record) {
        after.push(record);
        changes++;
      },
    });
    return { before, after, changes };
  }

  test('the difference leads from one to the other', async () => {
    const list = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(list, list, async (a, b) => {
        expect(await applied(a, b)).toMatchObject({ before: a, after: b });
      }),
    );
  });

  const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => String(from + i));

  test.each<[string, string[], string[], number]>([
    ['one is changed far from the end', numbers(0, 90_000), numbers(0, 90_000).with(50, 'x'), 2],
    ['many come first', numbers(50_000, 90_000), numbers(0, 90_000), 50_000],
    [
      'many are taken from the middle',
      numbers(0, 90_000),
      [...numbers(0, 20), ...numbers(80_000, 90_000)],
      79_980,
    ],
    ['some come last', numbers(0, 40_000), numbers(0, 40_010), 10],
    ['nothing is the same', numbers(0, 40_000), numbers(40_000, 80_000), 80_000],
  ])('longer than a window: %s', async (_, a, b, changes) => {
    const found = await applied(a, b, 5000);
    expect(found.changes).toBe(changes);
    expect(found.before.length + found.after.length).toBe(a.length + b.length);
    expect(found.after.join(' ') === b.join(' ') && found.before.join(' ') === a.join(' ')).toBe(true);
  });

  test('longer than a window, in another order', async () => {
    const a = numbers(0, 50_000);
    const b = a.toReversed();
    const found = await applied(a, b, 5000);
    expect(found.after.join(' ') === b.join(' ') && found.before.join(' ') === a.join(' ')).toBe(true);
  });
});

describe('text', () => {
  test('shows changed lines, and three around them', async () => {
    const before = Array.from({ length: 20 }, (_, i) => `line ${i}\n`).join('');
    const after = before.replace('line 4\n', 'four\n').replace('line 15\n', '');
    const found = await compare('a.txt', before, after);
    expect(found).toMatchObject({ kind: 'lines', format: 'text', added: 1, removed: 2 });
    if (found.kind !== 'lines') return;
    expect([...found.hunks]).toEqual([
      { beforeStart: 2, beforeCount: 7, afterStart: 2, afterCount: 7 },
      { beforeStart: 13, beforeCount: 7, afterStart: 13, afterCount: 6 },
    ]);
    expect([...found.lines].slice(3, 6)).toEqual([
      { op: '-', before: 5, after: undefined, text: 'line 4', cut: 0 },
      { op: '+', before: undefined, after: 5, text: 'four', cut: 0 },
      { op: ' ', before: 6, after: 6, text: 'line 5', cut: 0 },
    ]);
  });

  test.each<[string, Content, Content, string[]]>([
    ['from nothing', '', 'a\n', ['+a']],
    ['to nothing', 'a', '', ['-a']],
    ['no line ending at the end', 'a\nb\n', 'a\nc', [' a', '-b', '+c']],
    ['only line endings', 'a\r\nb\r\n', 'a\nb', ['only line endings or a byte order mark differ']],
    ['only a byte order mark', '\ufeffa\n', 'a\n', ['only line endings or a byte order mark differ']],
    ['beyond ASCII', 'ä🎉\n', 'ä漢\n', ['-ä🎉', '+ä漢']],
    [
      'what is no UTF-8',
      Buffer.from('a\xff\n', 'latin1'),
      Buffer.from('a\xfe\n', 'latin1'),
      ['-a\ufffd', '+a\ufffd'],
    ],
    ['a NUL', 'a\0b', 'a\0c', ['bytes', '']],
  ])('%s', async (_, before, after, lines) => {
    expect(await linesOf('notes', before, after)).toEqual(lines);
  });

  test('a line of any length takes no more memory than its beginning', async () => {
    const long = 'x'.repeat(3_000_000);
    const found = await compare('a.txt', `${long}\nsame\n`, `${long}y\nsame\n`);
    const lines = found.kind === 'lines' ? [...found.lines] : [];
    expect(lines.map(({ op, text, cut }) => [op, text.length, cut])).toEqual([
      ['-', 65_536, 3_000_000 - 65_536],
      ['+', 65_536, 3_000_001 - 65_536],
      [' ', 4, 0],
    ]);
    expect(await linesOf('a.txt', long, long)).toEqual(['only line endings or a byte order mark differ']);
  });
});

describe('CSV', () => {
  test('by line without a key, quoted line breaks kept together', async () => {
    expect(await linesOf('a.csv', 'id,t\n1,"a\nb"\n', 'id,t\n1,"a\nc"\n')).toEqual([
      ' id,t',
      '-1,"a\nb"',
      '+1,"a\nc"',
    ]);
  });

  test.each<[string, string, string, string[]]>([
    ['changed cells', 'id,a,b\n1,x,y\n2,z,z\n', 'id,a,b\n1,x,q\n2,z,z\n', ['changed 1 b: y → q']],
    [
      'rows in another order',
      'id,a\n1,x\n2,y\n3,z\n',
      'id,a\n3,z\n1,x\n2,y\n',
      ['the same rows, in another order or written another way'],
    ],
    [
      'other quotes',
      'id,a\n1,x\n',
      'id,a\n"1","x"\n',
      ['the same rows, in another order or written another way'],
    ],
    ['moved and changed', 'id,a\n1,x\n2,y\n3,z\n', 'id,a\n3,w\n1,x\n2,y\n', ['changed 3 a: z → w']],
    ['added and removed', 'id,a\n1,x\n2,y\n', 'id,a\n2,y\n3,z\n', ['removed 1', 'added 3']],
    [
      'quotes, line breaks and delimiters',
      'id,a\n1,"x,""\ny"\n',
      'id,a\n1,"x,""\nz"\n',
      ['changed 1 a: x,"\ny → x,"\nz'],
    ],
    [
      'columns in another order',
      'id,a,b\n1,x,y\n',
      'b,id,a\ny,1,x\n',
      ['the same rows, in another order or written another way'],
    ],
    ['a new column', 'id,a\n1,x\n2,y\n', 'id,a,n\n1,x,0\n2,q,0\n', ['changed 2 a: y → q']],
    ['CRLF, a byte order mark, semicolons', 'id;a\n1;x\n', '\ufeffid;a\r\n1;z\r\n', ['changed 1 a: x → z']],
    ['cells without a header', 'id,a\n1,x\n', 'id,a\n1,x,extra\n', ['changed 1 column 3: undefined → extra']],
    ['the same key twice', 'id,a\n1,x\n1,y\n', 'id,a\n1,x\n1,z\n', ['changed 1 a: y → z']],
    ['no such column', 'no,a\n1,x\n', 'no,a\n1,y\n', ['lines', 'it has no column id']],
    [
      'quotes that do not end',
      'id,a\n1,"x\n2,y\n',
      'id,a\n1,"x\n2,z\n',
      ['lines', 'the quoted cell that begins in row 2 does not end'],
    ],
    [
      'a row too long for a key',
      'id,a\n1,x\n',
      `id,a\n1,${'x'.repeat(70_000)}\n`,
      ['lines', 'row 2 is longer than 65536 bytes'],
    ],
  ])('%s', async (_, before, after, rows) => {
    expect(await rowsOf('a.csv', before, after, 'id')).toEqual(rows);
  });

  test('columns that came and went are told once', async () => {
    expect(await compare('a.tsv', 'id\told\n1\tx\n', 'id\tnew\n1\tx\n', 'id')).toMatchObject({
      kind: 'rows',
      columns: { added: ['new'], removed: ['old'] },
      changed: 0,
    });
  });

  test('a key of several columns', async () => {
    const before = 'a,b,v\n1,1,x\n1,2,y\n';
    expect(await rowsOf('a.csv', before, 'a,b,v\n1,1,x\n1,2,z\n', 'a', 'b')).toEqual([
      'changed 1+2 v: y → z',
    ]);
  });

  test('tens of thousands of columns', async () => {
    const header = Array.from({ length: 9000 }, (_, i) => `c${i}`).join(',');
    const row = Array.from({ length: 9000 }, (_, i) => i % 10).join(',');
    const changed = row.replace(/\d$/, 'x');
    expect(await rowsOf('a.csv', `${header}\n${row}\n`, `${header}\n${changed}\n`, 'c0')).toEqual([
      'changed 0 c8999: 9 → x',
    ]);
  });

  test('any table becomes the other by its changes', async () => {
    const rows = fc.dictionary(
      fc.constantFrom('1', '2', '3', 'x y', '"'),
      fc.constantFrom('', 'a', ',', '"', '\n', 'ü'),
    );
    const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;
    const table = (of: Record<string, string>, order: readonly string[]) =>
      `id,v\n${order.map((id) => `${cell(id)},${cell(of[id] ?? '')}\r\n`).join('')}`;
    await fc.assert(
      fc.asyncProperty(rows, rows, async (old, now) => {
        const found = await compare(
          'a.csv',
          table(old, Object.keys(old)),
          table(now, Object.keys(now).toReversed()),
          'id',
        );
        const expected = new Map<string, string>(Object.entries(old));
        for (const { change, key, cells, text } of found.kind === 'rows' ? found.rows : []) {
          const id = key[0] ?? '';
          if (change === 'removed') expected.delete(id);
          else if (change === 'changed') expected.set(id, cells[0]?.after ?? '?');
          else {
            expect(text).toBe(`${cell(id)},${cell(now[id] ?? '?')}`);
            expected.set(id, now[id] ?? '?');
          }
        }
        expect(new Map([...expected].sort())).toEqual(new Map(Object.entries(now).sort()));
      }),
      { numRuns: 50 },
    );
  });
});

describe('JSONL', () => {
  test.each<[string, string, string, string[]]>([
    ['changed fields', '{"id":1,"a":"x"}\n', '{"id":1,"a":"y"}\n', ['changed 1 a: "x" → "y"']],
    [
      'a field that came',
      '{"id":1}\n',
      '{"id":1,"n":[1,{"a":2}]}\n',
      ['changed 1 n: undefined → [1,{"a":2}]'],
    ],
    [
      'fields in another order',
      '{"id":1,"a":2}\n',
      '{ "a" : 2 , "id" : 1 }\n',
      ['the same rows, in another order or written another way'],
    ],
    [
      'numbers that no float holds',
      '{"id":9007199254740993}\n',
      '{"id":9007199254740992}\n',
      ['removed 9007199254740993', 'added 9007199254740992'],
    ],
    [
      'brackets and quotes in text',
      '{"id":1,"a":"}\\",{["}\n',
      '{"id":1,"a":"]"}\n',
      ['changed 1 a: "}\\",{[" → "]"'],
    ],
    ['a key beyond ASCII', '{"id":1,"ü":1}\n', '{"id":1,"\\u00fc":2}\n', ['changed 1 ü: 1 → 2']],
    ['no object', '{"id":1}\n', '[1]\n', ['lines', 'row 1 cannot be read']],
    ['no such field', '{"id":1}\n', '{"no":1}\n', ['lines', 'row 1 has no id']],
    [
      'nested deep',
      '{"id":1}\n',
      `{"id":1,"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}\n`,
      [`changed 1 a: undefined → ${'['.repeat(20_000)}${']'.repeat(20_000)}`],
    ],
  ])('%s', async (_, before, after, rows) => {
    expect(await rowsOf('a.jsonl', before, after, 'id')).toEqual(rows);
  });
});

describe('images', () => {
  const png = (width: number, height: number): Buffer => {
    const bytes = Buffer.alloc(33);
    bytes.write('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1');
    bytes.writeUInt32BE(width, 16);
    bytes.writeUInt32BE(height, 20);
    return bytes;
  };

  test('dimensions', async () => {
    expect(await compare('a/b.PNG', png(64, 48), png(80, 60))).toEqual({
      kind: 'image',
      before: { type: 'png', width: 64, height: 48 },
      after: { type: 'png', width: 80, height: 60 },
    });
  });

  test.each<[string, Uint8Array]>([
    ['cut short', png(80, 60).subarray(0, 20)],
    ['without size', png(0, 0)],
    ['not an image', Buffer.from('hello\0')],
    ['empty', Buffer.alloc(0)],
    ['boxes without end', Buffer.from(`\0\0\0\x14ftypheic${'\0\0\0\x08meta'.repeat(9)}`, 'latin1')],
  ])('what is %s differs in bytes', async (_, after) => {
    expect(await compare('a.png', png(1, 1), after)).toMatchObject({
      kind: 'bytes',
      note: 'its beginning is not that of a whole image',
    });
  });

  test('whatever the bytes, it ends', async () => {
    const starts = [
      '\xff\xd8\xff\xe1',
      '\0\0\0\x14ftypavif',
      'II*\0',
      'GIF89a',
      'RIFF\0\0\0\0WEBPVP8X',
      '\0\0\0\x0cJXL ',
    ];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 300 }), async (start, rest) => {
        const found = await compare('a.jpg', png(1, 1), Buffer.concat([Buffer.from(start, 'latin1'), rest]));
        expect(['image', 'bytes', 'lines']).toContain(found.kind);
      }),
    );
  });
});

describe('other bytes', () => {
  test.each<[string, string, string, number]>([
    ['within', '\0abcdefghij', '\0abcdefgXij', 8],
    ['at the end of one', '\0abc', '\0abcd', 4],
    ['at the beginning', '\0', 'a\0', 0],
    ['after an empty one', '\0', '', 0],
  ])('the first that differs: %s', async (_, before, after, firstDifference) => {
    expect(await compare('model.bin', before, after)).toEqual({
      kind: 'bytes',
      before: before.length,
      after: after.length,
      firstDifference,
    });
  });
});
