import { mkdirSync, symlinkSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noise } from '../support/bytes.js';
import { Scratch } from './support.js';

describe('dvs init', () => {
  test('makes a workspace, and tells when there is one', async () => {
    const scratch = await Scratch.empty();
    expect(await scratch.ok('init')).toContain(`Made ${scratch.root} a dvs workspace.`);
    const before = scratch.snapshot('.');
    expect(await scratch.ok('init')).toContain('is a dvs workspace already; nothing was changed.');
    expect(scratch.snapshot('.')).toEqual(before);
    expect(await scratch.json('init')).toEqual({
      root: scratch.root,
      store: scratch.path('.dvs'),
      created: false,
      madeStore: false,
      present: [],
      missing: [],
    });
  });

  test('makes the folder, too', async () => {
    const scratch = await Scratch.empty();
    expect(await scratch.ok('init', 'a/b', '-q')).toBe('');
    expect(await scratch.ok('-C', 'a/b', 'status')).toContain('Nothing is tracked');
  });
});

describe('dvs add', () => {
  test('tells name, version, ID and sizes', async () => {
    const scratch = await Scratch.empty();
    await scratch.shell('git init -q');
    await scratch.ok('init');
    scratch.write('data/a.txt', 'a\n');
    const [title, size, stored] = (await scratch.ok('add', 'data')).split('\n');
    expect(title).toMatch(/^data:v1 {2}bafyrei\w{52}$/);
    expect(size).toBe('  1 file, 2 B; the first version');
    expect(stored).toMatch(/^Stored \d+ B for 2 B of new data\.$/);
    expect(scratch.read('.gitignore')).toContain('/data');
    expect(scratch.read('dvs.lock')).toContain(title?.split('  ')[1]);
  });

  test('tells what is new against the version before', async () => {
    const scratch = await Scratch.withData();
    scratch.write('data/labels.csv', 'cat\ndog\nowl\n');
    scratch.write('data/train/two.txt', 'two\n');
    scratch.remove('data/train/0.txt');
    const text = await scratch.ok('add');
    expect(text).toContain('3 files, 20 B; since v1: 1 added (4 B), 1 modified, 1 removed (5 B)');
    expect(text).toContain('  M labels.csv     8 B → 12 B\n  D train/0.txt    5 B\n  A train/two.txt  4 B\n');
  });

  test('lists only the first few paths', async () => {
    const scratch = await Scratch.withData();
    for (let i = 10; i < 30; i++) scratch.write(`data/${i}.txt`, `${i}`);
    expect(await scratch.ok('add')).toContain('  and 15 more: dvs diff data:v1 data:v2\n');
  });

  test('makes no version of what is unchanged', async () => {
    const scratch = await Scratch.withData();
    expect(await scratch.ok('add', 'data')).toContain('data:v1');
    expect(await scratch.ok('add')).toContain('unchanged, so there is no new version\n');
    expect(await scratch.json('add', '--rehash')).toMatchObject({
      version: 1,
      isNew: false,
      added: 0,
      newBytes: 0,
      storedBytes: 0,
    });
    expect(await scratch.json('log')).toHaveLength(1);
  });

  test('takes several paths in one commit', async () => {
    const scratch = await Scratch.withData();
    scratch.write('a.bin', noise(5000, 1));
    scratch.write('b/c.bin', noise(3000, 2));
    const { versions, newBytes, storedBytes } = await scratch.json('add', 'a.bin', 'b');
    expect(versions.map(({ name, bytes }: { name: string; bytes: number }) => [name, bytes])).toEqual([
      ['a.bin', 5000],
      ['b', 3000],
    ]);
    expect(newBytes).toBe(8000);
    expect(storedBytes).toBeGreaterThan(8000);
    const log = await scratch.json('log');
    expect(log.map(({ seq, name }: { seq: number; name: string }) => [seq, name])).toEqual([
      [2, 'b'],
      [2, 'a.bin'],
      [1, 'data'],
    ]);
    expect(await scratch.ok('add', '-q')).toBe(
      `${await scratch.ok('resolve', 'a.bin')}${await scratch.ok('resolve', 'b')}${await scratch.ok('resolve', 'data')}`,
    );
  });

  test('with --name and a message', async () => {
    const scratch = await Scratch.empty();
    await scratch.ok('init');
    scratch.write('raw/x.txt', 'x');
    await scratch.ok('add', 'raw', '--name', 'clean', '--message', 'why\n\x1b[31mnot');
    expect(await scratch.json('log')).toMatchObject([
      { name: 'clean', message: 'why\n\x1b[31mnot', by: 'ada' },
    ]);
    expect(await scratch.ok('log')).toContain('  why\\n\\u{1b}[31mnot\n');
  });

  test('--dry-run writes nothing', async () => {
    const scratch = await Scratch.withData();
    scratch.write('data/new.txt', 'new\n');
    const before = [scratch.snapshot('.dvs/log'), scratch.snapshot('.dvs/packs'), scratch.read('dvs.lock')];
    const text = await scratch.ok('add', '-n');
    expect(text).toContain('data:v2');
    expect(text).toContain('1 added (4 B)');
    expect(text).toContain('Dry run: 4 B would be new; nothing was written.');
    expect(await scratch.json('add', '--dry-run')).toMatchObject({
      version: 2,
      isNew: true,
      dryRun: true,
      added: 1,
      newBytes: 4,
      storedBytes: 0,
    });
    expect([scratch.snapshot('.dvs/log'), scratch.snapshot('.dvs/packs'), scratch.read('dvs.lock')]).toEqual(
      before,
    );
  });

  test('takes what follows -- as paths', async () => {
    const scratch = await Scratch.withData();
    scratch.write('-x/a', 'a');
    expect(await scratch.ok('add', '--name', 'x', '--', '-x')).toContain('x:v1');
  });

  test('a tracked file', async () => {
    const scratch = await Scratch.empty();
    await scratch.ok('init');
    scratch.write('models/w.bin', noise(2000));
    expect(await scratch.json('add', 'models/w.bin')).toMatchObject({
      path: 'models/w.bin',
      name: 'w.bin',
      files: 1,
    });
    expect(await scratch.ok('ls', 'w.bin')).toMatch(/ 2\.0 KiB {2}\w{12} {2}w\.bin\n/);
    scratch.write('models/w.bin', noise(2000, 2));
    expect(await scratch.ok('status')).toContain('  M models/w.bin  2.0 KiB\n');
    expect((await scratch.json('diff')).modified).toMatchObject([{ path: 'models/w.bin' }]);
    await scratch.ok('checkout', 'w.bin', '--force');
    expect(await scratch.ok('status')).toContain('models/w.bin (w.bin:v1): clean');
  });
});

