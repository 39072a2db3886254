import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { faultOf, wrongFiles } from '#faults/hostile/trial.js';
import { hostile, kinds, tryKinds } from '#faults/rows/hostile.js';
import { tempDir } from '../support/tmp.js';

const options = { scale: 0.012, seed: 4, report() {} };

test('a sample: no store makes a command hang, crash or answer wrong', async () => {
  const { counts, failures } = await hostile.run(options);
  expect(failures).toEqual([]);
  expect(counts).toMatchObject({ 'hostile stores': 2 });
  expect(kinds.length).toBeGreaterThan(150);
  expect(new Set(kinds.map(({ name }) => name)).size).toBe(kinds.length);
}, 120_000);

test('damage that verify does not find, and a wrong answer, are faults', async () => {
  const kind = {
    name: 'a file that nobody added',
    harm: (root: string) => writeFileSync(join(root, 'plain', 'mine'), ''),
    isLie: false,
    isWrong: true,
  };
  const { failures } = await tryKinds(await tempDir(), [kind], options);
  expect(failures).toEqual([
    'seed 4, a file that nobody added: verify finds nothing',
    expect.stringMatching(/^seed 4, a file that nobody added: status: printed [\s\S]*1 added/),
  ]);
}, 120_000);

test('how a process must not end is a fault', () => {
  const ended = { code: 0, signal: undefined, stdout: '', stderr: '' };
  expect(faultOf(ended)).toBeUndefined();
  expect(faultOf({ ...ended, code: 4, stderr: 'dvs: damaged [E_DAMAGED]' })).toBeUndefined();
  expect(faultOf({ ...ended, code: undefined, signal: 'SIGKILL' })).toContain('SIGKILL');
  expect(faultOf({ ...ended, code: 70, stderr: '[E_INTERNAL]' })).toContain('a bug');
  expect(faultOf({ ...ended, code: 4 })).toContain('without a code');
});

test('wrong, foreign and lacking files are faults', async () => {
  const dest = await tempDir();
  writeFileSync(join(dest, 'wrong'), 'bytes');
  writeFileSync(join(dest, 'foreign'), '');
  const files = new Map(['wrong', 'lacking'].map((path) => [path, Buffer.from(path)]));
  expect(wrongFiles(dest, files, true).toSorted()).toEqual([
    'has not lacking',
    'wrote wrong bytes to foreign',
    'wrote wrong bytes to wrong',
  ]);
  expect(wrongFiles(join(dest, 'none'), files, false)).toEqual([]);
});
