import { sha256 as oracle } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareUtf8, hex, utf8 } from '#src/base/bytes.js';
import { Sha256, sha256 } from '#src/id/hash.js';

test('SHA-256 is that of an independent implementation, whole and in pieces', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 })), (pieces) => {
      const whole = Buffer.concat(pieces);
      const inPieces = pieces.reduce((hash, piece) => hash.update(piece), new Sha256()).digest();
      expect(hex(sha256(whole))).toBe(hex(oracle(whole)));
      expect(hex(inPieces)).toBe(hex(oracle(whole)));
    }),
  );
});

test('compareUtf8 orders text as its bytes are ordered', () => {
  const text = fc.string({
    unit: fc.oneof(fc.constantFrom('a', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{10ffff}')),
  });
  const any = fc.oneof(text, fc.string({ unit: 'binary' }));
  fc.assert(
    fc.property(any, any, (a, b) => {
      expect(Math.sign(compareUtf8(a, b))).toBe(Buffer.compare(utf8(a), utf8(b)));
    }),
    { numRuns: 1000 },
  );
});
