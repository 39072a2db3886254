import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromHex, hex } from '#src/base/bytes.js';
import type { ErrorCode } from '#src/base/errors.js';
import { contentId, nodeId } from '#src/id/cid.js';
import { decode, encode, linksIn, type Value } from '#src/id/codec.js';
import { hasCode } from '../tree/support.js';

/** The bytes of CBOR written as hexadecimal, spaces between items. */
const cbor = (text: string): Uint8Array => fromHex(text.replaceAll(' ', '')) ?? new Uint8Array();
const digest = '00'.repeat(32);

describe('canonical DAG-CBOR', () => {
  test.each<[string, Value]>([
    ['00', 0],
    ['17', 23],
    ['1818', 24],
    ['20', -1],
    ['1b001fffffffffffff', Number.MAX_SAFE_INTEGER],
    ['3b001ffffffffffffe', -Number.MAX_SAFE_INTEGER],
    ['f4', false],
    ['f6', null],
    ['60', ''],
    ['63 e697a5', '日'],
    ['64 f09f9880', '😀'],
    ['63 efbbbf', '\ufeff'],
    ['82 01 02', [1, 2]],
    ['a2 6162 01 626161 02', { b: 1, aa: 2 }],
    ['a0', {}],
  ])('%s is %j, both ways', (text, value) => {
    expect(decode(cbor(text))).toEqual(value);
    expect(hex(encode(value))).toBe(text.replaceAll(' ', ''));
  });

  test('carries links as tag 42 of the binary CID behind a zero byte', () => {
    const text = `d82a 5825 00 0155 1220 ${digest}`;
    const [link] = linksIn(decode(cbor(text)));
    expect(link?.toString()).toBe('bafkreiaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa');
  });

  test.each<[string, ErrorCode, string]>([
    ['nothing', 'E_ENCODING', ''],
    ['a float of 16 bits', 'E_ENCODING', 'f93c00'],
    ['a float of 32 bits', 'E_ENCODING', 'fa3f800000'],
    ['a float of 64 bits', 'E_ENCODING', 'fb3ff8000000000000'],
    ['a float that is a whole number', 'E_ENCODING', 'fb3ff0000000000000'],
    ['negative zero', 'E_ENCODING', 'fb8000000000000000'],
    ['not a number', 'E_ENCODING', 'fb7ff8000000000000'],
    ['an infinity', 'E_ENCODING', 'fb7ff0000000000000'],
    ['undefined', 'E_ENCODING', 'f7'],
    ['another simple value', 'E_ENCODING', 'e0'],
    ['a simple value of two bytes', 'E_ENCODING', 'f8ff'],
    ['an integer of 2⁵³', 'E_ENCODING', '1b0020000000000000'],
    ['an integer of −2⁵³', 'E_ENCODING', '3b001fffffffffffff'],
    ['the largest integer of CBOR', 'E_ENCODING', '1bffffffffffffffff'],
    ['a big integer', 'E_ENCODING', 'c249010000000000000000'],
    ['an integer longer than needed', 'E_ENCODING', '1817'],
    ['an integer in 8 bytes that fits 4', 'E_ENCODING', '1b00000000ffffffff'],
    ['a text length longer than needed', 'E_ENCODING', '7801 61'],
    ['a list length longer than needed', 'E_ENCODING', '9801 00'],
    ['a map length longer than needed', 'E_ENCODING', 'b801 6161 00'],
    ['keys in the wrong order', 'E_ENCODING', 'a2 626161 02 6162 01'],
    ['keys of one length in the wrong order', 'E_ENCODING', 'a2 6162 01 6161 02'],
    ['a key twice', 'E_ENCODING', 'a2 6161 01 6161 01'],
    ['a key that is a number', 'E_ENCODING', 'a1 01 01'],
    ['a key that is bytes', 'E_ENCODING', 'a1 4161 01'],
    ['text that is not UTF-8', 'E_ENCODING', '61 ff'],
    ['text with an overlong form', 'E_ENCODING', '62 c0af'],
    ['text with a lone surrogate', 'E_ENCODING', '63 eda080'],
    ['a key with a lone surrogate', 'E_ENCODING', 'a1 63 eda080 01'],
    ['bytes after the end', 'E_ENCODING', '00 00'],
    ['an end that comes too early', 'E_ENCODING', '82 01'],
    ['text longer than the input', 'E_ENCODING', '7a ffffffff 61'],
    ['a list longer than the input', 'E_ENCODING', '9b 00ffffffffffffff'],
    ['a map longer than the input', 'E_ENCODING', 'bb 00ffffffffffffff'],
    ['text of indefinite length', 'E_ENCODING', '7f 6161 ff'],
    ['bytes of indefinite length', 'E_ENCODING', '5f 4161 ff'],
    ['a list of indefinite length', 'E_ENCODING', '9f 01 ff'],
    ['a map of indefinite length', 'E_ENCODING', 'bf 6161 01 ff'],
    ['a break on its own', 'E_ENCODING', 'ff'],
    ['a reserved length', 'E_ENCODING', '1c'],
    ['a bomb of nested lists', 'E_LIMIT', `${'81'.repeat(100_000)}00`],
    ['a bomb of nested maps', 'E_LIMIT', `${'a16161'.repeat(10_000)}00`],
    ['a bomb of nested tags', 'E_LIMIT', `${'c1'.repeat(10_000)}00`],
    ['a tag other than 42', 'E_ENCODING', 'c0 6161'],
    ['tag 42 in more bytes than needed', 'E_ENCODING', `d9002a 5825 00 0155 1220 ${digest}`],
    ['tag 42 on text', 'E_ENCODING', 'd82a 6161'],
    ['a CID without its zero byte', 'E_ENCODING', `d82a 5824 0155 1220 ${digest}`],
    ['a CID with bytes after it', 'E_ENCODING', `d82a 5826 00 0155 1220 ${digest} 00`],
    ['a CIDv0', 'E_CID', `d82a 5823 00 1220 ${digest}`],
    ['a CID with an identity hash', 'E_CID', 'd82a 4600 0155 00 01 61'],
    ['a CID of another codec (dag-pb)', 'E_CID', `d82a 5825 00 0170 1220 ${digest}`],
    ['a CID of another hash (BLAKE3)', 'E_CID', `d82a 5825 00 0155 1e20 ${digest}`],
    ['a CID of a shortened SHA-256', 'E_CID', `d82a 55 00 0155 1210 ${'00'.repeat(16)}`],
    ['the key __proto__ with a map', 'E_ENCODING', 'a1 695f5f70726f746f5f5f a0'],
    ['the key __proto__ with a number', 'E_ENCODING', 'a1 695f5f70726f746f5f5f 01'],
  ])('refuses %s', (_, code, text) => {
    expect(() => decode(cbor(text))).toThrow(expect.toSatisfy(hasCode(code)));
  });

  test('refuses more bytes than the limit', () => {
    expect(() => decode(encode('x'.repeat(100)), 100)).toThrow(expect.toSatisfy(hasCode('E_LIMIT')));
    expect(() => decode(encode('x'.repeat(2 ** 20)))).toThrow(expect.toSatisfy(hasCode('E_LIMIT')));
  });

  test.each<[string, Value]>([
    ['a float', 1.5],
    ['negative zero', -0],
    ['an integer of 2⁵³', 2 ** 53],
    ['a lone surrogate', '\ud800'],
    ['a key with a lone surrogate', { '\udc00': 1 }],
  ])('is not written for %s', (_, value) => {
    expect(() => encode(value)).toThrow(expect.toSatisfy(hasCode('E_ENCODING')));
  });

  test('whatever is written reads back, and is the only form', () => {
    const link = fc.constantFrom(contentId(Buffer.of(1)), nodeId(Buffer.of(2)));
    const { value } = fc.letrec<{ value: Value }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.maxSafeInteger(),
        fc.string({ unit: 'binary' }),
        fc.boolean(),
        fc.constant(null),
        fc.uint8Array(),
        link,
        fc.array(tie('value'), { maxLength: 5 }),
        fc.dictionary(fc.string({ unit: 'binary' }), tie('value'), { maxKeys: 5 }),
      ),
    }));
    fc.assert(
      fc.property(value, (value) => {
        const bytes = encode(value);
        expect(hex(encode(decode(bytes)))).toBe(hex(bytes));
        expect(linksIn(decode(bytes)).length).toBe(linksIn(value).length);
      }),
    );
  });

  test('no damage to a byte goes unnoticed: another value, or a refusal', () => {
    const bytes = encode({ dvs: 1, kind: 'x', list: [1, 'two', contentId(Buffer.of())], n: null });
    for (let at = 0; at < bytes.length; at++) {
      for (const flip of [1, 32, 128]) {
        const damaged = Uint8Array.from(bytes, (byte, i) => (i === at ? byte ^ flip : byte));
        let again: Uint8Array;
        try {
          again = encode(decode(damaged));
        } catch (error) {
          expect(hasCode('E_ENCODING')(error) || hasCode('E_CID')(error) || hasCode('E_LIMIT')(error)).toBe(
            true,
          );
          continue;
        }
        expect(hex(again)).toBe(hex(damaged));
      }
    }
  });
});
