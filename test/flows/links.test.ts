import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { add } from '#src/flows/add.js';
import { cachePrune, cacheSummary, cacheVerify } from '#src/flows/cache.js';
import { type CheckoutOptions, checkout } from '#src/flows/checkout.js';
import type { Repository } from '#src/flows/repository.js';
import { status } from '#src/flows/status.js';
import { unprotect } from '#src/flows/unprotect.js';
import { noise } from '../support/bytes.js';
import { addPath, type Opened, openRepository, read, write } from '../support/repository.js';
import { tempDir } from '../support/tmp.js';

let opened: Opened;
let cacheDir: string;

beforeEach(async () => {
  cacheDir = await tempDir();
  opened = await openRepository(undefined, { dir: cacheDir, size: 1 << 30 });
});

const FILES = { 'data/a': 'alpha', 'data/sub/b': 'beta', 'data/same': 'alpha', 'data/empty': '' };

const hardlink = (repo: Repository, options: Partial<CheckoutOptions> = {}) =>
  checkout(repo, { cwd: repo.workspace.root, link: 'hardlink', ...options });

/** A workspace with two versions, of which the second is there as hard links. */
async function linked(): Promise<void> {
  const { repo, root } = opened;
  write(root, FILES);
  await addPath(repo, 'data');
  write(root, { 'data/a': 'ALPHA', 'data/new': 'beta' });
  await addPath(repo, 'data');
  rmSync(join(root, 'data'), { recursive: true });
  await hardlink(repo);
}

/** Runs `work`; says how many bytes were read by it. */
async function bytesRead({ events }: Opened, work: () => Promise<unknown>): Promise<number> {
  const before = events.length;
  await work();
  return Math.max(0, ...events.slice(before).map(({ phase, bytes }) => (phase === 'reading' ? bytes : 0)));
}

const inodeOf = (path: string) => lstatSync(path).ino;

