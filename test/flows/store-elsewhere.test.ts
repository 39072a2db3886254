import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { mounted, system, tmpfs, unmount, whyNoMounts } from '#faults/mount.js';
import type { Progress } from '#src/base/progress.js';
import { checkout } from '#src/flows/checkout.js';
import { Repository } from '#src/flows/repository.js';
import { status } from '#src/flows/status.js';
import type { PlaceOptions } from '#src/flows/store-place.js';
import { codeOf, failure } from '../support/errors.js';
import { addPath, problems, read, write } from '../support/repository.js';
import { tempDir } from '../support/tmp.js';

let base: string;
let root: string;
let disk: string;

beforeEach(async () => {
  base = await tempDir();
  root = join(base, 'work');
  disk = join(base, 'disk');
  mkdirSync(root);
  mkdirSync(disk);
});

const around = (progress?: Progress) => ({
  who: 'tester',
  clock: () => Date.UTC(2026, 0, 1),
  workers: 2,
  ...(progress === undefined ? {} : { progress }),
});

async function init(options: PlaceOptions = {}, at = root): Promise<Repository> {
  const repo = await Repository.init(at, around(), options);
  onTestFinished(() => repo.close());
  return repo;
}

async function open(progress?: Progress, at = root): Promise<Repository> {
  const repo = await Repository.open(at, around(progress));
  onTestFinished(() => repo.close());
  return repo;
}

/** A workspace whose store lies in `disk/dvs` and has `data`. */
async function withData(files: Record<string, string> = { a: 'one', 'b/c': 'two' }): Promise<void> {
  write(join(root, 'data'), files);
  const repo = await init({ store: join(disk, 'dvs') });
  await addPath(repo, 'data');
  await repo.close();
}

/** Pulls the disk out as soon as something is read or written; `back` plugs it in again. */
function unplugging(): { progress: Progress; back: () => void } {
  let isGone = false;
  return {
    progress: () => {
      if (!isGone) renameSync(disk, `${disk}-away`);
      isGone = true;
    },
    back: () => renameSync(`${disk}-away`, disk),
  };
}

const statesOf = async (repo: Repository) => (await status(repo)).tracked.map(({ state }) => state);

describe('a store in another folder', () => {
  test('has packs, log and catalogue; the workspace keeps only what is its own', async () => {
    await withData();
    expect(readdirSync(join(disk, 'dvs')).sort()).toEqual([
      '.gitignore',
      'catalogue',
      'format',
      'log',
      'packs',
      'tmp',
    ]);
    expect(readdirSync(join(root, '.dvs')).sort()).toEqual(['.gitignore', 'stat', 'store', 'tmp']);
    expect([readdirSync(join(disk, 'dvs/tmp')), readdirSync(join(root, '.dvs/tmp'))]).toEqual([[], []]);
    const repo = await open();
    expect(await statesOf(repo)).toEqual(['clean']);
    expect(await problems(repo)).toEqual([]);
  });

  test('is one that several workspaces share', async () => {
    await withData();
    const other = join(base, 'other');
    mkdirSync(other);
    cpSync(join(root, 'dvs.lock'), join(other, 'dvs.lock'));
    const repo = await init({ store: join(disk, 'dvs') }, other);
    expect(await statesOf(repo)).toEqual(['absent']);
    await checkout(repo, { cwd: other });
    expect(read(join(other, 'data'))).toEqual(read(join(root, 'data')));
    write(join(other, 'data'), { new: 'from the other' });
    expect((await addPath(repo, 'data')).version).toBe(2);
    await checkout(await open(), { cwd: root, reference: 'data:v2' });
    expect(read(join(root, 'data'))).toEqual(read(join(other, 'data')));
  });

  test('may be that of another workspace', async () => {
    const first = await init();
    write(root, { 'data/a': 'one' });
    await addPath(first, 'data');
    const other = join(base, 'other');
    await init({ store: join(root, '.dvs') }, other);
    await checkout(await open(undefined, other), { cwd: other, reference: 'data' });
    expect(read(join(other, 'data'))).toEqual({ a: 'one' });
  });

  test('is not where a checkout writes', async () => {
    await withData();
    const options = { cwd: root, reference: 'data' };
    for (const dest of [disk, join(disk, 'dvs'), join(disk, 'dvs/x'), join(root, '.dvs/x')]) {
      expect(await codeOf(async () => checkout(await open(), { ...options, dest }))).toBe('E_UNSAFE');
    }
  });

  test('on another file system is written and read as any', async (context) => {
    const why = whyNoMounts();
    if (why !== undefined) context.skip(why);
    await mounted(disk, tmpfs(16 * 1024), async () => {
      await withData({ a: 'one', large: 'x'.repeat(1 << 20) });
      rmSync(join(root, 'data'), { recursive: true });
      const repo = await open();
      await checkout(repo, { cwd: root });
      expect(await statesOf(repo)).toEqual(['clean']);
      expect(await problems(repo)).toEqual([]);
      await repo.close();
    });
  });
});

