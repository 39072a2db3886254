import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Scratch } from './support.js';

describe('dvs check-ignore prints what git check-ignore prints', () => {
  const FILES = {
    '': '*.tmp\n!keep.tmp\nbuild/\n\\!odd\nsp\\ \n',
    'data/': '/only-here\n**/deep\n',
  };
  const PATHS = [
    'a.tmp',
    'keep.tmp',
    'data/a.tmp',
    'data/only-here',
    'data/x/only-here',
    'data/x/y/deep',
    'data/x/y/deep/er',
    'build/x',
    'build/',
    '!odd',
    'sp ',
    'b',
  ]; // prettier-ignore

  async function both(): Promise<Scratch> {
    const scratch = await Scratch.empty();
    await scratch.ok('init');
    execFileSync('git', ['init', '-q'], { cwd: scratch.root });
    for (const [folder, text] of Object.entries(FILES)) {
      for (const name of ['.dvsignore', '.gitignore']) scratch.write(folder + name, text);
    }
    scratch.write('data/x/file', '');
    return scratch;
  }

  test.each(
    [[], ['-v'], ['-v', '-n'], ['-z', '--stdin'], ['-v', '-n', '-z', '--stdin'], ['--stdin']].map((args) => [
      args,
    ]),
  )('with %j', async (args) => {
    const scratch = await both();
    writeFileSync(scratch.path('../list'), PATHS.join(args.includes('-z') ? '\0' : '\n'));
    const given = args.includes('--stdin')
      ? [...args, '<', '../list']
      : [...args, ...PATHS.map((path) => `'${path}'`)];
    const ours = await scratch.shell(`$DVS check-ignore ${given.join(' ')}`);
    const git = await scratch.shell(`git check-ignore --no-index ${given.join(' ')}`);
    // Where git puts quotes around a path that begins or ends oddly, we do not.
    expect(ours.stdout).toBe(git.stdout.replaceAll('.gitignore', '.dvsignore'));
    expect(ours.status).toBe(git.status);
  });

  test('and exits with 1 when nothing is ignored, 7 for what lies outside, 2 for what makes no sense', async () => {
    const scratch = await both();
    const status = async (...args: string[]) => (await scratch.run(['check-ignore', ...args])).status;
    expect(await status('b')).toBe(1);
    expect(await status('b', '-q')).toBe(1);
    expect(await status('a.tmp', '-q')).toBe(0);
    expect(await status('keep.tmp')).toBe(1);
    expect(await status('../x')).toBe(7);
    expect(await status('-n', 'b')).toBe(2);
    expect(await status()).toBe(2);
    expect(await status('--stdin', 'b')).toBe(2);
  });

  test('and says of tracked paths that they are not, whatever the rules', async () => {
    const scratch = await both();
    scratch.write('build/out/file', '');
    scratch.write('.dvsignore', '');
    await scratch.ok('add', 'build/out');
    scratch.write('.dvsignore', 'build/\n*.o\n');
    const { stdout } = await scratch.run([
      'check-ignore',
      'build/out',
      'build/out/file',
      'build/out/x.o',
      'build/else',
      'build',
    ]);
    expect(stdout).toBe('build/out/x.o\nbuild/else\nbuild\n');
  });
});

test('what is ignored is told by add and status', async () => {
  const scratch = await Scratch.withData();
  scratch.write('.dvsignore', 'scratch\n*.csv\n');
  scratch.write('scratch/x', '');
  scratch.write('other', '');
  const status = await scratch.ok('status');
  expect(status).toContain('1 of those removed is still there, and ignored now');
  expect(status).toMatch(/Not tracked .*\n {2}other\n$/);
  expect(await scratch.ok('diff')).toContain('1 of those removed is still there, and ignored now');
  expect(await scratch.ok('add')).toContain('(1 file ignored)');
});
