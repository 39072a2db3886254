import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { symlinkSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { contentId } from '#src/id/cid.js';
import { MAIN, Scratch } from './support.js';

const ZERO = contentId(Buffer.from('zero\n')).toString();

describe('dvs resolve of several references', () => {
  test('answers in order; one that leads nowhere has its line, and shows in the exit status', async () => {
    const scratch = await Scratch.withData();
    const id = (await scratch.ok('resolve', 'data')).trim();
    const { status, stdout, stderr } = await scratch.run([
      'resolve',
      'data',
      'dta',
      'data/train/0.txt',
      'bafyrei',
    ]);
    expect(status).toBe(3);
    expect(stdout).toBe(`${id}\ndta missing\n${ZERO}\nbafyrei ambiguous\n`);
    expect(stderr).toMatch(/^dvs: reference 2: nothing is called dta \[E_NOT_FOUND\]\nDid you mean data\?\n/);
    expect(stderr).toContain('dvs: reference 4: bafyrei can mean 2 things [E_AMBIGUOUS]');
  });

  test.each([['--stdin'], ['-']])('%s reads one a line, whatever ends it', async (argument) => {
    const scratch = await Scratch.withData();
    scratch.write('list', `data/train/0.txt\r\n${ZERO}\n\ndata:v1/train/0.txt`);
    const { status, stdout } = await scratch.shell(`$DVS resolve ${argument} -q < list`);
    expect({ status, stdout }).toEqual({ status: 3, stdout: `${ZERO}\n${ZERO}\n missing\n${ZERO}\n` });
  });

  test('-z: NUL in, NUL out, and nothing quoted', async () => {
    const scratch = await Scratch.withData();
    scratch.write('list', 'data/train/0.txt\0no\nsuch "thing"\0');
    expect(await scratch.shell('$DVS resolve --stdin -z < list')).toMatchObject({
      status: 3,
      stdout: `${ZERO}\0no\nsuch "thing" missing\0`,
    });
    expect((await scratch.shell("$DVS resolve 'a\u202eb' 'c\"'")).stdout).toBe(
      '"a\\u202eb" missing\n"c\\"" missing\n',
    );
  });

  test('answers each before the next is asked', async () => {
    const scratch = await Scratch.withData();
    const child = spawn(process.execPath, [MAIN, 'resolve', '--stdin'], {
      cwd: scratch.root,
      env: scratch.env,
    });
    for (let round = 0; round < 3; round++) {
      child.stdin.write('data/train/0.txt\n');
      expect(String((await once(child.stdout, 'data'))[0])).toBe(`${ZERO}\n`);
    }
    child.stdin.end();
    expect(await once(child, 'close')).toEqual([0, null]);
  });

  test('thousands at once', async () => {
    const scratch = await Scratch.withData();
    scratch.write('list', 'data/train/0.txt\n'.repeat(5000));
    const { stdout } = await scratch.shell('$DVS resolve --stdin < list');
    expect(stdout).toBe(`${ZERO}\n`.repeat(5000));
  });

  test('one endless line is refused', async () => {
    const scratch = await Scratch.withData();
    const { status, stderr } = await scratch.shell('head -c 3000000 /dev/zero | $DVS resolve --stdin');
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('is longer than') });
  });

  test.each([
    ['both on the command line and from the input', ['data', '--stdin']],
    ['- among others', ['-', 'data']],
    ['none', []],
  ])('%s is wrong usage', async (_, args) => {
    const scratch = await Scratch.withData();
    expect(await scratch.run(['resolve', ...args])).toMatchObject({ status: 2, stdout: '' });
  });
});

describe('dvs resolve --format', () => {
  test.each([
    ['{name}:v{version}', 'data:v1'],
    ['{reference}|{kind}|{path}', 'data/train/0.txt|content|train/0.txt'],
    ['{id}\\t{{x}}\\\\', `${ZERO}\t{x}\\`],
    ['', ''],
  ])('%j', async (format, line) => {
    const scratch = await Scratch.withData();
    const reference = line.startsWith('data:') ? 'data' : 'data/train/0.txt';
    expect(await scratch.ok('resolve', reference, '--format', format)).toBe(`${line}\n`);
  });

  test('what is not known is empty', async () => {
    const scratch = await Scratch.withData();
    expect(await scratch.ok('resolve', ZERO, '--format', '[{name}{version}{path}]')).toBe('[]\n');
  });

  test('{sha256} of a file is what sha256sum prints', async () => {
    const scratch = await Scratch.withData();
    const { stdout } = await scratch.shell('sha256sum data/train/0.txt');
    expect(await scratch.ok('resolve', 'data/train/0.txt', '--format', '{sha256}  {reference}')).toBe(stdout);
  });

  test.each([['--json'], ['--jsonl', '--stdin']])(
    'with %s it would say nothing, so it is refused',
    async (...flags) => {
      const scratch = await Scratch.withData();
      const references = flags.includes('--stdin') ? [] : ['data'];
      const { status, stdout, stderr } = await scratch.run([
        'resolve',
        ...references,
        '--format',
        '{id}',
        ...flags,
      ]);
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
      expect(JSON.parse(stderr)).toMatchObject({
        error: { code: 'E_USAGE', hint: 'Leave out one of them.' },
      });
    },
  );

  test.each(['{size}', '{', '}', '{}', '\\x', '\\', '{id'])(
    '%j is wrong usage, with a list of the fields',
    async (format) => {
      const scratch = await Scratch.withData();
      const { status, stderr } = await scratch.run(['resolve', 'data', '--format', format]);
      expect({ status, stderr }).toEqual({
        status: 2,
        stderr: expect.stringContaining('Fields are {id} {reference}'),
      });
    },
  );
});

