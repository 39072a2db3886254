import { describe, expect, test } from 'vitest';
import { decoders } from '#faults/decoders/decoders.js';
import { tryDecoder } from '#faults/decoders/try.js';
import { decodersRow } from '#faults/rows/decoders.js';
import { utf8 } from '#src/base/bytes.js';
import { DvsError } from '#src/base/errors.js';

test('a sample: every decoder refuses or reads, and nothing else', async () => {
  const outcome = await decodersRow.run({ scale: 0.004, seed: 11, report() {} });
  expect(outcome.failures).toEqual([]);
  expect(outcome.counts).toMatchObject({ decoders: decoders.length, inputs: decoders.length * 4000 });
});

describe('a decoder is found out that', () => {
  const samples = [utf8('valid')] as const;

  test.each<[string, () => () => boolean]>([
    [
      'throws what is no DvsError',
      () => {
        throw new RangeError('no place to read from');
      },
    ],
    [
      'has a bug and says so',
      () => {
        throw new DvsError('E_INTERNAL', 'a bug');
      },
    ],
    ['reads what it does not write', () => () => false],
    ['fails on what it has read', () => () => Number.NaN.toFixed(1000) === ''],
  ])('%s', async (_, read) => {
    const tried = await tryDecoder(
      { name: 'bad', samples, read: (bytes) => (bytes.length > 3 ? read() : () => true) },
      { runs: 1000, seed: 1 },
    );
    expect(tried.failure).toMatch(/^bad: .*; seed 1, run \d+, input [0-9a-f]{8,}/);
    expect(tried.runs).toBeLessThan(1000);
  });

  test('changes its input', async () => {
    const read = (bytes: Uint8Array) => {
      bytes.fill(0);
      return () => true;
    };
    const tried = await tryDecoder({ name: 'bad', samples, read }, { runs: 100, seed: 1 });
    expect(tried.failure).toContain('the input was changed');
  });
});
