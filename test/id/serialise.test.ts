import { encode as encodeWithOracle } from '@ipld/dag-cbor';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cidOf, DAG_CBOR, RAW } from '#src/id/cid.js';
import { decode, encode, type Value } from '#src/id/codec.js';

const id = fc
  .tuple(
    fc.constantFrom<typeof RAW | typeof DAG_CBOR>(RAW, DAG_CBOR),
    fc.uint8Array({ minLength: 32, maxLength: 32 }),
  )
  .map(([codec, digest]) => cidOf(codec, digest));
const text = fc.string({ unit: 'binary' });
const integer = fc.oneof(fc.integer({ min: -300, max: 70_000 }), fc.maxSafeInteger());

const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<Value>(null, true, false),
    integer,
    text,
    fc.uint8Array({ maxLength: 300 }),
    id,
    fc.array(tie('value'), { maxLength: 30 }),
    fc.dictionary(
      text.filter((key) => key !== '__proto__'),
      tie('value'),
      { maxKeys: 30 },
    ),
  ),
}));

describe('the canonical encoding', () => {
  it('is, byte for byte, what the reference implementation of DAG-CBOR writes', () => {
    fc.assert(
      fc.property(value, (any) => {
        expect(Buffer.from(encode(any)).toString('hex')).toBe(
          Buffer.from(encodeWithOracle(any)).toString('hex'),
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('decodes to what was encoded', () => {
    fc.assert(
      fc.property(value, (any) => {
        expect(encode(decode(encode(any)))).toEqual(encode(any));
      }),
    );
  });

  it.each([0, 23, 24, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER])(
    'writes ±%d in as few bytes as will do',
    (number) => {
      for (const any of [number, -1 - number].filter(Number.isSafeInteger)) {
        expect([...encode(any)]).toEqual([...encodeWithOracle(any)]);
      }
    },
  );

  it('sorts keys by length, then by their UTF-8 bytes', () => {
    const map = { b: 1, aa: 2, a: 3, '\u{10000}': 4, '\uffff': 5, é: 6 };
    expect([...encode(map)]).toEqual([...encodeWithOracle(map)]);
  });
});
