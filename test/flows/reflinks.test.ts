import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { MiB } from '#src/base/limits.js';
import { add } from '#src/flows/add.js';
import { cachePrune, cacheSummary, cacheVerify } from '#src/flows/cache.js';
import { checkout } from '#src/flows/checkout.js';
import { status } from '#src/flows/status.js';
import { noise } from '../support/bytes.js';
import { addPath, type Opened, openRepository, read, write } from '../support/repository.js';
import { tempDir } from '../support/tmp.js';

const run = (command: string, ...args: string[]) => spawnSync(command, args).status === 0;

/** What makes a file system with reflinks, and how large it has to be. */
const MAKERS: readonly (readonly [string, readonly string[], number])[] = [
  ['mkfs.xfs', ['-q', '-m', 'reflink=1'], 320 * MiB],
  ['mkfs.btrfs', ['-q'], 128 * MiB],
];

const maker = MAKERS.find(([command]) => run('which', command));
const canMount = run('unshare', '--mount', 'mount', '-t', 'tmpfs', 'dvs-test', '/mnt');

/** A file system with reflinks in a sparse file, unmounted when the test ends. */
async function reflinkDisk(): Promise<string> {
  const folder = await tempDir();
  const [image, path] = [join(folder, 'image'), join(folder, 'disk')];
  if (maker === undefined) throw new Error('nothing can make such a file system');
  const [command, options, size] = maker;
  writeFileSync(image, '');
  truncateSync(image, size);
  mkdirSync(path);
  if (!run(command, ...options, image) || !run('mount', '-o', 'loop', image, path)) {
    throw new Error(`${command} and mount did not do`);
  }
  onTestFinished(() => {
    if (!run('umount', path)) run('umount', '-l', path);
  });
  return path;
}

async function onReflinks(size = 1 << 30): Promise<Opened & { disk: string }> {
  const disk = await reflinkDisk();
  const root = join(disk, 'work');
  mkdirSync(root);
  return { ...(await openRepository(root, { dir: join(disk, 'cache'), size })), disk };
}

/** Bytes in use. */
function used(path: string): number {
  run('sync', '-f', path);
  const { blocks, bfree, bsize } = statfsSync(path);
  return (blocks - bfree) * bsize;
}

const LARGE = 12 * MiB;
/** Files have to look settled before they are cloned. */
const settle = () => sleep(100);

describe.skipIf(maker === undefined || !canMount)(
  'with reflinks (skipped without mkfs.xfs, mkfs.btrfs or mount)',
  () => {
    test('add fills the cache, and checkout takes from it, without more room', async () => {
      const { repo, root, disk } = await onReflinks();
      write(root, { 'data/large': noise(LARGE, 1), 'data/medium': noise(100_000, 2), 'data/small': 'small' });
      await settle();
      await addPath(repo, 'data');
      expect(cacheSummary(repo)).toMatchObject({ own: { files: 2, bytes: LARGE + 100_000 } });
      expect((await cacheVerify(repo)).removed).toEqual([]);
      const before = used(disk);
      const dest = join(disk, 'copy');
      const [result] = await checkout(repo, { cwd: root, reference: 'data', dest });
      expect(result).toMatchObject({ written: 3, linked: 2, notLinked: undefined });
      expect(used(disk) - before).toBeLessThan(2 * MiB);
      expect(read(dest)).toEqual(read(join(root, 'data')));
      expect(statSync(join(dest, 'large'))).toMatchObject({
        nlink: 1,
        mode: statSync(join(dest, 'small')).mode,
      });
    });

    test('a copy is its own: writing to it changes neither the cache nor others', async () => {
      const { repo, root, disk } = await onReflinks();
      write(root, { 'data/large': noise(LARGE, 1) });
      await addPath(repo, 'data');
      rmSync(join(root, 'data'), { recursive: true });
      await checkout(repo, { cwd: root, link: 'reflink' });
      await checkout(repo, { cwd: root, link: 'reflink', reference: 'data', dest: join(disk, 'copy') });
      expect((await status(repo)).clean).toBe(true);
      appendFileSync(join(root, 'data/large'), 'more');
      expect((await status(repo)).clean).toBe(false);
      expect(readFileSync(join(disk, 'copy/large')).equals(noise(LARGE, 1))).toBe(true);
      expect((await cacheVerify(repo)).removed).toEqual([]);
    });

    test('a file that was written a moment ago, or while it was added, is not cached', async () => {
      const { repo, root, events } = await onReflinks();
      write(root, { 'data/fresh': noise(100_000, 1) });
      const later = Date.now() / 1000 + 3600; // as new as can be, however long this takes
      utimesSync(join(root, 'data/fresh'), later, later);
      await addPath(repo, 'data');
      expect(cacheSummary(repo)).toMatchObject({ own: { files: 0 } });
      write(root, { 'data/changing': noise(LARGE, 2) });
      await settle();
      const push = events.push.bind(events);
      let writes = 0;
      events.push = (event) => {
        if (event.phase === 'reading' && event.bytes > 0 && writes++ < 1)
          appendFileSync(join(root, 'data/changing'), '!');
        return push(event);
      };
      await add(repo, { paths: [] });
      expect((await cacheVerify(repo)).removed).toEqual([]);
    });

    test('no more than its size is put there by one command, and auto leaves small files alone', async () => {
      const { repo, root } = await onReflinks(MiB);
      const files = Object.fromEntries(
        Array.from({ length: 40 }, (_, i) => [`data/${i}`, noise(100_000, i)]),
      );
      write(root, { ...files, 'data/small': 'small' });
      await settle();
      await addPath(repo, 'data');
      expect(cacheSummary(repo).own.bytes).toBeLessThanOrEqual(MiB);
      await cachePrune(repo, { all: true });
      rmSync(join(root, 'data'), { recursive: true });
      await checkout(repo, { cwd: root });
      expect(cacheSummary(repo).own.bytes).toBeLessThanOrEqual(MiB);
      expect((await status(repo, { rehash: true })).clean).toBe(true);
      rmSync(join(root, 'data/small'));
      expect(await checkout(repo, { cwd: root, link: 'auto' })).toMatchObject([{ written: 1, linked: 0 }]);
      rmSync(join(root, 'data/small'));
      expect(await checkout(repo, { cwd: root, link: 'reflink' })).toMatchObject([{ written: 1, linked: 1 }]);
    });
  },
);
