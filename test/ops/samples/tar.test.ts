import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tarReader } from '#src/ops/samples/readers/tar.js';
import { flipped } from '../../support/bytes.js';
import { failure } from '../../support/errors.js';
import { member, type Part, tar } from '../../support/tar.js';
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

const tarOf = (bytes: Buffer) => opened(tarReader, input('a.tar', bytes));

async function names(bytes: Buffer): Promise<(string | undefined)[]> {
  return (await all(await tarOf(bytes))).map(({ name }) => name);
}

async function refused(bytes: Buffer, columns: string[] = []): Promise<string> {
  const { code, message, about } = await failure(async () => all(await tarOf(bytes), columns));
  expect([code, about]).toEqual(['E_DATA', ['a.tar']]);
  return message;
}

async function field(part: Part, column: string): Promise<string | undefined> {
  return (await all(await tarOf(tar(part)), [column]))[0]?.fields[0];
}

const pax = (key: string, value: string) => {
  const rest = ` ${key}=${value}\n`;
  const length = rest.length + String(rest.length + 2).length;
  return `${length}${rest}`;
};

describe('tars of samples', () => {
  test('hold what webdataset wrote', async () => {
    const source = await opened(tarReader, input('digits.tar', fixture('digits.tar')));
    expect(source.columns).toBeUndefined();
    await expectFacts(source, 'digits.tar');
  });

  test('are indexed without reading their members', async () => {
    const big = tar(
      ...Array.from({ length: 8 }, (_, i) => ({ name: `${i}.jpg`, bytes: Buffer.alloc(500_000, 'x') })),
    );
    const bytes = new MemoryFile(big);
    const source = await opened(tarReader, { path: 'a.tar', bytes });
    expect(await places(source)).toHaveLength(8);
    expect(bytes.read).toBeLessThan(8 * 5000 + 2048);
  });

  test('know the files of a sample up to the first dot after the last slash', async () => {
    const bytes = tar(
      { name: 'a.b/1.jpg' },
      { name: 'a.b/1.seg.png' },
      { name: 'a.b/2.jpg' },
      { name: './2.jpg' },
    );
    expect(await names(bytes)).toEqual(['a.b/1', 'a.b/2', './2']);
    expect(await all(await tarOf(bytes), []).then(([first]) => first?.bytes.toString())).toBe(
      'jpg\x000\0seg.png\x000\0',
    );
  });

  test('may be in any of the ways that tars are written', async () => {
    const long = `${'n'.repeat(150)}/x`;
    const size = Buffer.from('800000000000000000000003', 'hex');
    const bytes = tar(
      { name: '././@LongLink', type: 'L', bytes: `${long}.a\0`, magic: 'ustar  \0' },
      { name: 'cut.a', bytes: 'gnu', magic: 'ustar  \0', prefix: 'no prefix' },
      { name: 'pax', type: 'g', bytes: pax('comment', 'for all') },
      { name: 'folder/', type: '5' },
      { name: 'pax', type: 'x', bytes: pax('path', 'p/y.a') + pax('size', '3') },
      { name: 'cut.a', bytes: 'pax', size: Buffer.from('00000000003\0') },
      { name: 'z.a', bytes: 'ust', prefix: 'deep/er' },
      { name: 'w.a', bytes: 'big', size },
      { name: 'v7.a', bytes: 'old', type: '\0', magic: '\0' },
    );
    const seen = await all(await tarOf(bytes), ['a']);
    expect(seen.map(({ name, fields }) => [name, ...fields])).toEqual([
      [long, 'gnu'],
      ['p/y', 'pax'],
      ['deep/er/z', 'ust'],
      ['w', 'big'],
      ['v7', 'old'],
    ]);
    // A long name belongs to its member.
    expect(seen[0]?.place).toEqual({ at: 0, length: 2048 });
  });

  test('can be taken out of, as they are', async () => {
    const source = await opened(tarReader, input('digits.tar', fixture('digits.tar')));
    const before = await all(source);
    const [file] = await extracted(source, [0, 1, 5, 11]);
    const after = await all(await opened(tarReader, file ?? input('', Buffer.of())));
    expect(after.map(({ name, bytes }) => [name, bytes])).toEqual(
      [0, 1, 5, 11].map((i) => [before[i]?.name, before[i]?.bytes]),
    );
    const printed = await source.print(before[5]?.place ?? { at: 0, length: 0 });
    expect(await names(Buffer.from(printed))).toEqual([facts('digits.tar').names?.[5]]);
  });

  test('give text without the line break at its end, and fields of JSON as written', async () => {
    expect(await field({ name: 'a.txt', bytes: 'x\n\n' }, 'txt')).toBe('x\n');
    expect(await field({ name: 'a.cls', bytes: '7\r\n' }, 'cls')).toBe('7');
    const json = {
      name: 'a.json',
      bytes: '{"n": 1.50, "t": true, "s": "\\u00e9", "z": null, "l": [1], "a.b": 2}\n',
    };
    const values = ['n', 't', 's', 'z', 'a.b'].map((name) => field(json, `json.${name}`));
    expect(await Promise.all(values)).toEqual(['1.50', 'true', 'é', undefined, '2']);
    expect(await refused(tar(json), ['json.l'])).toContain('not one value');
    expect(await refused(tar(json), ['json.q'])).toContain('no field q');
    expect(await refused(tar({ name: 'a.json', bytes: '{' }), ['json.q'])).toContain(
      'sample a, file .json: it is no JSON',
    );
  });

  test.each([
    ['no such file', tar({ name: 'k.a' }), 'sample k'],
    ['too much', tar({ name: 'k.txt', bytes: Buffer.alloc(65_539, 'x') }), 'sample k, file .txt'],
    ['no UTF-8', tar({ name: 'k.txt', bytes: Buffer.of(255) }), 'sample k, file .txt'],
  ])('name the sample whose column has %s', async (_, bytes, why) => {
    expect(await refused(bytes, ['txt'])).toContain(why);
  });

  test.each([
    ['a sample that comes back', tar({ name: 'a.x' }, { name: 'b.x' }, { name: 'a.y' }), 'comes back'],
    ['an extension twice', tar({ name: 'a.x' }, { name: 'a.x' }), 'byte 512: the sample a has two files x'],
    ['a name without extension', tar({ name: 'README' }), 'README'],
    ['a hidden file', tar({ name: 'x/.hidden' }), '.hidden'],
    ['a link', tar({ name: 'a.x', type: '2' }), 'symbolic link'],
    ['a device', tar({ name: 'a.x', type: '3' }), 'device'],
    ['a name that is not UTF-8', tar({ name: Buffer.from('a\xff.x', 'latin1') }), 'not UTF-8'],
    ['a control character', tar({ name: 'a\n.x' }), 'control'],
    ['a negative size', tar({ name: 'a.x', size: Buffer.from('ff'.repeat(12), 'hex') }), 'number'],
    ['a size beyond the file', tar({ name: 'a.x', size: Buffer.from('77777777777\0') }), 'breaks off'],
    [
      'a NUL in a pax name',
      tar({ name: 'p', type: 'x', bytes: pax('path', 'a\0.x') }, { name: 'a.x' }),
      'control',
    ],
    ['a broken pax header', tar({ name: 'p', type: 'x', bytes: '99 path=a\n' }, { name: 'a.x' }), 'pax'],
    ['a header for nothing', tar({ name: 'p', type: 'x', bytes: pax('path', 'a.x') }), 'no member'],
    ['no end', member({ name: 'a.x' }), 'two blocks of zeros'],
    ['another tar after it', Buffer.concat([tar({ name: 'a.x' }), tar({ name: 'b.x' })]), 'more follows'],
  ])('are refused with %s', async (_, bytes, why) => {
    expect(await refused(bytes)).toContain(why);
  });

  test('are refused where any bit of a header is another, by its checksum', async () => {
    const bytes = tar({ name: 'a.x', bytes: 'x' });
    // Those of the checksum itself may be written in other ways; the rest cannot.
    for (let bit = 0; bit < 512 * 8; bit++) {
      if (bit < 148 * 8 || bit >= 156 * 8) expect(await refused(flipped(bytes, bit))).toContain('checksum');
    }
  });

  test('that break off anywhere before their end are E_DATA', async () => {
    const bytes = tar(
      { name: 'a.x', bytes: 'x'.repeat(600) },
      { name: 'p', type: 'x', bytes: pax('path', 'b.x') },
      { name: 'b.x' },
    );
    for (let length = 0; length < bytes.length; length++) {
      expect(await outcome(tarReader, [input('a.tar', bytes.subarray(0, length))])).toBe('E_DATA');
    }
    expect(await outcome(tarReader, [input('a.tar', bytes)])).toBe('fine');
  });

  test('with flipped bits are E_DATA or read', async () => {
    const bytes = fixture('digits.tar');
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length * 8 - 1), fc.nat(2047), async (anywhere, inHeader) => {
        await outcome(tarReader, [input('a.tar', flipped(bytes, anywhere))], ['cls', 'json.label']);
        await outcome(tarReader, [input('a.tar', flipped(bytes, inHeader))], ['cls', 'json.label']);
      }),
      { numRuns: 150 },
    );
  });

  test('with any header are E_DATA or read, also where the checksum is right', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 20 }),
        fc.uint8Array({ minLength: 12, maxLength: 12 }),
        fc.constantFrom('0', '5', 'x', 'g', 'L', 'K', 'S', '\0'),
        fc.string({ maxLength: 40 }),
        async (name, size, type, bytes) => {
          const file = tar(
            { name: Buffer.from(name), size: Buffer.from(size), type, bytes },
            { name: 'a.x' },
          );
          await outcome(tarReader, [input('a.tar', file)]);
          await outcome(tarReader, [input('a.tar', tar({ name: 'p', type, bytes }, { name: 'a.x' }))]);
        },
      ),
      { numRuns: 300 },
    );
  });
});
