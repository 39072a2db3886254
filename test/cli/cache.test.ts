import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { MAIN, Scratch } from './support.js';

let scratch: Scratch;

beforeEach(async () => {
  scratch = await Scratch.withData();
});

const cacheRoot = () => join(scratch.home, '.cache/dvs/files/v1');

/** The files in the cache. */
function cached(): string[] {
  const names = existsSync(cacheRoot())
    ? readdirSync(cacheRoot(), { recursive: true, encoding: 'utf8' })
    : [];
  return names.filter((name) => /[0-9a-f]{64}$/.test(name)).map((name) => join(cacheRoot(), name));
}

describe('dvs checkout --link', () => {
  test('hardlink: read-only files, which only a replacement or unprotect changes', async () => {
    scratch.remove('data');
    expect(await scratch.ok('checkout', '--link', 'hardlink')).toContain('  3 files linked from the cache\n');
    expect(await scratch.ok('status')).toContain('clean');
    expect(statSync(scratch.path('data/labels.csv')).mode & 0o222).toBe(0);
    if (process.geteuid?.() !== 0) {
      expect(() => scratch.write('data/labels.csv', 'x')).toThrow('EACCES'); // root may write to anything
    }
    await scratch.shell('printf mine > mine && mv -f mine data/labels.csv');
    expect(await scratch.ok('status')).toContain('M data/labels.csv');
    expect(await scratch.ok('cache', 'verify')).toContain('all intact');
    expect(await scratch.ok('unprotect', 'data/train')).toBe('2 files can be written to now (9 B copied).\n');
    scratch.write('data/train/0.txt', 'ZERO\n');
    expect(await scratch.ok('cache', 'verify')).toContain('all intact');
    expect(await scratch.ok('unprotect')).toBe('Nothing was protected.\n');
  });

  test('auto and copy make no hard links; others than these four are refused', async () => {
    for (const how of ['auto', 'copy']) {
      scratch.remove('data');
      await scratch.ok('checkout', '--link', how);
      expect(statSync(scratch.path('data/labels.csv')).nlink).toBe(1);
    }
    expect(await scratch.run(['checkout', '--link', 'symlink'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('auto, reflink, hardlink, copy'),
    });
  });

  test('says why nothing was linked', async () => {
    scratch.remove('data');
    const off = { env: { DVS_CACHE_SIZE: '0' } };
    const { status, stdout } = await scratch.run(['checkout', '--link', 'hardlink'], off);
    expect({ status, stdout }).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('copied, not linked: there is no cache'),
    });
    expect(scratch.read('data/labels.csv')).toBe('cat\ndog\n');
    expect(existsSync(cacheRoot())).toBe(false);
  });

  test('killed at any time leaves nothing wrong, and the next one goes on', async () => {
    const files = Array.from({ length: 300 }, (_, i) => [`data/many/${i}`, `file ${i}`] as const);
    for (const [path, text] of files) scratch.write(path, text);
    scratch.write('data/large', Buffer.alloc(6 << 20, 'large'));
    await scratch.ok('add');
    scratch.remove('data');
    for (let kills = 0, pause = 150; kills < 6; kills++, pause += 40) {
      const child = spawn(process.execPath, [MAIN, 'checkout', '--force', '--link', 'hardlink'], {
        cwd: scratch.root,
        env: scratch.env,
        stdio: 'ignore',
      });
      const ended = once(child, 'close');
      await sleep(pause);
      child.kill('SIGKILL');
      await ended;
    }
    rmSync(scratch.path('data/large'), { force: true });
    await scratch.ok('checkout', '--link', 'hardlink');
    expect(await scratch.ok('status', '--rehash')).toContain('clean');
    expect(await scratch.ok('cache', 'verify')).toContain('all intact');
    expect(readdirSync(scratch.path('.dvs/tmp'))).toEqual([]);
    expect(readdirSync(join(cacheRoot(), 'tmp'))).toEqual([]);
  });
});

