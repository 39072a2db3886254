import { describe, expect, test } from 'vitest';
import { hex } from '#src/base/bytes.js';
import {
  assertMatches,
  contentId,
  digestOf,
  isContentId,
  looksLikeId,
  nodeId,
  parseId,
} from '#src/id/cid.js';
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
