import { existsSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import { Scratch } from './support.js';

let scratch: Scratch;

beforeEach(async () => {
  scratch = await Scratch.withData();
});

describe('dvs checkout', () => {
  test('goes back to a version of a tracked path, and forth', async () => {
    scratch.write('data/train/2.txt', 'two\n');
    scratch.write('data/labels.csv', 'new\n');
    const second = await scratch.ok('add', '-q');
    const lock = scratch.read('dvs.lock');
    const text = await scratch.ok('checkout', 'data:v1');
    expect(text).toMatch(/^data:v1 → data {2}bafyrei\w+\n {2}1 written \(8 B\), 1 removed, 2 unchanged\n$/);
    expect(scratch.read('data/labels.csv')).toBe('cat\ndog\n');
    expect(existsSync(scratch.path('data/train/2.txt'))).toBe(false);
    expect(scratch.read('dvs.lock')).not.toBe(lock);
    expect(await scratch.ok('checkout', 'data:latest', '-q')).toBe(second);
    expect(scratch.read('dvs.lock')).toBe(lock);
    expect(await scratch.ok('status', '--rehash')).toContain('data (data:v2): clean');
  });

  test('without a reference brings every tracked path to what is recorded', async () => {
    scratch.write('w.bin', 'w');
    await scratch.ok('add', 'w.bin');
    scratch.remove('data');
    scratch.remove('w.bin');
    const results = await scratch.json('checkout');
    expect(results).toMatchObject([
      { dest: scratch.path('data'), name: 'data', version: 1, written: 3, bytes: 17, left: [] },
      { dest: scratch.path('w.bin'), name: 'w.bin', version: 1, written: 1, bytes: 1, left: [] },
    ]);
    expect(scratch.read('data/train/0.txt') + scratch.read('w.bin')).toBe('zero\nw');
  });

  test('writes elsewhere, relative to where it runs', async () => {
    const { status, stdout } = await scratch.run(['checkout', 'data', '../old'], {
      cwd: scratch.path('data'),
    });
    expect({ status, stdout }).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('data:v1 → ../old'),
    });
    expect(scratch.read('old/labels.csv')).toBe('cat\ndog\n');
    expect(await scratch.json('checkout', 'data', 'old')).toMatchObject({
      dest: scratch.path('old'),
      written: 0,
      unchanged: 3,
    });
  });

  test('takes what follows -- as patterns, with any number of arguments before', async () => {
    await scratch.ok('checkout', 'data:v1', 'some', '--', 'train/*');
    expect(scratch.snapshot('some').map((line) => line.split(' ')[0])).toEqual([
      'train/0.txt',
      'train/1.txt',
    ]);
    scratch.remove('data');
    await scratch.ok('checkout', 'data', '--', 'labels.csv');
    expect(scratch.snapshot('data').map((line) => line.split(' ')[0])).toEqual(['labels.csv']);
    await scratch.ok('checkout', '--', 'data/train/0.txt');
    expect(scratch.snapshot('data').map((line) => line.split(' ')[0])).toEqual(['labels.csv', 'train/0.txt']);
    const { status, stderr } = await scratch.run(['checkout', '--', 'nothing']);
    expect([status, stderr]).toEqual([3, expect.stringContaining('has nothing that matches nothing')]);
  });

  test('a folder or file of a version', async () => {
    await scratch.ok('checkout', 'data/train');
    expect(scratch.read('train/1.txt')).toBe('one\n');
    await scratch.ok('checkout', 'data:v1/labels.csv', 'copy.csv');
    expect(scratch.read('copy.csv')).toBe('cat\ndog\n');
  });

  test('refuses to lose what was never added, unless forced', async () => {
    scratch.write('data/labels.csv', 'precious\n');
    scratch.write('data/more.txt', 'more\n');
    const { status, stdout, stderr } = await scratch.run(['checkout', 'data:v1']);
    expect({ status, stdout }).toEqual({ status: 7, stdout: '' });
    expect(stderr).toContain('labels.csv');
    expect(stderr).toContain('[E_UNSAFE]');
    expect(scratch.read('data/labels.csv')).toBe('precious\n');
    expect(JSON.parse((await scratch.run(['checkout', 'data:v1', '--json'])).stderr).error).toMatchObject({
      code: 'E_UNSAFE',
      about: ['labels.csv'],
    });
    expect(await scratch.ok('checkout', 'data:v1', '--force')).toContain(
      '  1 written (8 B), 2 unchanged\n  left alone, never added: 1 file: more.txt\n',
    );
    expect(scratch.read('data/labels.csv')).toBe('cat\ndog\n');
  });

  test('--dry-run changes nothing', async () => {
    scratch.remove('data/labels.csv');
    const before = scratch.snapshot('data');
    expect(await scratch.ok('checkout', '-n')).toContain(
      '1 written (8 B), 2 unchanged (dry run: nothing was changed)',
    );
    expect(scratch.snapshot('data')).toEqual(before);
  });

  test('refuses places and references that cannot be', async () => {
    const cases: [string[], number, string][] = [
      [['dta'], 3, 'Did you mean data?'],
      [['data/nope'], 3, 'E_NOT_FOUND'],
      [['data', '.'], 7, 'E_UNSAFE'],
      [['data', '.dvs/x'], 7, 'E_UNSAFE'],
    ];
    for (const [args, status, message] of cases) {
      const ran = await scratch.run(['checkout', ...args]);
      expect(ran).toMatchObject({ status, stdout: '', stderr: expect.stringContaining(message) });
    }
  });
});
