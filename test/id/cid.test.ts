import { describe, expect, test } from 'vitest';
import { hex, utf8 } from '#src/base/bytes.js';
import {
  assertMatches,
  CID,
  cidOf,
  contentId,
  decodeCid,
  digestOf,
  isContentId,
  looksLikeId,
  nodeId,
  parseId,
  RAW,
} from '#src/id/cid.js';
import { sha256 } from '#src/id/hash.js';
import { hasCode } from '../tree/support.js';

const abc = Buffer.from('abc');
const ABC = 'bafkreif2pall7dybz7vecqka3zo24irdwabwdi4wc55jznaq75q7eaavvu';

describe('an ID', () => {
  test('of a content is its SHA-256, as sha256sum prints it', () => {
    expect(hex(digestOf(contentId(abc)))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
    expect(contentId(abc).toString()).toBe(ABC);
    expect([isContentId(contentId(abc)), isContentId(nodeId(abc))]).toEqual([true, false]);
  });

  test('is read from its bytes, and keeps none of them', () => {
    for (const id of [contentId(abc), nodeId(abc)]) {
      const bytes = Uint8Array.from(id.bytes);
      const read = decodeCid(bytes);
      bytes.fill(0);
      expect(read.equals(id)).toBe(true);
      expect([read.toString(), hex(read.bytes), hex(digestOf(read))]).toEqual([
        id.toString(),
        hex(id.bytes),
        hex(digestOf(id)),
      ]);
    }
    const foreign = CID.parse('QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n');
    expect(decodeCid(foreign.bytes).equals(foreign)).toBe(true);
    expect(() => decodeCid(contentId(abc).bytes.subarray(1))).toThrow();
  });

  test('is made of 32 bytes and no others', () => {
    expect(() => cidOf(RAW, new Uint8Array(31))).toThrow();
    expect(() => cidOf(RAW, new Uint8Array(33))).toThrow();
  });

  test('made of the same digest many times stays the same', () => {
    const digests = Array.from({ length: 1_000 }, (_, i) => sha256(utf8(String(i))));
    const ids = digests.map((digest) => cidOf(RAW, digest));
    for (const [i, id] of ids.entries()) {
      expect(hex(digestOf(id))).toBe(hex(digests[i] ?? abc));
      expect(parseId(id.toString()).equals(id)).toBe(true);
    }
  });

  test('is read from its text', () => {
    expect(parseId(ABC).toString()).toBe(ABC);
    expect([ABC, nodeId(abc).toString(), 'bafkrei', `${ABC}a`, 'mnist'].map(looksLikeId)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  test.each([
    ['nothing', ''],
    ['a name', 'mnist'],
    ['half of one', ABC.slice(0, 30)],
    ['upper case', ABC.toUpperCase()],
    ['spare bits that are not zero', `${ABC.slice(0, -1)}v`],
    ['base58', 'zb2rhk6GMPQF3hfzwXTaNYFLKomMeC6UXdUt6jZKPpeVirLtV'],
    ['CIDv0', 'QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n'],
    ['dag-pb', 'bafybeihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku'],
    ['an identity hash', 'bafkqaa3bmjrq'],
    ['a space behind it', `${ABC} `],
  ])('is not %s', (_, text) => {
    expect(() => parseId(text)).toThrow(expect.toSatisfy(hasCode('E_CID')));
  });

  test('is held against bytes', () => {
    expect(() => assertMatches(contentId(abc), abc)).not.toThrow();
    expect(() => assertMatches(contentId(abc), Buffer.from('abd'))).toThrow(
      expect.toSatisfy(hasCode('E_CID_MISMATCH')),
    );
  });
});