describe('a store that cannot be reached', () => {
  test('is said to be away, and none is made in its place', async () => {
    await withData();
    renameSync(disk, `${disk}-away`);
    const error = await failure(() => open());
    expect(error.code).toBe('E_NO_STORE');
    expect(error.message).toContain(join(disk, 'dvs'));
    expect(error.hint).toContain('Nothing is lost');
    expect(await codeOf(() => init())).toBe('E_NO_STORE');
    expect(existsSync(disk)).toBe(false);
    mkdirSync(disk); // where the disk was mounted
    expect(await codeOf(() => init())).toBe('E_NO_STORE');
    expect(await codeOf(() => init({ store: join(disk, 'dvs') }))).toBe('E_UNSAFE');
    expect(readdirSync(disk)).toEqual([]);
    rmSync(disk, { recursive: true });
    renameSync(`${disk}-away`, disk);
    expect(await statesOf(await open())).toEqual(['clean']);
  });

  test('while it is written to ends the write; nothing is lost, and it goes on later', async () => {
    await withData();
    write(join(root, 'data'), { new: 'three' });
    const { progress, back } = unplugging();
    const repo = await open(progress);
    expect(await codeOf(() => addPath(repo, 'data'))).toBe('E_IO');
    await repo.close();
    expect(existsSync(disk)).toBe(false);
    back();
    const again = await open();
    expect(await statesOf(again)).toEqual(['modified']);
    expect((await addPath(again, 'data')).version).toBe(2);
    expect(await problems(again)).toEqual([]);
  });

  test('while files are brought back is no damage of the store', async () => {
    await withData(Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`${i}`, `file ${i}`])));
    rmSync(join(root, 'data'), { recursive: true });
    const { progress, back } = unplugging();
    const repo = await open(progress);
    // A pack that is open can still be read, so the checkout may also come to its end.
    await checkout(repo, { cwd: root }).catch(async (error) => {
      expect(error).toMatchObject({ code: 'E_IO' });
    });
    await repo.close();
    back();
    const again = await open();
    await checkout(again, { cwd: root });
    expect(await statesOf(again)).toEqual(['clean']);
  });

  test('because its disk was unmounted leaves the mount point as it was', async (context) => {
    const why = whyNoMounts();
    if (why !== undefined) context.skip(why);
    let isMounted = true;
    const pull = (): void => {
      if (isMounted) unmount(disk);
      isMounted = false;
    };
    system('mount', ...tmpfs(16 * 1024), disk);
    onTestFinished(pull);
    await withData();
    write(join(root, 'data'), { new: 'three' });
    const repo = await open(pull);
    expect(await codeOf(() => addPath(repo, 'data'))).toBe('E_IO');
    await repo.close();
    expect(await codeOf(() => open())).toBe('E_NO_STORE');
    expect(readdirSync(disk)).toEqual([]);
  });
});

