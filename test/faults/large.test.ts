import { expect, test } from 'vitest';
import { Peaks } from '#faults/peak.js';
import { large } from '#faults/rows/large.js';
import { tempDir } from '../support/tmp.js';

test('a sample of the row: every command works, within the limit', { timeout: 300_000 }, async () => {
  const { counts, failures } = await large.run({ scale: 0.0005, seed: 1, report() {} });
  expect(failures).toEqual([]);
  expect(counts['files']).toBe(500);
  expect(counts['versions']).toBe(5);
  expect(counts['commands']).toBeGreaterThan(40);
  expect(counts['MiB at most']).toBeGreaterThan(30);
});

test('a command that takes more than the limit is reported, and one that fails', async () => {
  const root = await tempDir();
  const peaks = new Peaks(20, () => {});
  await peaks.run(root, 'nothing', 'help');
  expect(peaks.failures).toEqual([
    expect.stringMatching(/^dvs help \(nothing\): \d+ MiB, and 20 are allowed$/),
  ]);
  await peaks.run(root, 'no store', 'status');
  expect(peaks.failures[1]).toContain('E_NO_STORE');
});
