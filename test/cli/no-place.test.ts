import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Scratch } from './support.js';

const REFUSED =
  'dvs: /proc/x cannot be made: the system takes no folders in /proc [E_ACCESS]\nName a place on a disk.\n';

describe.skipIf(!existsSync('/proc/self'))('a place that takes no folders', () => {
  test.each([
    [['init', '/proc/x']],
    [['init', 'new', '--store', '/proc/x']],
    [['checkout', 'data:v1', '/proc/x/y']],
  ])('%j says so, and what to do', async (args) => {
    const scratch = await Scratch.withData();
    expect(await scratch.run(args)).toMatchObject({ status: 7, stderr: REFUSED });
  });

  test('as the cache is one that is not there', async () => {
    const scratch = await Scratch.withData();
    scratch.remove('data');
    const { stdout } = await scratch.run(['checkout', '--link', 'hardlink'], {
      env: { DVS_CACHE_DIR: '/proc/x' },
    });
    expect(stdout).toContain('copied, not linked: /proc/x cannot be made');
    expect(await scratch.ok('status')).toContain('clean');
  });

  test('as the place of settings is refused', async () => {
    const scratch = await Scratch.withData();
    const env = { DVS_CONFIG: '/proc/x/config.toml' };
    const args = ['config', 'set', '--user', 'cache.size', '1GiB'];
    expect(await scratch.run(args, { env })).toMatchObject({ status: 7, stderr: REFUSED });
  });
});