describe('pointing a workspace to another place', () => {
  test('is for the same store, moved', async () => {
    await withData();
    renameSync(disk, join(base, 'moved'));
    const repo = await init({ store: join(base, 'moved/dvs') });
    expect(await statesOf(repo)).toEqual(['clean']);
  });

  test('is for its own store, copied to a disk', async () => {
    write(root, { 'data/a': 'one' });
    const own = await init();
    await addPath(own, 'data');
    await own.close();
    expect(await codeOf(() => init({ store: join(disk, 'dvs') }))).toBe('E_UNSAFE');
    mkdirSync(join(disk, 'dvs'));
    for (const name of ['format', 'log', 'packs']) {
      cpSync(join(root, '.dvs', name), join(disk, 'dvs', name), { recursive: true });
    }
    const repo = await init({ store: join(disk, 'dvs') });
    expect(repo.workspace.storeDir).toBe(join(disk, 'dvs'));
    expect(await statesOf(repo)).toEqual(['clean']);
    await repo.close();
    const back = await init({ store: join(root, '.dvs') });
    expect(back.workspace.storeDir).toBe(join(root, '.dvs'));
    expect((await open()).workspace.note).toBeUndefined();
  });

  test('is refused for another store, and for an older copy, unless forced', async () => {
    await withData();
    const copy = join(base, 'copy');
    cpSync(disk, copy, { recursive: true });
    write(join(root, 'data'), { new: 'three' });
    const repo = await open();
    await addPath(repo, 'data');
    await repo.close();
    const other = join(base, 'other-store');
    await init({ store: other }, join(base, 'elsewhere'));
    for (const store of [join(copy, 'dvs'), other]) {
      expect(await codeOf(() => init({ store }))).toBe('E_UNSAFE');
      expect((await open()).workspace.storeDir).toBe(join(disk, 'dvs'));
    }
    const forced = await init({ store: other, force: true });
    expect(await statesOf(forced)).toEqual(['unknown']);
    await forced.close();
    expect((await open()).workspace.storeDir).toBe(other);
  });

  test('notices that another store lies where its own did', async () => {
    await withData();
    renameSync(disk, `${disk}-away`);
    mkdirSync(disk);
    await init({ store: join(disk, 'dvs') }, join(base, 'elsewhere'));
    expect(await codeOf(() => open())).toBe('E_UNSAFE');
  });

  test.each([
    ['a folder with other things', () => write(disk, { 'holiday.jpg': '' }), () => disk, 'E_UNSAFE'],
    ['a file', () => writeFileSync(join(disk, 'x'), ''), () => join(disk, 'x'), 'E_TYPE'],
    ['a folder without the one above', () => {}, () => join(disk, 'no/dvs'), 'E_NOT_FOUND'],
    ['the workspace', () => {}, () => root, 'E_UNSAFE'],
    ['a folder in the workspace', () => {}, () => join(root, 'store'), 'E_UNSAFE'],
    ['a store without its format', () => write(disk, { 'packs/x': '' }), () => disk, 'E_UNSAFE'],
  ])('refuses %s, and changes nothing', async (_, prepare, store, code) => {
    prepare();
    const before = [read(disk), readdirSync(root)];
    expect(await codeOf(() => init({ store: store() }))).toBe(code);
    expect([read(disk), readdirSync(root)]).toEqual(before);
  });

  test('takes up what a killed init left', async () => {
    for (const name of ['tmp', 'packs', 'log']) mkdirSync(join(disk, 'dvs', name), { recursive: true });
    await withData();
    expect(await statesOf(await open())).toEqual(['clean']);
  });

  test('mends a damaged note', async () => {
    await withData();
    writeFileSync(join(root, '.dvs/store'), 'junk');
    expect(await codeOf(() => open())).toBe('E_DAMAGED');
    expect(await statesOf(await init({ store: join(disk, 'dvs') }))).toEqual(['clean']);
  });
});
