import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dvsOk } from '#faults/dvs.js';
import { filesIn } from '#faults/files.js';
import { damage, history, opened } from '#faults/history.js';
import { killedAfter } from '#faults/kill.js';
import { half, unfinished } from '#faults/kills/state.js';
import { Twins } from '#faults/kills/twins.js';
import { Ledger } from '#faults/ledger.js';
import { Random } from '#faults/random.js';
import { kills } from '#faults/rows/kills.js';
import { sampleKills } from '#faults/rows/sample-kills.js';
import { write } from '../support/repository.js';
import { tempDir } from '../support/tmp.js';

test('a sample of the kills', { timeout: 120_000 }, async () => {
  const { counts, failures } = await kills.run({ scale: 0.006, seed: 7, report() {} });
  expect(failures).toEqual([]);
  expect(counts).toMatchObject({ kills: 6 });
});

test('a sample of the kills of what is made of samples', { timeout: 120_000 }, async () => {
  const { counts, failures } = await sampleKills.run({ scale: 0.012, seed: 7, report() {} });
  expect(failures).toEqual([]);
  expect(counts).toMatchObject({ kills: 6 });
});

test('what only one of the twins has is reported', { timeout: 60_000 }, async () => {
  const folder = await tempDir();
  const twins = await Twins.begin(folder, new Random(1));
  await dvsOk(join(folder, 'killed'), ['shuffle', 'split/test', '--seed', '0', '--name', 'order']);
  const failures: string[] = [];
  for (let i = 0; i < 10 && failures.length === 0; i++) failures.push(...(await twins.kill()));
  expect(failures.join()).toContain('order');
});

test('a killed command says that it was', async () => {
  const root = await tempDir();
  expect(await killedAfter(root, ['init'], 0)).toMatchObject({ wasKilled: true, code: undefined });
  expect(await killedAfter(root, ['init'], 60_000)).toMatchObject({ wasKilled: false, code: 0 });
});

test('a version that is gone, a pack with another byte and a log with a hole are reported', {
  timeout: 60_000,
}, async () => {
  const root = await tempDir();
  const ledger = new Ledger();
  await dvsOk(root, ['init', '-q']);
  for (const text of ['one', 'two', 'three']) {
    write(root, { 'data/a': text });
    const id = await dvsOk(root, ['add', 'data', '-q']);
    ledger.acknowledge('data', id.trim(), filesIn(join(root, 'data')));
  }
  const lost = () => opened(root, async (repo) => ledger.lost(await history(repo)));
  expect(await lost()).toEqual([]);
  expect(await opened(root, (repo) => ledger.unequal(repo))).toEqual([]);
  expect(await opened(root, damage)).toEqual([]);

  const [last = '', middle = ''] = readdirSync(join(root, '.dvs', 'log'))
    .sort()
    .reverse();
  rmSync(join(root, '.dvs', 'log', last));
  await expect(lost()).rejects.toThrow('has lost its entry');
  // Without the index nothing remembers that there was one more.
  rmSync(join(root, '.dvs', 'catalogue'), { recursive: true });
  expect(await lost()).toEqual([expect.stringContaining('acknowledged version')]);
  // Each of the three has a pack; that of the lost entry does not count any more.
  const packs = readdirSync(join(root, '.dvs', 'packs'), { recursive: true, encoding: 'utf8' });
  for (const pack of packs.filter((path) => path.length > 60)) {
    writeFileSync(join(root, '.dvs', 'packs', pack), 'no pack');
  }
  expect(await opened(root, damage)).not.toEqual([]);
  writeFileSync(join(root, '.dvs', 'log', middle), 'no entry');
  await expect(lost()).rejects.toThrow();
});

test('half a file, half a tag, half a lock and work left undone are reported', () => {
  const old = new Map([['a', '1']]);
  const state = { files: old, versions: ['v1', 'v2'], tag: 'v1', recorded: 'v1' };
  const aim = { command: 'checkout', args: [], files: new Map([['a', '2']]), id: 'v2' } as const;
  expect(half(state, aim, state)).toEqual([]);
  expect(half(state, aim, { ...state, files: aim.files, recorded: 'v2' })).toEqual([]);
  expect(half(state, aim, { ...state, files: new Map() })).toHaveLength(1);
  expect(half(state, aim, { ...state, tag: 'v2' })).toHaveLength(1);
  expect(half(state, aim, { ...state, recorded: 'v3' })).toHaveLength(1);
  expect(unfinished(aim, state)).toHaveLength(2);
  expect(unfinished(aim, { ...state, files: aim.files, recorded: 'v2' })).toEqual([]);
});