describe('dvs add refuses', () => {
  let scratch: Scratch;
  let remove: () => Promise<void>;

  beforeAll(async () => {
    ({ scratch, remove } = await Scratch.shared());
    await scratch.addData();
    for (const folder of ['linked', 'other', 'more']) mkdirSync(scratch.path(folder));
    symlinkSync('../../home', scratch.path('linked/out'));
  });

  afterAll(() => remove());

  test.each<[string, string[], number, string]>([
    ['nothing there', ['nope'], 3, 'E_NOT_FOUND'],
    ['what lies outside', ['../home'], 7, 'E_PATH'],
    ['the workspace', ['.'], 7, 'E_PATH'],
    ['the store', ['.dvs'], 7, 'E_PATH_RESERVED'],
    ['a part of what is tracked', ['data/train'], 7, 'E_PATH'],
    ['a link that leaves its folder', ['linked'], 7, 'E_SYMLINK'],
    ['a bad name', ['other', '--name', 'bafy'], 2, 'E_USAGE'],
    ['one name for two', ['other', 'more', '--name', 'x'], 2, 'E_USAGE'],
  ])('%s', async (_, args, expected, code) => {
    const before = scratch.snapshot('.dvs/log');
    const { status, stdout, stderr } = await scratch.run(['add', ...args]);
    expect({ status, stdout }).toEqual({ status: expected, stdout: '' });
    expect(stderr).toContain(`[${code}]`);
    expect(scratch.snapshot('.dvs/log')).toEqual(before);
  });
});
