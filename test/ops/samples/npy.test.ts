import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { npyReader } from '#src/ops/samples/readers/npy.js';
import { flipped } from '../../support/bytes.js';
import { failure } from '../../support/errors.js';
import {
  all,
  expectFacts,
  extracted,
  facts,
  fixture,
  input,
  MemoryFile,
  opened,
  outcome,
  places,
} from './support.js';

/** A `.npy` file whose header is any text. */
function npy(header: string, body: Uint8Array, version = 1): Buffer {
  const text = Buffer.from(`${header}\n`);
  const head = Buffer.alloc(version === 1 ? 10 : 12);
  head.write('\x93NUMPY', 0, 'latin1');
  head[6] = version;
  if (version === 1) head.writeUInt16LE(text.length, 8);
  else head.writeUInt32LE(text.length, 8);
  return Buffer.concat([head, text, body]);
}

function header(descr: string, shape: string, order = 'False'): string {
  return `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }`;
}

const FIXTURES = ['digits.npy', 'labels.npy', 'table.npy', 'digits.npz', 'digits-compressed.npz'];

async function values(
  descr: string,
  bytes: Uint8Array,
  count = 1,
  column = 'value',
): Promise<(string | undefined)[]> {
  const source = await opened(npyReader, input('a.npy', npy(header(descr, `(${count},)`), bytes)));
  return (await all(source, [column])).map(({ fields }) => fields[0]);
}

async function refused(bytes: Uint8Array, path = 'a.npy', columns: string[] = []): Promise<string> {
  const { code, message, about } = await failure(async () =>
    all(await opened(npyReader, input(path, bytes)), columns),
  );
  expect([code, about]).toEqual(['E_DATA', [path]]);
  return message;
}

