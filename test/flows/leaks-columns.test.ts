import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findLeaks, type LeaksReport } from '#src/flows/leaks.js';
import { recordSamples } from '#src/flows/samples.js';
import { split } from '#src/flows/split.js';
import { storedZip } from '#src/formats/zip-write.js';
import { fixture, joined } from '../ops/samples/support.js';
import { failure } from '../support/errors.js';
import { addPath, openRepository, write } from '../support/repository.js';
import { tar } from '../support/tar.js';

/** An array of two elements, as numpy saves it. */
function npy(descr: string, elements: readonly number[]): Buffer {
  const text = `{'descr': ${descr}, 'fortran_order': False, 'shape': (2,), }`;
  const length = Math.ceil((10 + text.length + 1) / 64) * 64;
  const head = Buffer.alloc(length, ' ');
  head.write('\x93NUMPY\x01\x00', 'latin1');
  head.writeUInt16LE(length - 10, 8);
  head.write(text, 10);
  head.write('\n', length - 1);
  return Buffer.concat([head, Buffer.from(elements)]);
}

async function npz(arrays: Readonly<Record<string, Buffer>>): Promise<Buffer> {
  const members = Object.entries(arrays).map(([name, bytes]) => ({
    name: `${name}.npy`,
    size: bytes.length,
    async *bytes() {
      yield bytes;
    },
  }));
  return joined(storedZip(members));
}

/** Images of two by one pixels, and their labels, in the format of MNIST. */
function idx(images: readonly number[], labels: readonly number[]): Record<string, Buffer> {
  return {
    'images-idx3-ubyte': Buffer.from([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 1, ...images]),
    'labels-idx1-ubyte': Buffer.from([0, 0, 8, 1, 0, 0, 0, 2, ...labels]),
  };
}

type Files = Readonly<Record<string, string | Buffer>>;

/** Two samples that differ in one column alone, that column, and those that they have beside it. */
const FORMATS: { what: string; files: Files | Promise<Files>; column: string; others: string[] }[] = [
  { what: 'a table', files: { 'a.csv': 'id,x\n1,same\n2,same\n' }, column: 'id', others: ['x'] },
  {
    what: 'JSON',
    files: { 'a.jsonl': '{"id":1,"x":["same"]}\n{"x":["same"],"id":2}\n' },
    column: 'id',
    others: ['x'],
  },
  {
    what: 'arrays',
    files: npz({ id: npy("'|u1'", [1, 2]), x: npy("'|u1'", [7, 7]) }).then((bytes) => ({ 'a.npz': bytes })),
    column: 'id',
    others: ['x'],
  },
  {
    what: 'an array of records',
    files: { 'a.npy': npy("[('x', '<u2'), ('id', '|u1'), ('y', '|u1')]", [7, 8, 1, 9, 7, 8, 2, 9]) },
    column: 'id',
    others: ['x', 'y'],
  },
  { what: 'images with labels', files: idx([3, 4, 3, 4], [1, 2]), column: 'labels', others: ['images'] },
  {
    what: 'files of a tar',
    files: {
      'a.tar': tar(
        { name: 'a.png', bytes: 'same' },
        { name: 'a.id', bytes: '1' },
        { name: 'b.png', bytes: 'same' },
        { name: 'b.id', bytes: '2' },
      ),
    },
    column: 'id',
    others: ['png'],
  },
  {
    what: 'a field of the JSON in a tar',
    files: {
      'a.tar': tar(
        { name: 'a.json', bytes: '{"id":1,"x":"same"}' },
        { name: 'b.json', bytes: '{"x": "same", "id": 2}' },
      ),
    },
    column: 'json.id',
    others: ['json.x'],
  },
];

