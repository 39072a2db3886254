import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { after as advanced, parseCursor, printCursor } from '#src/ops/shuffle/cursor.js';
import { codeOf, failure } from '../../support/errors.js';

const MOST = Number.MAX_SAFE_INTEGER;
const counts = fc.oneof(fc.nat({ max: 20 }), fc.maxSafeNat());

describe('the text of a cursor', () => {
  test.each([
    ['p@0.0', { reference: 'p', epoch: 0, step: 0 }],
    ['p:v3@12.41600', { reference: 'p:v3', epoch: 12, step: 41600 }],
    ['data/a@2x.png@1.2', { reference: 'data/a@2x.png', epoch: 1, step: 2 }],
    [`p@${MOST}.${MOST}`, { reference: 'p', epoch: MOST, step: MOST }],
  ])('%s', (text, cursor) => {
    expect(parseCursor(text)).toEqual(cursor);
    expect(printCursor(cursor)).toBe(text);
  });

  test('is read as it was written, whatever the reference', () => {
    const reference = fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom('a@1.2', '@', '@3.4', 'x\ny'));
    fc.assert(
      fc.property(reference, counts, counts, (name, epoch, step) => {
        const cursor = { reference: name, epoch, step };
        expect(parseCursor(printCursor(cursor))).toEqual(cursor);
      }),
    );
  });

  test.each([
    '',
    'p',
    'p@',
    'p@1',
    'p@1.',
    'p@.1',
    '@1.2',
    'p@01.2',
    'p@1.02',
    'p@-1.2',
    'p@+1.2',
    'p@1.2.3',
    'p@1e3.2',
    'p@0x1.2',
    'p@1.2 ',
    'p@ 1.2',
    'p@1.2\n',
    'p@١.٢',
    'p@9007199254740992.0',
    'p@0.9007199254740992',
    `p@0.${'9'.repeat(400)}`,
  ])('refuses %j', async (text) => {
    expect(await codeOf(() => parseCursor(text))).toBe('E_USAGE');
  });

  test('says what was written where that is beyond all numbers', async () => {
    expect((await failure(() => parseCursor('p@9007199254740993.0'))).message).toBe(
      'the epoch of a cursor has to be a whole number from 0 to 9007199254740991, not 9007199254740993',
    );
  });

  test('says how to write one', async () => {
    expect((await failure(() => parseCursor('p@1'))).hint).toContain('p@3.41600');
  });

  test.each([
    { reference: '', epoch: 0, step: 0 },
    { reference: 'p', epoch: -1, step: 0 },
    { reference: 'p', epoch: 0, step: 0.5 },
  ])('is not written for %j', async (cursor) => {
    expect(await codeOf(() => printCursor(cursor))).toBe('E_USAGE');
  });
});

describe('after', () => {
  const at = (epoch: number, step: number) => ({ reference: 'p', epoch, step });

  test.each([
    [at(3, 0), 4, at(3, 4)],
    [at(3, 4), 5, at(3, 9)],
    [at(3, 4), 6, at(4, 0)],
    [at(3, 10), 0, at(4, 0)],
    [at(3, 9), 12, at(5, 1)],
    [at(3, 0), 30, at(6, 0)],
  ])('%j and %i of 10 more: %j', (cursor, consumed, next) => {
    expect(advanced(cursor, consumed, 10)).toEqual(next);
  });

  test('counts exactly, as integers of any size do', () => {
    fc.assert(
      fc.property(counts, counts, counts, (one, two, consumed) => {
        const n = Math.max(one, two, 1);
        const next = advanced(at(0, Math.min(one, two)), consumed, n);
        const total = BigInt(Math.min(one, two)) + BigInt(consumed);
        expect([BigInt(next.epoch), BigInt(next.step)]).toEqual([total / BigInt(n), total % BigInt(n)]);
      }),
    );
  });

  test('refuses what is beyond the order, and what is no number of positions', async () => {
    expect(await codeOf(() => advanced(at(0, 11), 0, 10))).toBe('E_USAGE');
    expect(await codeOf(() => advanced(at(0, 0), -1, 10))).toBe('E_USAGE');
    expect(await codeOf(() => advanced(at(0, 0), 0.5, 10))).toBe('E_USAGE');
    expect(await codeOf(() => advanced(at(0, 0), 0, 0))).toBe('E_USAGE');
    expect(await codeOf(() => advanced(at(MOST, 9), 1, 10))).toBe('E_USAGE');
  });
});