describe('arrays of numpy', () => {
  test.each(FIXTURES)('%s holds what numpy says', async (name) => {
    await expectFacts(await opened(npyReader, input(name, fixture(name))), name);
  });

  test('have their fields or names as columns', async () => {
    const columns = async (name: string) => (await opened(npyReader, input(name, fixture(name)))).columns;
    expect(await columns('digits.npy')).toEqual([]);
    expect(await columns('labels.npy')).toEqual(['value']);
    expect(await columns('table.npy')).toEqual(Object.keys(facts('table.npy').columns));
    expect(await columns('digits-compressed.npz')).toEqual(['x', 'y']);
  });

  test.each(FIXTURES)('of %s some can be taken out', async (name) => {
    const source = await opened(npyReader, input(name, fixture(name)));
    const before = await all(source);
    const chosen = [0, 2, 3, 6].flatMap((i) => before[i] ?? []);
    const [file, ...more] = await extracted(source, [0, 2, 3, 6]);
    expect([file?.path, more]).toEqual([name, []]);
    const after = await all(await opened(npyReader, file ?? input(name, Buffer.of())));
    expect(after.map(({ bytes }) => bytes)).toEqual(chosen.map(({ bytes }) => bytes));
  });

  test('taken out whole are the same file', async () => {
    const source = await opened(npyReader, input('table.npy', fixture('table.npy')));
    const [file] = await extracted(source, [0, 1, 2, 3, 4, 5, 6]);
    expect(Buffer.from((await file?.bytes.range(0, 1e6)) ?? [])).toEqual(fixture('table.npy'));
  });

  test('are read only where the sample lies, and not at all to be counted', async () => {
    const bytes = new MemoryFile(fixture('digits.npy'));
    const source = await opened(npyReader, { path: 'digits.npy', bytes });
    bytes.read = 0;
    const [, , place = { at: 0, length: 0 }] = await places(source);
    expect(bytes.read).toBe(0);
    await source.read(place);
    expect([bytes.read, place.length]).toEqual([64, 64]);
  });

  test('are printed as a file of one', async () => {
    const source = await opened(npyReader, input('digits.npy', fixture('digits.npy')));
    const [first] = await all(source);
    const printed = await source.print(first?.place ?? { at: 0, length: 0 });
    const again = await all(await opened(npyReader, input('one.npy', printed)));
    expect(again.map(({ bytes }) => bytes)).toEqual([first?.bytes]);
  });

  test('say their values in every type', async () => {
    expect(await values("'<i8'", Buffer.from('ffffffffffffff7f', 'hex'))).toEqual(['9223372036854775807']);
    expect(await values("'>u2'", Buffer.from('fffe', 'hex'))).toEqual(['65534']);
    expect(await values("'|b1'", Buffer.of(0, 1), 2)).toEqual(['false', 'true']);
    expect(await values("'<f2'", Buffer.from('01000078007c007efffb', 'hex'), 5)).toEqual([
      '5.960464477539063e-8',
      '32768',
      'Infinity',
      'NaN',
      '-65504',
    ]);
    expect(await values("'<f4'", Buffer.from('cdcccc3d', 'hex'))).toEqual(['0.10000000149011612']);
    expect(await values("'|S3'", Buffer.from('a\0\0'))).toEqual(['a']);
    expect(await values("'>U2'", Buffer.from('0001f600000000e9', 'hex'))).toEqual(['😀é']);
    expect(await values("'<m8[s]'", Buffer.from('0500000000000000', 'hex'))).toEqual(['5']);
  });

  test.each([
    ['Y', -1970n, '0000-01-01T00:00:00Z'],
    ['M', 674n, '2026-03-01T00:00:00Z'],
    ['D', -1n, '1969-12-31T00:00:00Z'],
    ['25s', 2n, '1970-01-01T00:00:50Z'],
    ['us', -1n, '1969-12-31T23:59:59.999999Z'],
    ['as', 1n, '1970-01-01T00:00:00.000000000000000001Z'],
    ['ns', -(2n ** 63n), undefined],
  ])('say a time in %s', async (unit, count, text) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(count);
    expect(await values(`'<M8[${unit}]'`, bytes)).toEqual([text]);
  });

  test.each([1, 2, 3])('are read with a header of version %i', async (version) => {
    const file = npy(header("[('é', '<i2')]", '(1,)'), Buffer.of(7, 0), version);
    const bytes = version === 3 ? file : npy(header("[('\\xe9', '<i2')]", '(1,)'), Buffer.of(7, 0), version);
    const source = await opened(npyReader, input('a.npy', bytes));
    expect((await all(source, ['é'])).map(({ fields }) => fields)).toEqual([['7']]);
    const [part] = await extracted(source, [0]);
    expect((await part?.bytes.range(6, 1))?.[0]).toBe(version);
  });

  test.each([
    ['a single value', header("'<i4'", '()'), 4, 'without an axis'],
    ['Python objects', header("'|O'", '(1,)'), 4, 'Python objects'],
    ['Python objects in a field', header("[('a', '|O')]", '(1,)'), 4, 'Python objects'],
    ['Fortran order', header("'<i4'", '(2, 2)', 'True'), 16, 'Fortran'],
    ['elements without bytes', header("'<i4'", '(9007199254740991, 0)'), 0, 'have no bytes'],
    ['a shape beyond any file', header("'<i4'", '(9007199254740991, 2)'), 0, 'more than any file'],
    ['an unknown type', header("'<x4'", '(1,)'), 4, 'type'],
    ['a header that is no dict', '[1]', 4, 'header'],
    ['a key twice', "{'descr': '<i4', 'descr': '<i4', 'fortran_order': False, 'shape': (1,)}", 4, 'header'],
    ['a key more', "{'descr': '<i4', 'fortran_order': False, 'shape': (1,), 'x': 1}", 4, 'exactly'],
    ['deep nesting', `{'descr': ${'['.repeat(5000)}`, 4, 'nested too deep'],
    ['more than its header says', header("'<i4'", '(1,)'), 5, 'would follow'],
  ])('are refused with %s', async (_, text, length, why) => {
    expect(await refused(npy(text, new Uint8Array(length)))).toContain(why);
  });

  test('in Fortran order come with how to save them otherwise', async () => {
    const bytes = npy(header("'<i4'", '(2, 2)', 'True'), new Uint8Array(16));
    expect((await failure(() => opened(npyReader, input('a.npy', bytes)))).hint).toContain(
      'np.ascontiguousarray',
    );
  });

  test('name the column that has no text', async () => {
    const nested = npy(header("[('a', [('b', '<i4')]), ('c', '<i4', (2,))]", '(1,)'), new Uint8Array(12));
    expect(await refused(nested, 'a.npy', ['a'])).toContain('element [0], column a');
    expect(await refused(nested, 'a.npy', ['c'])).toContain('element [0], column c');
    expect(await refused(nested, 'a.npy', ['d'])).toContain('no column d');
    expect(await refused(fixture('digits.npz'), 'a.npz', ['x'])).toContain('array x, element [0], column x');
    expect(await refused(npy(header("'|S1'", '(2,)'), Buffer.of(65, 255)), 'a.npy', ['value'])).toContain(
      'element [1]',
    );
  });

  test('have no options', async () => {
    expect(await npyReader.settle({ header: true }, { files: [] })).toEqual({});
    const open = () => npyReader.open({ files: [input('labels.npy', fixture('labels.npy'))] }, { a: 1 });
    expect((await failure(open)).code).toBe('E_ENCODING');
  });
});