describe.each(FORMATS)('of $what', ({ files, column, others }) => {
  async function look(key: string | undefined, ignore: readonly string[]): Promise<LeaksReport> {
    const { repo, root } = await openRepository();
    write(join(root, 'data'), await files);
    await addPath(repo, 'data');
    const parts = ['a', 'b'].map((name) => ({ name, weight: 1 }));
    await split(repo, { reference: 'data', name: 's', parts, method: 'exact', seed: '1', key });
    return findLeaks(repo, { reference: 's', ignore, checks: ['content'], dryRun: true });
  }

  test('a column that is left out, or is the key, does not count', async () => {
    expect((await look(undefined, [])).leaks).toEqual([]);
    expect((await look(undefined, [column])).leaks).toMatchObject([{ check: 'content', things: 1 }]);
    expect((await look(column, [])).leaks).toMatchObject([{ check: 'content', things: 1 }]);
  });

  test('a column that there is not is refused, and so is that none is left', async () => {
    expect(await failure(() => look(column, ['Id']))).toMatchObject({ code: 'E_USAGE', about: ['Id'] });
    const error = await failure(() => look(undefined, [column, ...others]));
    expect([error.code, error.message]).toEqual(['E_USAGE', expect.stringContaining('anything that counts')]);
  });
});

describe('against others', () => {
  async function look(own: Files, other: Files, ignore: readonly string[]): Promise<LeaksReport> {
    const { repo, root } = await openRepository();
    write(join(root, 'own'), own);
    write(join(root, 'other'), other);
    await addPath(repo, 'own');
    await addPath(repo, 'other');
    await recordSamples(repo, { reference: 'own', name: 'mine' });
    return findLeaks(repo, { reference: 'mine', against: ['other'], ignore, dryRun: true });
  }

  const x = npy("'|u1'", [7, 8]);
  const id = npy("'|u1'", [1, 2]);

  test('arrays are the same in the columns that count; others have to be left out', async () => {
    const own = { 'a.npz': await npz({ x, id }) };
    const other = { 'b.npz': await npz({ x, uid: id }) };
    for (const [ignore, column] of [
      [[], 'id'],
      [['id'], 'uid'],
      [['uid'], 'id'],
    ] as const)
      expect(await failure(() => look(own, other, ignore))).toMatchObject({
        code: 'E_USAGE',
        about: [column],
      });
    expect((await look(own, other, ['id', 'uid'])).leaks).toMatchObject([{ things: 2 }]);
  });

  test('records with their fields in another order are refused, rather than said to differ', async () => {
    const own = { 'a.npy': npy("[('x', '|u1'), ('y', '|u1')]", [1, 2, 3, 4]) };
    const other = { 'b.npy': npy("[('y', '|u1'), ('x', '|u1')]", [2, 1, 4, 3]) };
    expect((await failure(() => look(own, other, []))).message).toContain('another order: y, x');
    expect((await look(own, { 'b.npy': own['a.npy'] }, [])).leaks).toMatchObject([{ things: 2 }]);
  });

  test('images with labels and images alone are no more alike', async () => {
    const pair = idx([3, 4, 5, 6], [1, 2]);
    const [images = ''] = Object.keys(pair);
    const alone = { [images]: pair[images] ?? '' };
    expect(await failure(() => look(pair, alone, []))).toMatchObject({ code: 'E_USAGE', about: ['images'] });
    expect((await look(pair, pair, ['labels'])).leaks).toMatchObject([{ things: 2 }]);
  });

  test('rows of Parquet have lists and structs as well', async () => {
    const bytes = fixture('nested.parquet');
    const report = await look({ 'a.parquet': bytes }, { 'b.parquet': bytes }, []);
    expect(report.checks.map(({ name }) => name)).toEqual(['content', 'normalised']);
    expect(report.leaks).toMatchObject([{ check: 'content', a: 'mine', b: 'other' }]);
  });

  test('a member of a tar and a field in it may be left out both', async () => {
    const own = tar({ name: 'a.png', bytes: 'same' }, { name: 'a.json', bytes: '{"id":1}' });
    const other = tar({ name: 'b.png', bytes: 'same' }, { name: 'b.json', bytes: '{"id":2}' });
    const report = await look({ 'a.tar': own }, { 'b.tar': other }, ['json.id', 'json']);
    expect(report.leaks).toMatchObject([{ check: 'content', things: 1 }]);
  });
});
