import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isDvsError } from '#src/base/errors.js';
import { type IndexShape, SAMPLES_PER_BLOCK } from '#src/ops/samples/index-layout.js';
import { IndexWriter } from '#src/ops/samples/index-writer.js';
import { SampleIndex } from '#src/ops/samples/sample-index.js';
import { codeOf } from '../../support/errors.js';
import { tempDir } from '../../support/tmp.js';

interface Row {
  readonly at: number;
  readonly length: number;
  readonly label: number;
}

const SHAPES: IndexShape[] = [
  { places: 'rows', labels: true },
  { places: 'rows', labels: false },
  { places: 'paths', labels: true },
  { places: 'paths', labels: false },
];

const ROWS: IndexShape = { places: 'rows', labels: false };

/** A path that depends on a row. */
const pathOf = ({ at, length }: Row): string => 'ü/'.repeat(length % 5) + at.toString(36);

/** A row as it is read: of a whole file its path and its label alone. */
type Read = { readonly path: string; readonly label: number } | Row;

/** Writes rows, or whole files, and says what each should be read as. */
async function written(
  shape: IndexShape,
  rows: readonly Row[],
  tail: unknown = null,
): Promise<{ path: string; expected: Read[] }> {
  const path = join(await tempDir(), 'index');
  const writer = new IndexWriter(`${path}.tmp`, shape);
  for (const row of rows) {
    if (shape.places === 'rows') writer.addRow(row.at, row.length, row.label);
    else writer.addPath(pathOf(row), row.label);
  }
  expect(writer.count).toBe(rows.length);
  writer.finish(path, tail);
  const expected = rows.map((row): Read => {
    const label = shape.labels ? row.label : 0;
    return shape.places === 'rows' ? { ...row, label } : { path: pathOf(row), label };
  });
  return { path, expected };
}

/** All records of an index, in an order that goes back and forth; undefined where there is none. */
function readAll(
  path: string,
  shape: IndexShape,
  count: number,
): { rows: Read[]; tail: unknown } | undefined {
  const index = SampleIndex.open(path, shape, count);
  if (index === undefined) return undefined;
  try {
    const rows: Read[] = [];
    for (let i = count - 1; i >= 0; i--) {
      const record = index.record(i);
      rows[i] = shape.places === 'rows' ? record : { path: index.path(i), label: record.label };
    }
    return { rows, tail: index.tail };
  } finally {
    index.close();
  }
}

const row = fc.record({
  at: fc.maxSafeNat(),
  length: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  label: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
});
const around = [0, 1, SAMPLES_PER_BLOCK - 1, SAMPLES_PER_BLOCK, SAMPLES_PER_BLOCK + 1, 3 * SAMPLES_PER_BLOCK];

describe('an index', () => {
  test('gives back what was written', async () => {
    const cases = fc.tuple(
      fc.constantFrom(...SHAPES),
      fc.constantFrom(...around).chain((length) => fc.array(row, { minLength: length, maxLength: length })),
      fc.jsonValue(),
    );
    await fc.assert(
      fc.asyncProperty(cases, async ([shape, rows, tail]) => {
        const { path, expected } = await written(shape, rows, tail);
        const copy: unknown = JSON.parse(JSON.stringify(tail));
        expect(readAll(path, shape, rows.length)).toEqual({ rows: expected, tail: copy });
      }),
      { numRuns: 30 },
    );
  });

  test('with more than its buffers hold, which are read in any order', async () => {
    const rows = Array.from({ length: 70_000 }, (_, i) => ({ at: i * 2 ** 20, length: i, label: i % 9 }));
    const { path } = await written({ places: 'rows', labels: true }, rows, 'x'.repeat(600_000));
    const index = SampleIndex.open(path, { places: 'rows', labels: true }, rows.length);
    for (let i = 0; i < rows.length; i++) {
      const number = (i * 40_009) % rows.length;
      if (i % 50 === 0) expect(index?.record(number)).toEqual(rows[number]);
    }
    expect(String(index?.tail).length).toBe(600_000);
    index?.close();
  });

  test('cannot be read once it is closed', async () => {
    const shape = ROWS;
    const { path } = await written(shape, [{ at: 1, length: 2, label: 0 }]);
    const index = SampleIndex.open(path, shape, 1);
    index?.close();
    index?.close();
    expect(await codeOf(() => index?.record(0))).toBe('E_INTERNAL');
  });

  test.each(SHAPES)('with a bit flipped is none, or says so: $places $labels', async (shape) => {
    const rows = Array.from({ length: 20 }, (_, i) => ({ at: 1000 * i, length: i, label: i }));
    const { path } = await written(shape, rows, { labels: ['a', 'b'] });
    const right = readAll(path, shape, rows.length);
    const whole = readFileSync(path);
    for (let bit = 0; bit < 8 * whole.length; bit++) {
      const flipped = Buffer.from(whole);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      writeFileSync(path, flipped);
      try {
        expect(readAll(path, shape, rows.length)).toBeUndefined();
      } catch (error) {
        expect(isDvsError(error, 'E_DAMAGED')).toBe(true);
      }
    }
    for (let length = 0; length < whole.length; length++) {
      writeFileSync(path, whole);
      truncateSync(path, length);
      expect(readAll(path, shape, rows.length)).toBeUndefined();
    }
    writeFileSync(path, whole);
    expect(readAll(path, shape, rows.length)).toEqual(right);
  });

  test('of another count or shape is none', async () => {
    const rows = Array.from({ length: 300 }, (_, i) => ({ at: i, length: 1, label: 0 }));
    const [shape, ...others] = SHAPES;
    if (shape === undefined) throw new Error('no shape');
    const { path } = await written(shape, rows);
    for (const count of [299, 301, 0, 2 ** 40]) expect(SampleIndex.open(path, shape, count)).toBeUndefined();
    for (const other of others) expect(SampleIndex.open(path, other, 300)).toBeUndefined();
    expect(SampleIndex.open(`${path}.not`, shape, 300)).toBeUndefined();
  });

  test('takes its place when it is complete, and none when it is given up', async () => {
    const folder = await tempDir();
    const [path, other] = [join(folder, 'deep', 'tmp'), join(folder, 'index')];
    const writer = new IndexWriter(path, ROWS);
    writer.addRow(1, 2, 3);
    expect(existsSync(other)).toBe(false);
    writer.discard();
    writer.discard();
    expect(readdirSync(join(folder, 'deep'))).toEqual([]);
    const again = new IndexWriter(path, ROWS);
    expect(await codeOf(() => new IndexWriter(path, ROWS))).toBe('E_IO');
    again.finish(other, null);
    again.discard();
    expect(existsSync(other)).toBe(true);
  });
});