describe('checkout --link hardlink', () => {
  test('makes names of the cache’s files, read-only, one for equal contents', async () => {
    await linked();
    const { repo, root } = opened;
    expect(read(join(root, 'data'))).toEqual({
      a: 'ALPHA',
      empty: '',
      new: 'beta',
      same: 'alpha',
      'sub/b': 'beta',
    });
    expect(inodeOf(join(root, 'data/new'))).toBe(inodeOf(join(root, 'data/sub/b')));
    for (const path of ['a', 'same', 'new']) expect(statSync(join(root, 'data', path)).mode & 0o222).toBe(0);
    expect(statSync(join(root, 'data/empty')).mode & 0o200).toBe(0o200);
    expect(cacheSummary(repo)).toMatchObject({ own: { files: 0 }, linked: { files: 3, bytes: 14 } });
  });

  test('is followed by status, add and checkout that read nothing', async () => {
    await linked();
    const { repo } = opened;
    expect(await bytesRead(opened, async () => expect((await status(repo)).clean).toBe(true))).toBe(0);
    expect(await bytesRead(opened, () => add(repo, { paths: [] }))).toBe(0);
    expect(
      await bytesRead(opened, async () => expect((await hardlink(repo))[0]).toMatchObject({ written: 0 })),
    ).toBe(0);
    expect(await bytesRead(opened, async () => expect((await status(repo)).clean).toBe(true))).toBe(0);
  });

  test('replaces names of one file by others, forth and back', async () => {
    await linked();
    const { repo, root } = opened;
    for (const version of ['v1', 'v2', 'v1', 'v2']) {
      const read = await bytesRead(opened, () => hardlink(repo, { reference: `data:${version}` }));
      expect(read).toBe(0);
      expect((await status(repo)).clean).toBe(true);
      expect(existsSync(join(root, 'data/new'))).toBe(version === 'v2');
    }
    // Two names of one file, both to be replaced at once.
    write(root, { 'other/x': 'one', 'other/y': 'one' });
    await addPath(repo, 'other');
    rmSync(join(root, 'other'), { recursive: true });
    write(root, { 'other/x': 'two', 'other/y': 'two' });
    await addPath(repo, 'other');
    for (const version of ['v1', 'v2', 'v1']) {
      await hardlink(repo, { reference: `other:${version}`, force: true });
      const text = version === 'v1' ? 'one' : 'two';
      expect(read(join(root, 'other'))).toEqual({ x: text, y: text });
    }
  });

  test('in one workspace does not make another one read again', async () => {
    await linked();
    const { repo, root } = opened;
    const elsewhere = await tempDir();
    const ctime = lstatSync(join(root, 'data/a'), { bigint: true }).ctimeNs;
    const [result] = await hardlink(repo, { reference: 'data', dest: join(elsewhere, 'copy') });
    expect(result).toMatchObject({ linked: 4, notLinked: undefined });
    expect(inodeOf(join(elsewhere, 'copy/a'))).toBe(inodeOf(join(root, 'data/a')));
    expect(lstatSync(join(root, 'data/a'), { bigint: true }).ctimeNs).not.toBe(ctime);
    expect(await bytesRead(opened, () => status(repo))).toBe(0);
    expect(await bytesRead(opened, () => add(repo, { paths: [] }))).toBe(0);
    rmSync(join(elsewhere, 'copy'), { recursive: true });
    rmSync(cacheDir, { recursive: true });
    expect(await bytesRead(opened, async () => expect((await status(repo)).clean).toBe(true))).toBe(0);
  });

  test('a program that writes through a link is found out, in every workspace, and the cache is mended', async () => {
    await linked();
    const { repo, root } = opened;
    const copy = join(await tempDir(), 'copy');
    await hardlink(repo, { reference: 'data', dest: copy });
    chmodSync(join(copy, 'a'), 0o644);
    writeFileSync(join(copy, 'a'), 'WRONG');
    expect(readFileSync(join(root, 'data/a'), 'utf8')).toBe('WRONG');
    const { tracked } = await status(repo);
    expect([...(tracked[0]?.diff.modified ?? [])].map(({ path }) => path)).toEqual(['a']);
    expect(cacheSummary(repo)).toMatchObject({ damaged: { files: 1 } });
    await expect(hardlink(repo)).rejects.toMatchObject({ code: 'E_UNSAFE' });
    await hardlink(repo, { force: true });
    expect(readFileSync(join(root, 'data/a'), 'utf8')).toBe('ALPHA');
    expect(readFileSync(join(copy, 'a'), 'utf8')).toBe('WRONG');
    expect(cacheSummary(repo)).toMatchObject({ damaged: { files: 0 } });
    expect((await cacheVerify(repo)).removed).toEqual([]);
  });

  test('a program that replaces a link by a file of its own changes nothing else', async () => {
    await linked();
    const { repo, root } = opened;
    writeFileSync(join(root, 'mine'), 'mine!');
    renameSync(join(root, 'mine'), join(root, 'data/a'));
    expect((await status(repo)).clean).toBe(false);
    await addPath(repo, 'data');
    const copy = join(await tempDir(), 'copy');
    await hardlink(repo, { reference: 'data:v2', dest: copy });
    expect(readFileSync(join(copy, 'a'), 'utf8')).toBe('ALPHA');
    expect((await cacheVerify(repo)).removed).toEqual([]);
  });

  test('takes nothing from a cache that somebody spoilt without a trace but what verify finds', async () => {
    await linked();
    const { repo, root } = opened;
    const path = join(root, 'data/a');
    const { mtime } = statSync(path);
    chmodSync(path, 0o644);
    writeFileSync(path, 'FALSE');
    chmodSync(path, 0o444);
    utimesSync(path, mtime, mtime);
    expect((await cacheVerify(repo)).removed).toHaveLength(1);
    expect((await status(repo, { rehash: true })).clean).toBe(false);
    await hardlink(repo, { force: true });
    expect((await status(repo, { rehash: true })).clean).toBe(true);
  });

  test('goes on without the cache when that is removed under its feet', async () => {
    const { repo, root, events } = opened;
    write(root, Object.fromEntries(Array.from({ length: 600 }, (_, i) => [`data/${i}`, `file ${i}`])));
    await addPath(repo, 'data');
    const wanted = read(join(root, 'data'));
    rmSync(join(root, 'data'), { recursive: true });
    const push = events.push.bind(events);
    let moves = 0;
    events.push = (event) => {
      const files = join(cacheDir, 'files');
      if (event.phase === 'writing' && existsSync(files)) renameSync(files, `${files}${moves++}`);
      return push(event);
    };
    await hardlink(repo);
    expect(moves).toBeGreaterThan(0);
    expect(existsSync(join(cacheDir, 'files'))).toBe(false);
    expect(read(join(root, 'data'))).toEqual(wanted);
    expect((await status(repo, { rehash: true })).clean).toBe(true);
  });

  test('serves several checkouts at once, while others empty the cache', async () => {
    const { repo, root } = opened;
    const big = 'x'.repeat(5 << 20); // more than a slot, which is written another way
    write(root, Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`data/${i}`, `file ${i % 100}`])));
    write(root, { 'data/big': big });
    await addPath(repo, 'data');
    const places = await Promise.all([tempDir(), tempDir()]);
    await Promise.all([
      ...places.map((place) => hardlink(repo, { reference: 'data', dest: join(place, 'copy') })),
      ...[1, 2, 3].map(async () => {
        for (let i = 0; i < 5; i++) await cachePrune(repo, { all: true });
      }),
    ]);
    for (const place of places) expect(read(join(place, 'copy'))).toEqual(read(join(root, 'data')));
    expect((await cacheVerify(repo)).removed).toEqual([]);
  });
});

