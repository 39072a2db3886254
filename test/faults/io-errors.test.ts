import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { trials } from '#faults/io/commands.js';
import { inject, type Ready, ready, syncedAgain } from '#faults/io/inject.js';
import { ioErrors } from '#faults/rows/io-errors.js';

test('the row runs', async () => {
  const { failures, counts } = await ioErrors.run({ scale: 0.01, seed: 11, report() {} });
  expect(failures).toEqual([]);
  expect(counts['faults that fired']).toBeGreaterThan(3);
}, 120_000);

describe('the row finds', () => {
  let prepared: Ready;
  beforeAll(async () => {
    const [init] = trials;
    if (init === undefined) throw new Error('there are trials');
    prepared = await ready(init);
  }, 60_000);
  afterAll(() => rmSync(prepared.folder, { recursive: true, force: true }));

  test('a false success, and a log that lost something', async () => {
    const { before, after } = prepared;
    const lying = {
      ...prepared,
      before: { ...before, moves: ['1'] },
      after: { ...after, moves: ['1', '2'] },
    };
    const { fired, succeeded, failures } = await inject(lying, { kind: 'write', nth: 1, act: 'short' });
    expect({ fired, succeeded }).toEqual({ fired: true, succeeded: true });
    expect(failures.join('\n')).toMatch(/the log lost something[\s\S]*the log says/);
  }, 60_000);

  test('an fsync that is tried again', () => {
    const fault = { op: 'fault', kind: 'fsync', path: '/a', pid: 1 } as const;
    expect(syncedAgain([fault, { op: 'syncing', fd: 3, path: '/b', pid: 1 }])).toEqual([]);
    expect(syncedAgain([fault, { op: 'syncing', fd: 3, path: '/a', pid: 1 }])).toHaveLength(1);
  });
});
