import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { checkout } from '#src/flows/checkout.js';
import { findLeaks } from '#src/flows/leaks.js';
import { list } from '#src/flows/list.js';
import { log } from '#src/flows/log.js';
import { Order } from '#src/flows/order.js';
import { read as readFile } from '#src/flows/read.js';
import { find } from '#src/flows/references.js';
import { reindex } from '#src/flows/reindex.js';
import { Repository } from '#src/flows/repository.js';
import { shuffle } from '#src/flows/shuffle.js';
import { split } from '#src/flows/split.js';
import { status } from '#src/flows/status.js';
import { tag } from '#src/flows/tag.js';
import { addToGitignore } from '#src/workspace/gitignore.js';
import { noise } from '../support/bytes.js';
import { failure } from '../support/errors.js';
import { addPath, all, leftovers, openRepository, problems, read, write } from '../support/repository.js';
import { listed, printed, table } from '../support/samples.js';
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

test.skipIf(!canMount)(
  'no room for a line in .gitignore (skipped where tmpfs cannot be mounted)',
  async () => {
    const disk = await smallDisk(8_000);
    if (disk === undefined) throw new Error('tmpfs could be mounted a moment ago');
    const { repo, root } = await openRepository(disk.path);
    mkdirSync(join(root, '.git'));
    expect(run('dd', 'if=/dev/zero', `of=${root}/fill`)).toBe(false);
    expect((await failure(() => addToGitignore(repo.workspace, '/data'))).code).toBe('E_NOSPC');
    expect(leftovers(root)).toEqual([]);
    rmSync(join(root, 'fill'));
    expect(await addToGitignore(repo.workspace, '/data')).toBe(true);
    expect(read(root)['.gitignore']).toBe('/data\n');
  },
);

/** Every question that needs no room, asked by somebody who has not asked before. */
async function readAll(root: string, temporary: string): Promise<unknown> {
  const repo = await Repository.open(root, { who: 'tester', clock: Date.now, workers: 2, temporary });
  try {
    return {
      id: String((await find(repo, 'data:v1')).id),
      list: await all(list(repo, 'data')),
      bytes: Buffer.concat(await all(readFile(repo, 'data:v1/a'))).toString(),
      log: (await all(log(repo))).length,
      problems: await problems(repo),
      status: (await status(repo)).tracked.map(({ path, diff }) => [path, diff?.modified.length ?? 0]),
      samples: await listed(repo, 'parts/test'),
      row: await printed(repo, 'parts/train', 'k1'),
      leaks: (
        await findLeaks(repo, { reference: 'parts/train', against: ['rows'], ignore: ['text'], dryRun: true })
      ).leaks,
      order: await all((await Order.open(repo, 'order')).stretch({ epoch: 3 }).samples()),
    };
  } finally {
    await repo.close();
  }
}

describe.skipIf(!canMount)('where nothing can be written (skipped where tmpfs cannot be mounted)', () => {
  async function store(): Promise<{ root: string; temporary: string; elsewhere: string; before: unknown }> {
    const disk = await smallDisk(8_000);
    if (disk === undefined) throw new Error('tmpfs could be mounted a moment ago');
    const { repo, root } = await openRepository(disk.path);
    write(root, { 'data/a': 'old', 'data/b': noise(200_000) });
    await addPath(repo, 'data');
    write(root, { 'data/a': 'new', 'rows/t.csv': table(100) });
    await addPath(repo, 'data');
    await addPath(repo, 'rows');
    const halves = [
      { name: 'train', weight: 1 },
      { name: 'test', weight: 1 },
    ];
    await split(repo, { reference: 'rows', key: 'id', parts: halves, seed: '42', name: 'parts' });
    await shuffle(repo, { reference: 'parts/train', seed: '42', name: 'order' });
    await repo.close();
    const temporary = await tempDir();
    const before = await readAll(root, temporary);
    // As in a store that was copied or bound here: the index of samples is derived, and nobody has made it yet.
    rmSync(join(root, '.dvs', 'samples'), { recursive: true });
    return { root, temporary, elsewhere: await tempDir(), before };
  }

  const makes: [string, (root: string) => void][] = [
    ['a disk without any room', (root) => expect(run('dd', 'if=/dev/zero', `of=${root}/fill`)).toBe(false)],
    ['a read-only disk', (root) => expect(run('mount', '-o', 'remount,ro', root)).toBe(true)],
    [
      'a read-only disk, the catalogue lost',
      (root) => {
        rmSync(join(root, '.dvs', 'catalogue'), { recursive: true });
        expect(run('mount', '-o', 'remount,ro', root)).toBe(true);
      },
    ],
    [
      'a read-only disk, the catalogue damaged',
      (root) => {
        for (const name of readdirSync(join(root, '.dvs', 'catalogue')))
          writeFileSync(join(root, '.dvs', 'catalogue', name), 'nothing');
        expect(run('mount', '-o', 'remount,ro', root)).toBe(true);
      },
    ],
  ];

  test.each(makes)('all questions are answered, and writing says why not: %s', async (what, make) => {
    const { root, temporary, elsewhere, before } = await store();
    make(root);
    expect(await readAll(root, temporary)).toEqual(before);
    const repo = await Repository.open(root, { who: 'tester', clock: Date.now, workers: 2, temporary });
    onTestFinished(() => repo.close());
    await checkout(repo, { reference: 'data:v1', dest: join(elsewhere, 'data'), cwd: root });
    expect(read(elsewhere)['data/a']).toBe('old');
    await checkout(repo, { reference: 'parts/test', dest: join(elsewhere, 'test'), cwd: root });
    expect(Object.keys(read(join(elsewhere, 'test')))).toEqual(['t.csv']);
    const code = what.startsWith('a disk') ? 'E_NOSPC' : 'E_ACCESS';
    expect(readdirSync(temporary)).toEqual([]);
    expect((await failure(() => tag(repo, 'data:v1', 'best'))).code).toBe(code);
    expect((await failure(() => addPath(repo, 'data', 'other'))).code).toBe(code);
    expect((await failure(() => reindex(repo))).code).toBe(code);
  });
});

function usedKib(path: string): number {
  const { stdout } = spawnSync('df', ['--output=used', '-k', path], { encoding: 'utf8' });
  return Number(stdout.split('\n')[1]);
}
