import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { idxReader } from '#src/ops/samples/readers/idx.js';
import { flipped } from '../../support/bytes.js';
import { failure } from '../../support/errors.js';
import {
  all,
  expectFacts,
  extracted,
  fixture,
  input,
  joined,
  MemoryFile,
  opened,
  outcome,
} from './support.js';

const IMAGES = 'train-images-idx3-ubyte.gz';
const LABELS = 'train-labels-idx1-ubyte.gz';

const pair = () => [input(IMAGES, fixture(IMAGES)), input(LABELS, fixture(LABELS))];

/** An idx file: its header as hexadecimal digits, and its values. */
function idx(header: string, body: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(header.replaceAll(' ', ''), 'hex'), body]);
}

async function refused(path: string, bytes: Uint8Array): Promise<string> {
  const { code, message, about } = await failure(async () =>
    all(await opened(idxReader, input(path, bytes))),
  );
  expect([code, about]).toEqual(['E_DATA', [path]]);
  return message;
}

describe('idx files', () => {
  test('hold what idx2numpy wrote', async () => {
    const source = await opened(idxReader, ...pair());
    expect(source.columns).toEqual(['images', 'labels']);
    await expectFacts(source, 'train-*-ubyte.gz');
  });

  test('are read plain as they are gzipped, in several members too', async () => {
    const plain = gunzipSync(fixture(LABELS));
    const several = Buffer.concat([gzipSync(plain.subarray(0, 30)), gzipSync(plain.subarray(30))]);
    const bytesOf = async (path: string, bytes: Uint8Array) =>
      (await all(await opened(idxReader, input(path, bytes)), ['value'])).map(({ fields }) => fields[0]);
    const expected = [...plain.subarray(8)].map(String);
    expect(await bytesOf('a.idx', plain)).toEqual(expected);
    expect(await bytesOf('a.idx.gz', several)).toEqual(expected);
  });

  test.each([
    ['0800', 1, 'ff', '255'],
    ['0900', 1, 'ff', '-1'],
    ['0b00', 2, 'fffe', '-2'],
    ['0c00', 4, '00010000', '65536'],
    ['0d00', 4, '3dcccccd', '0.10000000149011612'],
    ['0e00', 8, '3fb999999999999a', '0.1'],
  ])('of type %s have values of %i bytes', async (type, _, value, text) => {
    const bytes = idx(`0000 ${type.slice(0, 2)}01 00000001`, Buffer.from(value, 'hex'));
    expect((await all(await opened(idxReader, input('a.idx', bytes)), ['value']))[0]?.fields).toEqual([text]);
  });

  test.each([
    ['train-images-idx3-ubyte', true],
    ['t10k-labels.idx1-ubyte', true],
    ['a/x.idx.gz', true],
    ['qmnist-labels-idx2-int.gz', true],
    ['x.idx3-ubyte', true],
    ['idx.txt', false],
    ['x.gz', false],
  ])('are known by their names: %s', (path, is) => {
    expect(idxReader.claims(path)).toBe(is);
  });

  test('of images and labels are one source where the rest of their names is the same', () => {
    const files = [
      'a/train-images-idx3-ubyte.gz',
      'a/train-labels-idx1-ubyte.gz',
      'b/train-images-idx3-ubyte',
      'b/train-labels-idx1-ubyte.gz',
      'images/a.idx',
      'labels/a.idx',
      'x-images.idx',
      'x-labels.idx',
    ].map((path) => input(path, Buffer.of()));
    const groups = idxReader.group(files).map(({ files }) => files.map(({ path }) => path));
    expect(groups).toEqual([
      ['a/train-images-idx3-ubyte.gz', 'a/train-labels-idx1-ubyte.gz'],
      ['b/train-images-idx3-ubyte'],
      ['b/train-labels-idx1-ubyte.gz'],
      ['images/a.idx'],
      ['labels/a.idx'],
      ['x-images.idx', 'x-labels.idx'],
    ]);
  });

  test('can be taken out of, gzipped as they were and always the same', async () => {
    const source = await opened(idxReader, ...pair());
    const before = await all(source);
    const files = await extracted(source, [1, 5, 59]);
    expect(files.map(({ path }) => path)).toEqual([IMAGES, LABELS]);
    const after = await all(await opened(idxReader, ...files));
    expect(after.map(({ bytes }) => bytes)).toEqual([1, 5, 59].map((i) => before[i]?.bytes));
    for (const [i, again] of (await extracted(source, [1, 5, 59])).entries()) {
      expect(await joined(again.bytes.stream())).toEqual(
        await joined(files[i]?.bytes.stream() ?? again.bytes.stream()),
      );
      expect(Buffer.from(await again.bytes.range(3, 7)).toString('hex')).toBe('000000000002ff');
    }
  });

  test('plain are read only where the sample lies', async () => {
    const bytes = new MemoryFile(gunzipSync(fixture(IMAGES)));
    const source = await opened(idxReader, { path: 'a.idx', bytes });
    bytes.read = 0;
    await source.read({ at: 17, length: 64 });
    expect(bytes.read).toBe(64);
  });

  test.each([
    ['another beginning', idx('0100 0801 00000001', Buffer.of(1)), 'begins with 01000801'],
    ['an unknown type', idx('0000 0a01 00000001', Buffer.of(1)), 'begins with 00000a01'],
    ['no axes', idx('0000 0800', Buffer.of(1)), 'no axes'],
    [
      'a shape beyond any file',
      idx('0000 0803 ffffffff ffffffff ffffffff', Buffer.of()),
      'more than any file',
    ],
    ['elements without bytes', idx('0000 0802 ffffffff 00000000', Buffer.of()), 'have no bytes'],
    ['too few', idx('0000 0801 00000003', Buffer.of(1, 2)), 'would follow'],
    ['too many', idx('0000 0801 00000001', Buffer.of(1, 2)), 'would follow'],
  ])('are refused with %s', async (_, bytes, why) => {
    expect(await refused('a.idx', bytes)).toContain(why);
  });

  test.each([
    ['too few', gzipSync(idx('0000 0801 00000009', Buffer.of(1, 2))), 'element [2]: it breaks off'],
    ['too many', gzipSync(idx('0000 0801 00000001', Buffer.of(1, 2))), 'element [1]: more follows'],
    ['a shape that gzip cannot hold', gzipSync(idx('0000 0801 7fffffff', Buffer.of(1))), 'would follow'],
    ['a bomb', gzipSync(idx('0000 0801 00000001', Buffer.alloc(1e7))), 'more follows'],
    ['no gzip', idx('0000 0801 00000001', Buffer.of(1)), 'broken'],
  ])('that are gzipped are refused with %s', async (_, bytes, why) => {
    expect(await refused('a.idx.gz', bytes)).toContain(why);
  });

  test('of several lengths are refused together', async () => {
    const labels = gzipSync(idx('0000 0801 00000002', Buffer.of(1, 2)));
    const { code, message } = await failure(() =>
      opened(idxReader, input(IMAGES, fixture(IMAGES)), input(LABELS, labels)),
    );
    expect(code).toBe('E_DATA');
    expect(message).toContain(`${LABELS}: it has 2 elements, but ${IMAGES} has 60`);
  });

  test.each([
    ['plain', gunzipSync(fixture(LABELS)), 'a.idx'],
    ['gzipped', fixture(LABELS), 'a.idx.gz'],
  ])('that break off anywhere are E_DATA: %s', async (_, bytes, path) => {
    for (let length = 0; length < bytes.length; length++) {
      expect(await outcome(idxReader, [input(path, bytes.subarray(0, length))])).toBe('E_DATA');
    }
  });

  test('with flipped bits are E_DATA or read', async () => {
    for (const [path, bytes] of [
      ['a.idx', gunzipSync(fixture(LABELS))],
      [LABELS, fixture(LABELS)],
    ] as const) {
      const bits = fc.nat(bytes.length * 8 - 1);
      await fc.assert(
        fc.asyncProperty(bits, async (bit) => {
          await outcome(idxReader, [input(path, flipped(bytes, bit))]);
        }),
        { numRuns: 300 },
      );
    }
  });
});