describe('arrays in a zip', () => {
  /** A zip of deflated members that may claim other sizes than they have. */
  function zip(members: readonly { name: string; bytes: Buffer; claimed?: number }[]): Buffer {
    const parts: Buffer[] = [];
    const list: Buffer[] = [];
    let at = 0;
    for (const { name, bytes, claimed } of members) {
      const packed = deflateRawSync(bytes);
      const head = Buffer.alloc(30);
      head.writeUInt32LE(0x04034b50);
      head.writeUInt16LE(name.length, 26);
      const entry = Buffer.alloc(46);
      entry.writeUInt32LE(0x02014b50);
      entry.writeUInt16LE(8, 10);
      entry.writeUInt32LE(packed.length, 20);
      entry.writeUInt32LE(claimed ?? bytes.length, 24);
      entry.writeUInt16LE(name.length, 28);
      entry.writeUInt32LE(at, 42);
      parts.push(head, Buffer.from(name), packed);
      list.push(entry, Buffer.from(name));
      at += 30 + name.length + packed.length;
    }
    const directory = Buffer.concat(list);
    const end = Buffer.alloc(22);
    end.writeUInt32LE(0x06054b50);
    end.writeUInt16LE(members.length, 10);
    end.writeUInt32LE(directory.length, 12);
    end.writeUInt32LE(at, 16);
    return Buffer.concat([...parts, directory, end]);
  }
  const two = npy(header("'<i4'", '(2,)'), new Uint8Array(8));
  const three = npy(header("'<i4'", '(3,)'), new Uint8Array(12));

  test.each([
    ['no arrays', zip([]), 'no arrays'],
    [
      'arrays of several lengths',
      zip([
        { name: 'a.npy', bytes: two },
        { name: 'b.npy', bytes: three },
      ]),
      'array b has 3',
    ],
    ['a member that is no array', zip([{ name: 'a.txt', bytes: two }]), 'a.txt'],
    [
      'one name twice',
      zip([
        { name: 'a.npy', bytes: two },
        { name: 'a.npy', bytes: two },
      ]),
      'one name',
    ],
    ['a checksum that is wrong', zip([{ name: 'a.npy', bytes: two }]), 'checksum'],
    ['a claim that deflate cannot keep', zip([{ name: 'a.npy', bytes: two, claimed: 1e9 }]), 'cannot have'],
    [
      'a member longer than it says',
      zip([{ name: 'a.npy', bytes: Buffer.concat([two, Buffer.alloc(100)]), claimed: two.length }]),
      'more than',
    ],
  ])('are refused with %s', async (_, bytes, why) => {
    expect(await refused(bytes, 'a.npz')).toContain(why);
  });

  test('that share bytes are refused', async () => {
    const bytes = zip([
      { name: 'a.npy', bytes: two },
      { name: 'b.npy', bytes: two },
    ]);
    // The second entry of the list, and where it says that its member begins.
    const second = bytes.lastIndexOf(Buffer.from('504b0102', 'hex'));
    bytes.writeUInt32LE(0, second + 42);
    expect(await refused(bytes, 'a.npz')).toContain('begins within');
  });
});

describe('a broken file', () => {
  test.each(FIXTURES)('%s that breaks off anywhere is E_DATA', async (name) => {
    const bytes = fixture(name);
    for (let length = 0; length < bytes.length; length += length < 300 ? 1 : 7) {
      expect(await outcome(npyReader, [input(name, bytes.subarray(0, length))])).toBe('E_DATA');
    }
  });

  test.each(FIXTURES)('%s with flipped bits is E_DATA or read', async (name) => {
    const bytes = fixture(name);
    const columns = Object.keys(facts(name).columns);
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length * 8 - 1), fc.nat(8 * 300), async (anywhere, early) => {
        await outcome(npyReader, [input(name, flipped(bytes, anywhere))], columns);
        await outcome(npyReader, [input(name, flipped(bytes, early))], columns);
      }),
      { numRuns: 150 },
    );
  });
});
