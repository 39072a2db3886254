import { cpSync, existsSync, renameSync, symlinkSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Scratch } from './support.js';

/** A workspace in `work` whose store lies on a `disk`, with data:v1. */
async function onDisk(): Promise<Scratch> {
  const scratch = await Scratch.empty();
  scratch.write('disk/readme.txt', 'my disk\n');
  scratch.write('work/data/a.txt', 'one\n');
  await scratch.ok('-C', 'work', 'init', '--store', '../disk/dvs');
  await scratch.ok('-C', 'work', 'add', 'data', '-q');
  return scratch;
}

describe('dvs init --store', () => {
  test('says what it made, and where', async () => {
    const scratch = await Scratch.empty();
    const store = scratch.path('disk/dvs');
    scratch.write('disk/readme.txt', '');
    expect(await scratch.ok('init', 'work', '--store', 'disk/dvs')).toBe(
      [
        `Made ${scratch.path('work')} a dvs workspace.`,
        `Made an empty store in ${store}.`,
        'Next: `dvs add <path>` to record a version of your data.\n',
      ].join('\n'),
    );
    expect(await scratch.json('init', 'other', '--store', 'disk/dvs')).toEqual({
      root: scratch.path('other'),
      store,
      created: true,
      madeStore: false,
      present: [],
      missing: [],
    });
  });

  test('finds the store beside what was named', async () => {
    const scratch = await onDisk();
    const { status, stderr } = await scratch.run(['init', 'other', '--store', 'disk']);
    expect(status).toBe(7);
    expect(stderr).toContain(`There is a store in it: name ${scratch.path('disk/dvs')}.`);
    expect(existsSync(scratch.path('other'))).toBe(false);
  });
});

describe('dvs init', () => {
  test.each<[string, (scratch: Scratch) => void, string]>([
    ['a file', (scratch) => scratch.write('there', ''), 'is not a folder'],
    [
      'a link that leads nowhere',
      (scratch) => symlinkSync('gone', scratch.path('there')),
      'is a link that leads nowhere',
    ],
    [
      'a link to itself',
      (scratch) => symlinkSync('there', scratch.path('there')),
      'is a link that leads nowhere',
    ],
  ])('refuses %s, and changes nothing', async (_, make, why) => {
    const scratch = await Scratch.empty();
    make(scratch);
    for (const root of ['there', 'there/below']) {
      const { status, stderr } = await scratch.run(['init', root]);
      expect({ status, stderr }).toEqual({ status: 7, stderr: expect.stringContaining(`there ${why}`) });
      expect(stderr).toContain('Name a folder');
    }
    expect(existsSync(scratch.path('gone'))).toBe(false);
  });

  test('refuses a folder that another workspace tracks: what init makes would be taken for data', async () => {
    const scratch = await Scratch.withData();
    scratch.write('data/inner/a', '');
    symlinkSync('data/inner', scratch.path('way-in'));
    for (const root of ['data/inner', 'data/new', 'way-in']) {
      const { status, stderr } = await scratch.run(['init', root]);
      expect(status).toBe(7);
      expect(stderr).toContain('`dvs untrack data`');
    }
    expect(existsSync(scratch.path('data/inner/.dvs'))).toBe(false);
    await scratch.ok('init', 'beside');
  });
});

describe('after a git clone', () => {
  test('the message says what to type, and that brings the data', async () => {
    const scratch = await onDisk();
    scratch.write('clone/src/train.py', '');
    cpSync(scratch.path('work/dvs.lock'), scratch.path('clone/dvs.lock'));
    for (const command of ['status', 'checkout', 'add']) {
      const { status, stderr } = await scratch.run(['-C', 'clone/src', command]);
      expect(status).toBe(3);
      expect(stderr).toContain(`\`dvs -C ${scratch.path('clone')} init --store <folder>\``);
    }
    expect(await scratch.ok('-C', 'clone', 'init', '--store', '../disk/dvs')).toContain(
      'Next: `dvs checkout` to bring 1 tracked path.\n',
    );
    await scratch.ok('-C', 'clone', 'checkout');
    expect(scratch.read('clone/data/a.txt')).toBe('one\n');
  });

  test('an empty store is told from one with the data', async () => {
    const scratch = await onDisk();
    scratch.write('clone/dvs.lock', scratch.read('work/dvs.lock'));
    expect(await scratch.ok('-C', 'clone', 'init')).toContain(
      'dvs.lock names versions that this store has not: data.\nNext: `dvs init --store <folder>`',
    );
    expect(await scratch.ok('-C', 'clone', 'status')).toContain('dvs init --store <folder>');
    const { status, stderr } = await scratch.run(['-C', 'clone', 'checkout']);
    expect(status).toBe(3);
    expect(stderr).toContain('`dvs init --store <folder>`');
    await scratch.ok('-C', 'clone', 'init', '--store', '../disk/dvs');
    await scratch.ok('-C', 'clone', 'checkout');
    expect(scratch.read('clone/data/a.txt')).toBe('one\n');
  });
});

describe('an unplugged disk', () => {
  test('is named by every command, and nothing is claimed to be gone', async () => {
    const scratch = await onDisk();
    renameSync(scratch.path('disk'), scratch.path('drawer'));
    for (const command of ['status', 'add', 'checkout', 'diff', 'log', 'ls', 'verify', 'init']) {
      const { status, stdout, stderr } = await scratch.run(['-C', 'work', command]);
      expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
      expect(stderr).toBe(
        `dvs: the store of this workspace cannot be reached: ${scratch.path('disk/dvs')} [E_NO_STORE]\n` +
          'Nothing is lost: plug in or mount the disk that it lies on. If it lies elsewhere now: `dvs init --store <folder>`.\n',
      );
    }
    expect(await scratch.ok('-C', 'work', 'init', '--store', '../drawer/dvs')).toContain(
      'It has the recorded version of 1 tracked path.',
    );
    expect(await scratch.ok('-C', 'work', 'status')).toContain('clean');
  });

  test('midway ends an add with 74, and the same command goes on', async () => {
    const scratch = await onDisk();
    scratch.write('work/data/big.bin', Buffer.alloc(96 << 20, 'x'));
    const { stdout, stderr } = await scratch.shell(
      'cd work; $DVS add -q & child=$!; until ls ../disk/dvs/tmp | grep -q "^$child"; do sleep 0.01; done; ' +
        'mv ../disk ../drawer; wait $child; echo $?',
    );
    expect(stdout).toBe('74\n');
    expect(stderr).toContain('[E_IO]');
    expect(stderr).toContain('run the same command again');
    expect(existsSync(scratch.path('disk'))).toBe(false);
    renameSync(scratch.path('drawer'), scratch.path('disk'));
    expect(await scratch.ok('-C', 'work', 'log', '-q')).toBe(
      await scratch.ok('-C', 'work', 'resolve', 'data:v1'),
    );
    await scratch.ok('-C', 'work', 'add');
    expect(await scratch.ok('-C', 'work', 'status')).toContain('clean');
    expect(await scratch.ok('-C', 'work', 'verify')).toContain('all intact');
  });
});
