import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { checkout } from '#src/flows/checkout.js';
import { noise } from '../support/bytes.js';
import { failure } from '../support/errors.js';
import { addPath, leftovers, openRepository, problems, read, write } from '../support/repository.js';
import { tempDir } from '../support/tmp.js';

const run = (command: string, ...args: string[]) => spawnSync(command, args).status === 0;

/** A file system of `kib` KiB, unmounted when the test ends; undefined where that is not allowed. */
async function smallDisk(kib: number): Promise<{ path: string; grow(kib: number): void } | undefined> {
  const path = await tempDir();
  if (!run('mount', '-t', 'tmpfs', '-o', `size=${kib}k`, 'dvs-test', path)) return undefined;
  onTestFinished(() => {
    // Lazily: whatever still has a file open there must not keep the mount.
    if (!run('umount', path)) run('umount', '-l', path);
  });
  return { path, grow: (to) => void run('mount', '-o', `remount,size=${to}k`, path) };
}

const canMount = run('unshare', '--mount', 'mount', '-t', 'tmpfs', 'dvs-test', '/mnt');

describe.skipIf(!canMount)('a full disk (skipped where tmpfs cannot be mounted)', () => {
  const small = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`data/${i}`, noise(10_000, i)]));
  const large = { 'data/large': noise(5_000_000, 77) };

  // 400 KB of small files, or one of 5 MB: the space ends in the catalogue, in a pack, in the log or the lock.
  test.each([
    ['small files, almost nothing left', small, 60],
    ['small files, half of the pack fits', small, 260],
    ['small files, the pack just does not fit', small, 400],
    ['one large file', large, 2_000],
    ['one large file, almost all of it fits', large, 4_800],
  ])('add: %s', async (_, files, kib) => {
    const disk = await smallDisk(8_000);
    if (disk === undefined) throw new Error('tmpfs could be mounted a moment ago');
    const { repo, root } = await openRepository(join(disk.path));
    write(root, { 'first/a': 'fits' });
    await addPath(repo, 'first');
    const outside = await tempDir();
    write(outside, files);
    mkdirSync(join(root, 'data'));
    expect(run('mount', '--bind', join(outside, 'data'), join(root, 'data'))).toBe(true);
    onTestFinished(() => void run('umount', join(root, 'data')));
    disk.grow(usedKib(disk.path) + kib);
    const error = await failure(() => addPath(repo, 'data'));
    expect(error.code).toBe('E_NOSPC');
    expect(leftovers(root)).toEqual([]);
    disk.grow(20_000);
    expect(await problems(repo)).toEqual([]);
    const { version } = await addPath(repo, 'data');
    expect(version).toBe(1);
    expect(await problems(repo)).toEqual([]);
  });

  test.each([
    ['small files', small, 200],
    ['one large file', large, 2_000],
  ])('checkout: %s', async (_, files, kib) => {
    const { repo, root } = await openRepository();
    write(root, files);
    await addPath(repo, 'data');
    const disk = await smallDisk(kib);
    if (disk === undefined) throw new Error('tmpfs could be mounted a moment ago');
    const options = { reference: 'data', dest: join(disk.path, 'data'), cwd: root };
    expect((await failure(() => checkout(repo, options))).code).toBe('E_NOSPC');
    expect(readdirSync(options.dest)).not.toContain('.dvs');
    disk.grow(20_000);
    await checkout(repo, options);
    expect(read(options.dest)).toEqual(read(join(root, 'data')));
  });
});

function usedKib(path: string): number {
  const { stdout } = spawnSync('df', ['--output=used', '-k', path], { encoding: 'utf8' });
  return Number(stdout.split('\n')[1]);
}
