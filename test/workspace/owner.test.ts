import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeOwner, isHere, isOwnerAlive, ownedName, ownerOf, sweepTemp } from '#src/base/owner.js';
import { tempDir } from '../support/tmp.js';

const UUID = '01234567-89ab-cdef-0123-456789abcdef';

/** The pid of a process that has ended. */
async function endedPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  return child.pid ?? Number.NaN;
}

test('this process is alive and here', () => {
  expect(isOwnerAlive(describeOwner())).toBe(true);
  expect(isHere(describeOwner())).toBe(true);
});

test('a process that has ended is not', async () => {
  expect(isOwnerAlive({ ...describeOwner(), pid: await endedPid() })).toBe(false);
});

test('nor is one whose pid another process has now', ({ skip }) => {
  if (describeOwner().started === '0') skip('this system does not tell when processes started');
  expect(isOwnerAlive({ ...describeOwner(), started: '1' })).toBe(false);
});

test('nor one that ended and was not waited for', async ({ skip }) => {
  if (process.platform !== 'linux') skip('needs /proc');
  // The shell starts a child and becomes a program that never waits for it.
  const parent = spawn('sh', ['-c', 'sleep 0.05 & echo $!; exec sleep 5']);
  const [line] = await once(parent.stdout, 'data');
  const pid = Number(String(line));
  try {
    expect(isOwnerAlive({ ...describeOwner(), pid, started: '0' })).toBe(true);
    await expect.poll(() => isOwnerAlive({ ...describeOwner(), pid, started: '0' })).toBe(false);
  } finally {
    parent.kill();
  }
});

test('of another host nothing is known', async () => {
  const far = { ...describeOwner(), place: 'elsewhere-00000000', pid: await endedPid() };
  expect(isHere(far)).toBe(false);
  expect(isOwnerAlive(far)).toBe(true);
});

test('a name tells its owner, and no two are equal', () => {
  expect(ownerOf(ownedName())).toEqual(describeOwner());
  expect(ownedName()).not.toBe(ownedName());
});

test.each([
  '',
  'x',
  '1.2',
  `0.1.${UUID}.a`,
  `-1.1.${UUID}.a`,
  `1.1.${UUID}.`,
  `1.1.${UUID}.a/b`,
  `1.1.${UUID}.a\n`,
])('%j is no such name', (name) => expect(ownerOf(name)).toBeUndefined());

test('sweeping removes what ended processes left, and nothing else', async () => {
  const folder = await tempDir();
  const { started, place } = describeOwner();
  const dead = `${await endedPid()}.${started}.${UUID}`;
  const kept = [ownedName(), `${dead}.elsewhere-00000000`, 'notes.txt', dead];
  for (const name of [...kept, `${dead}.${place}`]) {
    await mkdir(join(folder, name, 'inner'), { recursive: true });
    await writeFile(join(folder, name, 'inner', 'file'), 'x');
  }
  await writeFile(join(folder, `1${dead}.${place}`), 'a file with a pid beyond all others');
  expect(await sweepTemp(folder)).toBe(2);
  expect((await readdir(folder)).sort()).toEqual(kept.sort());
});

test('sweeping a folder that is not there is nothing', async () => {
  expect(await sweepTemp(join(await tempDir(), 'none'))).toBe(0);
});