describe('dvs cache', () => {
  beforeEach(async () => {
    await scratch.ok('checkout', 'data', 'out', '--link', 'hardlink');
    scratch.remove('out');
  });

  test('works anywhere, and takes its place and size from the environment', async () => {
    const run = (args: string[], env: NodeJS.ProcessEnv = {}) => scratch.run(args, { cwd: '/', env });
    expect((await run(['cache', 'ls', '-q'])).stdout.split('\n')).toHaveLength(4);
    expect((await run(['cache', 'ls'])).stdout).toContain(
      `${cacheRoot()}: 3 files (17 B) of at most 10.0 GiB\n`,
    );
    const elsewhere = { XDG_CACHE_HOME: join(scratch.home, 'xdg'), DVS_CACHE_SIZE: '1.5 GB' };
    expect((await run(['cache', 'ls'], elsewhere)).stdout).toBe(
      `${join(scratch.home, 'xdg/dvs/files/v1')}: 0 files (0 B) of at most 1.5 GiB\n`,
    );
    expect((await run(['cache', 'ls'], { DVS_CACHE_SIZE: '0' })).stdout).toContain(
      `${cacheRoot()}: turned off, 3 files (17 B)\n  turn it on:  unset DVS_CACHE_SIZE\n`,
    );
    expect(await run(['cache', 'ls'], { DVS_CACHE_SIZE: 'much' })).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('DVS_CACHE_SIZE: cache.size cannot be "much"'),
    });
  });

  test('that the settings turn off says how to turn it on', async () => {
    await scratch.ok('config', 'set', '--user', 'cache.size', '0');
    const off = await scratch.ok('cache', 'ls');
    expect(off).toContain('turned off');
    const [, cure = ''] = /turn it on: {2}dvs (.*)/.exec(off) ?? [];
    await scratch.ok(...cure.split(' '));
    expect(await scratch.ok('cache', 'ls')).toContain('of at most 10.0 GiB');
  });

  test('prune keeps so much, and says what it would do', async () => {
    expect(await scratch.ok('cache', 'prune', '--to', '0', '-n')).toBe(
      'Would remove 3 files (17 B); 0 files (0 B) stay.\n',
    );
    expect(cached()).toHaveLength(3);
    expect(await scratch.ok('cache', 'prune')).toBe('Removed 0 files (0 B); 3 files (17 B) stay.\n');
    await scratch.ok('cache', 'prune', '--all');
    expect(cached()).toEqual([]);
    for (const args of [
      ['--to', 'some'],
      ['--to', '1', '--all'],
    ]) {
      expect(await scratch.run(['cache', 'prune', ...args])).toMatchObject({ status: 2, stdout: '' });
    }
  });

  test('verify removes what is damaged, with exit code 4, and the store brings it again', async () => {
    const damaged = cached().find((path) => readFileSync(path, 'utf8') === 'zero\n') ?? '';
    const { mtime } = statSync(damaged);
    chmodSync(damaged, 0o644);
    writeFileSync(damaged, 'ZERO\n');
    spawnSync('touch', ['-d', mtime.toISOString(), damaged]);
    chmodSync(damaged, 0o444);
    const { status, stdout } = await scratch.run(['cache', 'verify']);
    expect(status).toBe(4);
    expect(stdout).toMatch(/^damaged, removed {2}bafkrei\w+\nRead and hashed 2 files/);
    await scratch.ok('checkout', 'data', 'out', '--link', 'hardlink');
    expect(scratch.read('out/train/0.txt')).toBe('zero\n');
    expect(await scratch.ok('cache', 'verify')).toContain('3 files (17 B): all intact');
  });

  test('refuses a folder that others can write to, and says what to do', async () => {
    chmodSync(cacheRoot(), 0o777);
    const { status, stderr } = await scratch.run(['cache', 'ls']);
    expect(status).toBe(7);
    expect(stderr).toContain(`chmod 700 ${cacheRoot()}`);
    rmSync(cacheRoot(), { recursive: true });
  });
});
