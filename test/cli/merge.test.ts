import { describe, expect, test } from 'vitest';
import { Scratch } from './support.js';

/** data:v1, theirs as data:v2, and ours as data:v3, which is what is on disk and in the lock. */
async function withBoth(change: (scratch: Scratch, side: 'ours' | 'theirs') => void): Promise<Scratch> {
  const scratch = await Scratch.withData();
  change(scratch, 'theirs');
  await scratch.ok('add');
  await scratch.ok('checkout', 'data:v1');
  change(scratch, 'ours');
  await scratch.ok('add');
  return scratch;
}

const apart = (scratch: Scratch, side: string): void => scratch.write(`data/${side}.txt`, side);
const together = (scratch: Scratch, side: string): void => scratch.write('data/labels.csv', `${side}\n`);

describe('dvs merge', () => {
  test('puts the changes of both together, and the files follow', async () => {
    const scratch = await withBoth(apart);
    const printed = await scratch.ok('merge', 'data:v1', 'data', 'data:v2', '-m', 'both');
    expect(printed).toMatch(
      /^data:v4 {2}bafyrei\w+\n {2}5 files, 27 B; against ours: 1 added \(6 B\)\n {2}A theirs.txt/,
    );
    expect(scratch.read('data/ours.txt') + scratch.read('data/theirs.txt')).toBe('ourstheirs');
    expect(await scratch.ok('status')).toBe('data (data:v4): clean\n');
    expect(await scratch.ok('log', 'data', '-n', '1')).toContain('both');
  });

  test('records a run with what it was made of', async () => {
    const scratch = await withBoth(apart);
    const ids = await Promise.all(['data:v1', 'data:v3', 'data:v2'].map((ref) => scratch.ok('resolve', ref)));
    const [base, ours, theirs] = ids.map((id) => id.trim());
    await scratch.ok('merge', 'data:v1', 'data', 'data:v2');
    const { id, madeBy } = await scratch.json('show', 'data:v4');
    const run = await scratch.json('show', madeBy[0]);
    expect(run).toMatchObject({ op: 'merge', inputs: { base, ours, theirs }, outputs: { data: id } });
    expect(await scratch.ok('verify')).toContain('all intact');
  });

  test('lists conflicts, leaves both files, and exits with 1', async () => {
    const scratch = await withBoth(together);
    const { status, stdout } = await scratch.run(['merge', 'data:v1', 'data', 'data:v2']);
    expect(status).toBe(1);
    expect(stdout).toContain(
      '1 conflict:\n  both modified    labels.csv, the other file is labels.theirs.csv\n',
    );
    expect(stdout).toContain('Next: keep what you want of each in data, then run `dvs add data`.\n');
    expect(scratch.read('data/labels.csv')).toBe('ours\n');
    expect(scratch.read('data/labels.theirs.csv')).toBe('theirs\n');
  });

  test('with -n tells what would be, and writes nothing', async () => {
    const scratch = await withBoth(together);
    const before = scratch.snapshot('.dvs/log');
    const lock = scratch.read('dvs.lock');
    const { status, stdout } = await scratch.run(['merge', '-n', 'data:v1', 'data', 'data:v2']);
    expect(status).toBe(1);
    expect(stdout).toContain('data:v4');
    expect(stdout).toContain('Dry run: nothing was written.\n');
    expect(scratch.snapshot('.dvs/log')).toEqual(before);
    expect(scratch.read('dvs.lock')).toBe(lock);
  });

  test('makes no version when theirs has nothing new', async () => {
    const scratch = await withBoth(apart);
    expect(await scratch.ok('merge', 'data:v1', 'data', 'data:v1')).toContain('data:v3');
    expect(await scratch.ok('merge', 'data:v1', 'data', 'data:v1')).toContain(
      'theirs has nothing that ours has not',
    );
    expect((await scratch.json('log', 'data')).length).toBe(3);
  });

  test('refuses while the files have changes that were not added, before anything is recorded', async () => {
    const scratch = await withBoth(apart);
    scratch.write('data/labels.csv', 'mine\n');
    const { status, stderr } = await scratch.run(['merge', 'data:v1', 'data', 'data:v2']);
    expect(status).toBe(7);
    expect(stderr).toContain(
      'data has changes that were not added: labels.csv [E_UNSAFE]\nRun `dvs add data`',
    );
    expect((await scratch.json('log', 'data')).length).toBe(3);
    expect(scratch.read('data/labels.csv')).toBe('mine\n');
  });

  test('overwrites no new file; the merge is recorded all the same, and the error says so', async () => {
    const scratch = await withBoth(apart);
    scratch.write('data/theirs.txt', 'never added');
    const { status, stderr } = await scratch.run(['merge', 'data:v1', 'data', 'data:v2']);
    expect(status).toBe(7);
    expect(stderr).toContain('the merge was recorded as data:v4, but then ');
    expect(stderr).toContain('Then run `dvs checkout data:v4` to finish.');
    expect(scratch.read('data/theirs.txt')).toBe('never added');
    scratch.remove('data/theirs.txt');
    await scratch.ok('checkout', 'data:v4');
    expect(scratch.read('data/theirs.txt')).toBe('theirs');
  });

  test('of versions that are not what is here leaves the files alone, and gives the name one more', async () => {
    const scratch = await withBoth(apart);
    const lock = scratch.read('dvs.lock');
    expect(await scratch.ok('merge', 'data:v1', 'data:v2', 'data:v3', '--name', 'joined')).toContain(
      'joined:v1  ',
    );
    expect(await scratch.ok('merge', 'data:v1', 'data:v2', 'data:v3')).toContain(
      'Next: `dvs checkout data:v4` brings its files.\n',
    );
    expect(scratch.read('dvs.lock')).toBe(lock);
  });

  test('a partial checkout grows by the files in conflict', async () => {
    const scratch = await withBoth(together);
    scratch.remove('data');
    await scratch.ok('checkout', 'data', '--', 'train');
    expect((await scratch.run(['merge', 'data:v1', 'data', 'data:v2'])).status).toBe(1);
    expect(scratch.read('data/labels.csv')).toBe('ours\n');
    expect(scratch.read('data/labels.theirs.csv')).toBe('theirs\n');
    scratch.remove('data/labels.theirs.csv');
    expect(await scratch.ok('add')).toContain('D labels.theirs.csv');
  });

  test('one tracked file cannot become two', async () => {
    const scratch = await Scratch.withData();
    for (const text of ['1', '22', '333']) {
      scratch.write('w.bin', text);
      await scratch.ok('add', 'w.bin');
    }
    const { status, stderr } = await scratch.run(['merge', 'w.bin:v1', 'w.bin', 'w.bin:v2']);
    expect(status).toBe(5);
    expect(stderr).toContain('w.bin is one file, and both sides changed it [E_CONFLICT]\nOurs stays.');
    expect(scratch.read('w.bin')).toBe('333');
    const [, command = ''] = /`dvs (checkout [^`]*)`/.exec(stderr) ?? [];
    await scratch.ok(...command.replace('<folder>', 'look').split(' '));
    expect(scratch.read('look/w.bin')).toBe('22');
  });

  test.each<[string[], number, string]>([
    [['data:v1', 'data', 'nothing'], 3, 'nothing is called nothing'],
    [['data:v1', 'data/train', 'data:v2'], 2, 'merge takes whole datasets'],
    [['data:v1', 'data', 'data:v2', '--name', 'v3'], 2, '"v3" cannot be a name'],
    [['data:v1', 'data'], 2, "missing required argument 'theirs'"],
  ])('refuses %j', async (args, status, message) => {
    const scratch = await withBoth(apart);
    const ran = await scratch.run(['merge', ...args]);
    expect(ran.status).toBe(status);
    expect(ran.stderr).toContain(message);
  });
});