describe('lines for other programs', () => {
  test('of ls: paths and names', async () => {
    const scratch = await Scratch.withData();
    expect(await scratch.ok('ls', '--name-only')).toBe('data\n');
    expect(await scratch.ok('ls', 'data', '--folders', '--name-only')).toBe('labels.csv\ntrain/\n');
    expect(await scratch.ok('ls', 'data/train', '-z')).toBe('train/0.txt\0train/1.txt\0');
  });

  test('of diff and status: a letter for what became of each path', async () => {
    const scratch = await Scratch.withData();
    scratch.write('data/labels.csv', 'mouse\n');
    scratch.write('data/say "hi"', 'new\n');
    scratch.write('data/train/2.txt', 'one\n');
    scratch.remove('data/train/0.txt');
    scratch.remove('data/train/1.txt');
    scratch.write('other', 'not tracked');
    const quoted =
      'M\tdata/labels.csv\nA\t"data/say \\"hi\\""\nD\tdata/train/0.txt\nR\tdata/train/1.txt\tdata/train/2.txt\n';
    const plain =
      'M\0data/labels.csv\0A\0data/say "hi"\0D\0data/train/0.txt\0R\0data/train/1.txt\0data/train/2.txt\0';
    expect(await scratch.ok('diff', '--name-status')).toBe(quoted);
    expect(await scratch.ok('diff', '-z')).toBe(plain);
    expect(await scratch.ok('diff', '--name-only', '-z', 'data')).toBe(
      'labels.csv\0say "hi"\0train/0.txt\0train/2.txt\0',
    );
    expect(await scratch.ok('status', '--porcelain')).toBe(`${quoted}?\tother\n`);
    expect(await scratch.ok('status', '-z')).toBe(`${plain}?\0other\0`);
  });

  test('of status: a tracked path that is gone', async () => {
    const scratch = await Scratch.withData();
    scratch.remove('data');
    expect(await scratch.ok('status', '--porcelain')).toBe('D\tdata/\n');
    scratch.write('dvs.lock', scratch.read('dvs.lock').replace(/id = "bafyrei.{4}/, 'id = "bafyreiaaaa'));
    expect(await scratch.ok('status', '--porcelain')).toBe('X\tdata/\n');
  });

  test('a name that a terminal would obey is a JSON string', async () => {
    const scratch = await Scratch.withData();
    symlinkSync('nowhere', scratch.path('a\x1b[31m\n\\'));
    expect(await scratch.ok('status', '--porcelain')).toBe('?\t"a\\u001b[31m\\n\\\\"\n');
    expect(await scratch.ok('status', '-z')).toBe('?\0a\x1b[31m\n\\\0');
  });

  test('-q and --json go before them', async () => {
    const scratch = await Scratch.withData();
    scratch.write('data/new', 'new');
    expect(await scratch.run(['diff', '-q', '--name-only'])).toMatchObject({ status: 1, stdout: '' });
    expect(await scratch.run(['status', '-qz'])).toMatchObject({ status: 1, stdout: '' });
    expect(await scratch.json('ls', '--name-only')).toHaveLength(1);
  });
});

describe('--jsonl', () => {
  test('has the items of a list, and of an object with lists each of them', async () => {
    const scratch = await Scratch.withData();
    const linesOf = async (...args: string[]): Promise<{ [key: string]: unknown }[]> =>
      (await scratch.ok(...args, '--jsonl')).split(/\n(?=.)/).map((line) => JSON.parse(line));
    expect(await linesOf('ls', 'data')).toEqual(await scratch.json('ls', 'data'));
    expect(await linesOf('show', 'data')).toEqual([await scratch.json('show', 'data')]);
    scratch.write('data/new', 'new');
    const { tracked } = await scratch.json('status');
    expect(await linesOf('status')).toEqual([
      expect.objectContaining({ line: 'tracked', path: 'data', state: 'modified' }),
      { line: 'added', ...tracked[0].added[0] },
    ]);
  });

  test('a line comes when it is known, not when all is', async () => {
    const scratch = await Scratch.withData();
    const child = spawn(process.execPath, [MAIN, 'resolve', '--stdin', '--jsonl'], {
      cwd: scratch.root,
      env: scratch.env,
    });
    child.stdin.write('data\n');
    expect(JSON.parse(String((await once(child.stdout, 'data'))[0]))).toMatchObject({ name: 'data' });
    child.stdin.end();
    await once(child, 'close');
  });
});