describe('where there can be no links', () => {
  const anotherDevice = '/dev/shm';
  const isApart = existsSync(anotherDevice) && statSync(anotherDevice).dev !== statSync('/tmp').dev;

  test.skipIf(!isApart)(
    'as the cache is on another file system, files are copied, and it says so',
    async () => {
      const path = mkdtempSync(join(anotherDevice, 'dvs-test-'));
      try {
        const { repo, root } = await openRepository(undefined, { dir: path, size: 1 << 20 });
        write(root, FILES);
        await addPath(repo, 'data');
        rmSync(join(root, 'data'), { recursive: true });
        for (const link of ['hardlink', 'auto'] as const) {
          const [result] = await checkout(repo, { cwd: root, link });
          if (link === 'auto') expect(result).toMatchObject({ written: 0, notLinked: undefined });
          else
            expect(result).toMatchObject({
              linked: 0,
              notLinked: expect.stringContaining('on another file system'),
            });
        }
        expect(read(join(root, 'data'))).toEqual({ a: 'alpha', empty: '', same: 'alpha', 'sub/b': 'beta' });
        chmodSync(join(root, 'data/a'), 0o644);
      } finally {
        rmSync(path, { recursive: true });
      }
    },
  );

  test('as there is no cache', async () => {
    const { repo, root } = await openRepository();
    write(root, FILES);
    await addPath(repo, 'data');
    rmSync(join(root, 'data'), { recursive: true });
    const [result] = await hardlink(repo);
    expect(result).toMatchObject({
      written: 4,
      linked: 0,
      notLinked: expect.stringContaining('DVS_CACHE_DIR'),
    });
  });

  test('as somebody else could write to the cache', async () => {
    await linked();
    const { repo, root } = opened;
    chmodSync(join(cacheDir, 'files/v1'), 0o777);
    const [result] = await hardlink(repo, { reference: 'data', dest: join(root, 'copy') });
    expect(result).toMatchObject({ linked: 0, notLinked: expect.stringContaining('others than you') });
    expect(statSync(join(root, 'copy/a')).nlink).toBe(1);
  });

  test('auto makes none unasked, and on a file system without reflinks leaves no trace', async () => {
    const { repo, root } = opened;
    write(root, { 'data/a': 'x'.repeat(100_000) });
    await addPath(repo, 'data');
    rmSync(join(root, 'data'), { recursive: true });
    await checkout(repo, { cwd: root });
    expect(statSync(join(root, 'data/a')).nlink).toBe(1);
    expect(statSync(join(root, 'data/a')).mode & 0o200).toBe(0o200);
    expect(readdirSync(join(root, '.dvs/tmp'))).toEqual([]);
  });
});

const canMount = spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'dvs-test', '/mnt']).status === 0;

describe.skipIf(!canMount)('on a full disk (skipped where tmpfs cannot be mounted)', () => {
  test('nothing half is left in the cache, and the same checkout goes on when there is room', async () => {
    const disk = await tempDir();
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=40m', 'dvs-test', disk]);
    onTestFinished(() => void spawnSync('umount', ['-l', disk]));
    const root = join(disk, 'work');
    const { repo } = await openRepository(root, { dir: join(disk, 'cache'), size: 1 << 30 });
    const files = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`data/${i}`, noise(50_000, i)]));
    write(root, { ...files, 'data/large': noise(6_000_000, 99) });
    await addPath(repo, 'data');
    const wanted = read(join(root, 'data'));
    rmSync(join(root, 'data'), { recursive: true });
    const ballast = join(disk, 'ballast');
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(ballast, Buffer.alloc(bavail * bsize - 1_000_000));
    await expect(hardlink(repo)).rejects.toMatchObject({ code: 'E_NOSPC' });
    expect((await cacheVerify(repo)).removed).toEqual([]);
    rmSync(ballast);
    await hardlink(repo);
    expect(read(join(root, 'data'))).toEqual(wanted);
    expect((await status(repo, { rehash: true })).clean).toBe(true);
    expect((await cacheVerify(repo)).removed).toEqual([]);
  });
});

