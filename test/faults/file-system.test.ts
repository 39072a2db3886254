import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dvsOk } from '#faults/dvs.js';
import { countSyncs } from '#faults/file-system/count-syncs.js';
import { following } from '#faults/file-system/following.js';
import { readJournal } from '#faults/file-system/journal.js';
import type { Fault } from '#faults/file-system/plan.js';
import { tempDir } from '../support/tmp.js';

/** Writes, syncs, renames and reads, in a thread and in the main one. */
const SCRIPT = `
  import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
  import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
  import { isMainThread, Worker } from 'node:worker_threads';
  if (isMainThread) {
    await mkdir('a/b', { recursive: true });
    const handle = await open('a/b/one', 'wx');
    await handle.writeFile('abcdefgh');
    await handle.sync();
    await handle.close();
    await rename('a/b/one', 'a/two');
    await writeFile('a/b/three', 'x');
    await rm('a/b', { recursive: true });
    await new Promise((resolve) => new Worker(process.argv[1]).on('exit', resolve));
    console.log(readFileSync('a/two', 'utf8'));
  } else {
    const file = openSync('a/four', 'w');
    console.log(writeSync(file, Buffer.from('12345678'), 0, 8, 0));
    closeSync(file);
  }
`;

async function run(fault?: Fault) {
  const root = await tempDir();
  const script = join(root, 'script.mjs');
  writeFileSync(script, SCRIPT);
  const plan = following({ root, journal: join(root, 'journal'), ...(fault && { fault }) });
  const { nodeArguments = [], env } = plan;
  const ended = spawnSync(process.execPath, [...nodeArguments, script], {
    cwd: root,
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  const told = readJournal(join(root, 'journal')).filter(
    (entry) => !('path' in entry) || entry.path !== script,
  );
  return { root, ended, told };
}

describe('the file system under test', () => {
  test('tells every change in order, of all threads, and the parts of composed calls', async () => {
    const { ended, told } = await run();
    expect(ended.stderr).toBe('');
    expect(ended.stdout).toBe('8\nabcdefgh\n');
    expect(told.map(({ op }) => op).filter((op) => op !== 'open' && op !== 'calls')).toEqual([
      'mkdir',
      'mkdir',
      'write',
      'syncing',
      'synced',
      'rename',
      'write',
      'unlink',
      'rmdir',
      'write',
    ]);
    const calls = told.findLast((entry) => entry.op === 'calls');
    expect(calls?.counts).toMatchObject({ write: 3, fsync: 1, rename: 1, rmdir: 1, link: 0 });
  });

  test('fails one call as the kernel would', async () => {
    const { ended, told } = await run({ kind: 'rename', nth: 1, act: 'fail', code: 'ENOSPC' });
    expect(ended.status).toBe(1);
    expect(ended.stderr).toMatch(/code: 'ENOSPC'/);
    expect(told.some(({ op }) => op === 'rename')).toBe(false);
  });

  test('cuts a write short, in whatever thread it is', async () => {
    const { ended } = await run({ kind: 'write', nth: 3, act: 'short' });
    expect(ended.stdout).toBe('4\nabcdefgh\n');
  });

  test('tears a write', async () => {
    const { root, ended } = await run({ kind: 'write', nth: 1, act: 'tear' });
    expect(ended.stderr).toMatch(/code: 'EIO'/);
    expect(readFileSync(join(root, 'a/b/one'), 'utf8')).toBe('abcd');
  });

  test.each([
    ['kill before', false],
    ['kill after', true],
  ] as const)('ends the process: %s', async (act, isDone) => {
    const { root, ended } = await run({ kind: 'rename', nth: 1, act });
    expect(ended.signal).toBe('SIGKILL');
    expect(existsSync(join(root, 'a/two'))).toBe(isDone);
  });
});

/** What a command waited for beside packs, with `*` for names that differ each time. */
async function waits(root: string, ...args: string[]) {
  const { packs, others } = await countSyncs(root, args);
  return { packs, others: others.map((path) => path.replace(/[^/]*[0-9a-f]{8}-.*/, '*')) };
}

const A_COMMIT = ['.dvs/packs', '.dvs/tmp/*', '.dvs/log', '.dvs/tmp/*'];

test('an init waits for the disk four times', async () => {
  const { others } = await waits(await tempDir(), 'init');
  expect(others).toEqual(['', '.dvs', '.dvs/tmp/*', '.dvs']);
});

test('an add waits for the disk once a pack and four times more, the first like any other', async () => {
  const root = await tempDir();
  await dvsOk(root, ['init']);
  for (const text of ['one', 'two']) {
    writeFileSync(join(root, 'data'), text);
    // One pack of data, one of nodes.
    expect(await waits(root, 'add', 'data')).toEqual({ packs: 2, others: A_COMMIT });
  }
});

test('an add makes the folders that a store lacks, and waits for their names', async () => {
  const root = await tempDir();
  await dvsOk(root, ['init']);
  for (const folder of ['packs', 'log']) rmdirSync(join(root, '.dvs', folder));
  writeFileSync(join(root, 'data'), 'one');
  const { others } = await waits(root, 'add', 'data');
  expect(others).toEqual(['.dvs', '.dvs/packs', '.dvs', ...A_COMMIT.slice(1)]);
});
