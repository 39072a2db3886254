import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Scratch } from './support.js';

let scratch: Scratch;
let remove: () => Promise<void>;

/** A table as the two splits sp:v1 and sp:v2, between which one row moved. */
beforeAll(async () => {
  ({ scratch, remove } = await Scratch.shared());
  await scratch.ok('init');
  for (const part of ['train', 'test']) {
    scratch.write('rows.csv', `id,part\n1,train\n2,${part}\n3,test\n`);
    await scratch.ok('add', 'rows.csv');
    await scratch.ok('split', 'rows.csv', '--key', 'id', '--column', 'part', '--name', 'sp');
  }
});

afterAll(() => remove());

describe('dvs diff of two splits', () => {
  test('tells which samples moved', async () => {
    expect(await scratch.ok('diff', 'sp:v1', 'sp:v2', '--lines', '0')).toContain(
      '1 moved from train to test',
    );
    expect((await scratch.run(['diff', 'sp:v1', 'sp:v2', '--exit-code'])).status).toBe(1);
  });

  test.each([
    [['--name-only'], '--name-only'],
    [['--name-status', '-z'], '--name-status, -z'],
    [['--content', '--key', 'id'], '--content, --key'],
    [['--git', 'main'], '--git'],
    [['--', '1*'], 'patterns'],
  ])('refuses %j, which is for files', async (options, told) => {
    const { status, stdout, stderr } = await scratch.run(['diff', 'sp:v1', 'sp:v2', ...options]);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(
      `dvs: ${told}: sp:v1 is a split, and this is for the files of datasets [E_USAGE]`,
    );
    expect(stderr).toContain('`--json` and `--jsonl`');
  });
});
