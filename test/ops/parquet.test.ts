import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { Scratch } from '#src/base/scratch.js';
import type { FileBytes } from '#src/formats/file-bytes.js';
import type { ContentDiff } from '#src/ops/diff/content/content-diff.js';
import { compareContents } from '#src/ops/diff/content/kinds.js';
import { tempDir } from '../support/tmp.js';

/** A value as Thrift's compact protocol writes it: its type, and its bytes. */
type Thrift = readonly [type: number, bytes: readonly number[]];

const varint = (n: number): number[] => (n < 128 ? [n] : [(n % 128) | 128, ...varint(Math.floor(n / 128))]);
const int = (n: number): Thrift => [5, varint(2 * n)];
const long = (n: number): Thrift => [6, varint(2 * n)];
const text = (t: string): Thrift => [8, [...varint(t.length), ...Buffer.from(t)]];
const list = (type: number, items: readonly Thrift[], length = items.length): Thrift => [
  9,
  [0xf0 | type, ...varint(length), ...items.flatMap(([, bytes]) => bytes)],
];
const struct = (fields: { readonly [id: number]: Thrift }): Thrift => {
  let last = 0;
  const bytes = Object.entries(fields).flatMap(([id, [type, value]]) => {
    const delta = Number(id) - last;
    last = Number(id);
    return [(delta << 4) | type, ...value];
  });
  return [12, [...bytes, 0]];
};

const [INT32, INT64, BYTES] = [1, 2, 6];
const [OPTIONAL, UTF8] = [int(1), int(0)];

interface Table {
  readonly columns: readonly Thrift[];
  readonly rows: number;
}

/** A file of nothing but a footer. */
function parquet({ columns, rows }: Table): Buffer {
  const root = struct({ 4: text('schema'), 5: int(columns.length) });
  return withFooter(struct({ 1: int(1), 2: list(12, [root, ...columns]), 3: long(rows), 4: list(12, []) }));
}

function withFooter([, bytes]: Thrift, length = bytes.length): Buffer {
  const tail = Buffer.alloc(8, 'PAR1', 'latin1');
  tail.writeUInt32LE(length, 0);
  return Buffer.concat([Buffer.from('PAR1'), Buffer.from(bytes), tail]);
}

const ID = struct({ 1: int(INT64), 3: OPTIONAL, 4: text('id') });
const LABEL = struct({ 1: int(BYTES), 3: OPTIONAL, 4: text('label'), 6: UTF8 });
const SCORE = struct({ 1: int(INT32), 3: OPTIONAL, 4: text('score') });
const BEFORE = parquet({ columns: [ID, LABEL], rows: 10 });

async function compare(before: Uint8Array, after: Uint8Array): Promise<ContentDiff> {
  const scratch = new Scratch(join(await tempDir(), 'tmp'));
  onTestFinished(() => scratch.close());
  const side = (bytes: Uint8Array): FileBytes => ({
    size: bytes.length,
    async *stream() {
      yield bytes;
    },
    range: async (offset, length) => new Uint8Array(bytes.subarray(offset, offset + length)),
  });
  return compareContents('a.parquet', { before: side(before), after: side(after) }, { key: [], scratch });
}

test('columns and rows', async () => {
  const other = struct({ 1: int(INT32), 3: OPTIONAL, 4: text('id') });
  expect(await compare(BEFORE, parquet({ columns: [other, SCORE], rows: 12 }))).toEqual({
    kind: 'parquet',
    before: { rows: 10, rowGroups: 0, columns: 2 },
    after: { rows: 12, rowGroups: 0, columns: 2 },
    added: [{ name: 'score', type: 'INT32 optional' }],
    removed: [{ name: 'label', type: 'BYTE_ARRAY (UTF8) optional' }],
    changed: [{ name: 'id', before: 'INT64 optional', after: 'INT32 optional' }],
  });
});

test('names of nested columns are joined', async () => {
  const group = struct({ 3: OPTIONAL, 4: text('box'), 5: int(2) });
  const found = await compare(BEFORE, parquet({ columns: [ID, group, SCORE, LABEL], rows: 10 }));
  expect(found).toMatchObject({
    added: [{ name: 'box.score' }, { name: 'box.label' }],
    removed: [{ name: 'label' }],
  });
});

test('a file that others made', async () => {
  const real = readFileSync(
    join(import.meta.dirname, '../../node_modules/vega-datasets-3/data/flights-3m.parquet'),
  );
  expect(await compare(BEFORE, real)).toMatchObject({
    kind: 'parquet',
    after: { rows: 3_000_000, columns: 5 },
    added: [
      { name: 'date' },
      { name: 'delay' },
      { name: 'distance' },
      { name: 'origin', type: 'BYTE_ARRAY (STRING) optional' },
      { name: 'destination' },
    ],
  });
});

test.each<[string, Buffer, string]>([
  ['cut short', BEFORE.subarray(0, -1), 'it has no Parquet footer'],
  ['longer than the file, by its own words', withFooter(struct({}), 1e9), 'claims more than there is'],
  ['broken off', withFooter([12, [0x15]]), 'breaks off'],
  [
    'with a list longer than the file',
    withFooter(struct({ 2: list(1, [], 2 ** 31) })),
    'claims more than there is',
  ],
  [
    'with a text longer than the file',
    withFooter(struct({ 4: [8, varint(2 ** 31)] })),
    'claims more than there is',
  ],
  ['nested without end', withFooter([12, new Array<number>(5000).fill(0x1c)]), 'nested too deep'],
  [
    'of too many values',
    withFooter(struct({ 2: list(3, new Array<Thrift>(1_100_000).fill([3, [0]])) })),
    'too many values',
  ],
  ['of unknown types', withFooter([12, [0x1b, 0]]), 'unknown type'],
  ['of something else', withFooter(struct({ 1: int(1) })), 'cannot be read'],
])('a footer %s is not believed', async (_, after, note) => {
  expect(await compare(BEFORE, after)).toMatchObject({ kind: 'bytes', note: expect.stringContaining(note) });
});

test('whatever is in a footer, it ends', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: BEFORE.length - 1 }), fc.nat({ max: 255 }), async (at, byte) => {
      const after = Buffer.from(BEFORE);
      after[at] = byte;
      expect(['parquet', 'bytes']).toContain((await compare(BEFORE, after)).kind);
    }),
  );
});