describe('unprotect', () => {
  test('makes own copies, of which nothing has to be read again', async () => {
    await linked();
    const { repo, root } = opened;
    const before = statSync(join(root, 'data/a'));
    expect(await unprotect(repo, { paths: [join(root, 'data/a'), join(root, 'data/sub')] })).toEqual({
      files: 2,
      bytes: 9,
    });
    const after = statSync(join(root, 'data/a'));
    expect(after).toMatchObject({ mtimeMs: before.mtimeMs, nlink: 1 });
    expect(after.mode & 0o200).toBe(0o200);
    expect(statSync(join(root, 'data/new')).mode & 0o222).toBe(0);
    expect(await bytesRead(opened, async () => expect((await status(repo)).clean).toBe(true))).toBe(0);
    writeFileSync(join(root, 'data/a'), 'alPHA');
    expect((await status(repo)).clean).toBe(false);
    expect((await cacheVerify(repo)).removed).toEqual([]);
  });

  test('also of what somebody made writable or wrote to, whose bytes stay', async () => {
    await linked();
    const { repo, root } = opened;
    const copy = join(await tempDir(), 'copy');
    await hardlink(repo, { reference: 'data', dest: copy });
    // `new` and `sub/b` are two names of one file: neither may stand in the way of the other.
    for (const path of ['a', 'new', 'same']) chmodSync(join(root, 'data', path), 0o644);
    writeFileSync(join(root, 'data/same'), 'ALL');
    expect(await unprotect(repo, {})).toEqual({ files: 4, bytes: 16 });
    for (const path of ['a', 'new', 'same', 'sub/b'])
      expect(statSync(join(root, 'data', path)).nlink).toBe(1);
    writeFileSync(join(root, 'data/a'), 'mine');
    writeFileSync(join(root, 'data/same'), 'mine');
    expect(read(copy)).toMatchObject({ a: 'ALPHA', new: 'beta', same: 'ALL', 'sub/b': 'beta' });
    expect(await unprotect(repo, {})).toMatchObject({ files: 0 });
    // What was written to is still a name of the cache's for the other one, and nobody gets it any more.
    const third = join(await tempDir(), 'third');
    await hardlink(repo, { reference: 'data', dest: third });
    expect(read(third)).toMatchObject({ a: 'ALPHA', new: 'beta', same: 'alpha', 'sub/b': 'beta' });
    expect((await cacheVerify(repo)).removed).toEqual([]);
    await hardlink(repo, { force: true });
    expect((await status(repo, { rehash: true })).clean).toBe(true);
  });

  test('of names that the cache has forgotten; none of it is read again', async () => {
    await linked();
    const { repo, root } = opened;
    chmodSync(join(root, 'data/sub/b'), 0o644);
    rmSync(cacheDir, { recursive: true });
    expect(await unprotect(repo, {})).toEqual({ files: 4, bytes: 18 });
    expect(statSync(join(root, 'data/new')).nlink).toBe(1);
    expect(await bytesRead(opened, async () => expect((await status(repo)).clean).toBe(true))).toBe(0);
  });

  test('leaves alone what is no name of the cache’s, however it is dated and protected', async () => {
    await linked();
    const { repo, root } = opened;
    write(root, { 'data/mine': 'foreign', 'data/other': 'ordinary' });
    linkSync(join(root, 'data/mine'), join(root, 'mine'));
    linkSync(join(root, 'data/other'), join(root, 'other'));
    const { mtime } = statSync(join(root, 'data/a'));
    utimesSync(join(root, 'mine'), mtime, mtime);
    chmodSync(join(root, 'mine'), 0o444);
    expect(await unprotect(repo, {})).toMatchObject({ files: 4 });
    expect(inodeOf(join(root, 'data/mine'))).toBe(inodeOf(join(root, 'mine')));
    expect(inodeOf(join(root, 'data/other'))).toBe(inodeOf(join(root, 'other')));
    expect(statSync(join(root, 'mine')).mode & 0o777).toBe(0o444);
  });

  test.skipIf(!canMount)('works where nothing can be noted, and files are read again then', async () => {
    await linked();
    const { repo, root } = opened;
    const tmp = repo.workspace.tmpDir;
    expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'dvs-test', tmp]).status).toBe(0);
    try {
      expect(await unprotect(repo, {})).toEqual({ files: 4, bytes: 18 });
      for (const path of ['a', 'new']) expect(statSync(join(root, 'data', path)).nlink).toBe(1);
      expect(existsSync(join(root, 'data/.dvs'))).toBe(false);
    } finally {
      spawnSync('umount', [tmp]);
    }
    expect(await bytesRead(opened, async () => expect((await status(repo)).clean).toBe(true))).toBe(18);
  });

  test('of everything, and of what is not tracked', async () => {
    await linked();
    const { repo, root } = opened;
    const copy = join(await tempDir(), 'copy');
    await hardlink(repo, { reference: 'data', dest: copy });
    expect(await unprotect(repo, { paths: [copy] })).toMatchObject({ files: 4 });
    expect(await unprotect(repo, {})).toMatchObject({ files: 4 });
    expect(await unprotect(repo, {})).toMatchObject({ files: 0 });
    expect(cacheSummary(repo)).toMatchObject({ linked: { files: 0 }, own: { files: 3 } });
    expect(read(copy)).toEqual(read(join(root, 'data')));
    await expect(unprotect(repo, { paths: [join(root, 'nope')] })).rejects.toMatchObject({
      code: 'E_NOT_FOUND',
    });
  });
});
