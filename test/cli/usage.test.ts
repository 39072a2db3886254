import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { COMMANDS } from '#cli/commands.js';
import { Scratch } from './support.js';

describe('help', () => {
  test('lists every command with its summary', async () => {
    const scratch = await Scratch.empty();
    const help = await scratch.ok('help');
    for (const { name, summary, isHidden = false } of COMMANDS)
      expect(new RegExp(`^  ${name} .*${summary}$`, 'm').test(help), name).toBe(!isHidden);
    expect(await scratch.ok('--help')).toBe(help);
  });

  test.each(COMMANDS.map(({ name }) => name))('of %s has a summary, options and examples', async (name) => {
    const scratch = await Scratch.empty();
    const help = await scratch.ok('help', name);
    expect(help).toMatch(new RegExp(`^Usage: dvs ${name}`));
    expect(help).toContain(`dvs ${name}: `);
    expect(help).toContain('-C <dir>');
    expect(help).toMatch(new RegExp(`^Examples:\n  dvs ${name}`, 'm'));
  });

  test('can be asked for in two ways', async () => {
    const scratch = await Scratch.empty();
    expect(await scratch.ok('ls', '--help')).toBe(await scratch.ok('help', 'ls'));
  });

  test('the version', async () => {
    const scratch = await Scratch.empty();
    expect(await scratch.ok('--version')).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('wrong usage is exit 2, with one message and no output', () => {
  test.each<[string, string[], string]>([
    ['an unknown command', ['frobnicate'], "unknown command 'frobnicate'"],
    ['a misspelt command', ['stats'], 'Did you mean `dvs status`?'],
    ['help on an unknown command', ['help', 'nope'], "unknown command 'nope'"],
    ['no command', [], 'a command is missing'],
    ['an unknown option', ['status', '--bogus'], "unknown option '--bogus'"],
    ['a missing argument', ['show'], "missing required argument 'ref'"],
    ['no reference at all', ['resolve'], 'missing required argument'],
    ['one argument too many', ['show', 'a', 'b'], 'too many arguments'],
    ['no number of jobs', ['status', '-j', '0'], 'whole number from 1 to 256'],
    ['too many jobs', ['status', '-j', '257'], 'whole number from 1 to 256'],
    ['no number of entries', ['log', '-n', 'x'], 'whole number from 0 up'],
    ['no offset', ['cat', 'x', '--offset', '-1'], 'whole number from 0 up'],
    ['an epoch beyond all', ['order', 'x', '--epoch', '9007199254740992'], 'from 0 to 9007199254740991.'],
    [
      'a weight beyond all',
      ['split', 'x', '--parts', 'a=9007199254740993,b=1'],
      'from 1 to 9007199254740991, not 9007199254740993.',
    ],
    ['an option without its value', ['add', '-m'], 'argument missing'],
    ['a weight that is no whole number', ['split', 'x', '--parts', 'a=8,b=1.5'], 'not 1.5'],
    [
      'a place of one worker',
      ['order', 'x', '--where', '3', '--rank', '1'],
      "cannot be used with option '--rank",
    ],
    ['a part without a weight', ['split', 'x', '--parts', 'a=8,b'], 'not nothing'],
  ])('%s', async (_, args, message) => {
    const scratch = await Scratch.empty();
    const { status, stdout, stderr } = await scratch.run(args);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
    expect(stderr).toContain('[E_USAGE]');
    expect(stderr).not.toContain('    at ');
  });

  test('with --json it is a document on stderr', async () => {
    const scratch = await Scratch.empty();
    const { status, stdout, stderr } = await scratch.run(['stats', '--json']);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    const { error } = JSON.parse(stderr);
    expect(error).toEqual({
      code: 'E_USAGE',
      message: "unknown command 'stats'",
      hint: 'Did you mean `dvs status`?',
      about: [],
    });
  });
});

describe('errors', () => {
  test('outside of a workspace', async () => {
    const scratch = await Scratch.empty();
    for (const args of [['status'], ['add', 'x'], ['ls'], ['resolve', 'x']]) {
      const { status, stderr } = await scratch.run(args);
      expect(status).toBe(3);
      expect(stderr).toBe(
        `dvs: ${scratch.root} is not in a dvs workspace [E_NO_STORE]\nRun \`dvs init\` to make one.\n`,
      );
    }
    expect(existsSync(scratch.path('.dvs'))).toBe(false);
  });

  test('have a stack only with --debug', async () => {
    const scratch = await Scratch.empty();
    expect((await scratch.run(['status', '--debug'])).stderr).toMatch(/^ {4}at /m);
    expect((await scratch.run(['status'])).stderr).not.toMatch(/^ {4}at /m);
  });

  test('are escaped', async () => {
    const scratch = await Scratch.withData();
    const { stderr } = await scratch.run(['resolve', 'a\x1b[31m\u202e']);
    expect(stderr).toContain('a\\u{1b}[31m\\u{202e}');
  });

  test('an unreadable clock', async () => {
    const scratch = await Scratch.empty();
    const { status, stderr } = await scratch.run(['init'], { env: { DVS_NOW: 'noon' } });
    expect(status).toBe(2);
    expect(stderr).toContain('DVS_NOW is no time: noon');
  });

  test('an output that takes nothing', async () => {
    const scratch = await Scratch.withData();
    const { status, stderr } = await scratch.shell('$DVS ls data > /dev/full');
    expect(status).toBe(74);
    expect(stderr).toContain('E_NOSPC');
  });
});

describe('the global options', () => {
  test('-C runs elsewhere, before and after the command', async () => {
    const scratch = await Scratch.withData();
    const id = await scratch.ok('resolve', 'data');
    const options = { cwd: scratch.home };
    expect((await scratch.run(['-C', scratch.root, 'resolve', 'data'], options)).stdout).toBe(id);
    expect((await scratch.run(['resolve', 'data', '-C', '../work'], options)).stdout).toBe(id);
    expect((await scratch.run(['-C', 'nowhere', 'status'], options)).status).toBe(3);
  });

  test('a command finds its workspace from within', async () => {
    const scratch = await Scratch.withData();
    const options = { cwd: scratch.path('data/train') };
    scratch.write('data/train/2.txt', 'two\n');
    expect((await scratch.run(['add', '..', '-q'], options)).status).toBe(0);
    expect((await scratch.run(['add', '../..'], options)).status).toBe(7);
    expect((await scratch.run(['status', '-q', '..'], options)).status).toBe(0);
  });

  test('colours are for terminals that want them', async () => {
    const scratch = await Scratch.withData();
    const onTerminal = (line: string): Promise<string> =>
      scratch.shell(`script -qec "${line}" /dev/null < /dev/null`).then(({ stdout }) => stdout);
    expect(await scratch.ok('status')).not.toContain('\x1b[');
    expect(await onTerminal('$DVS status')).toContain('\x1b[32mclean\x1b[0m');
    expect(await onTerminal('$DVS --no-color status')).not.toContain('\x1b[');
    expect(await onTerminal('$DVS status --no-color')).not.toContain('\x1b[');
    expect(await onTerminal('NO_COLOR=1 $DVS status')).not.toContain('\x1b[');
    expect(await onTerminal('$DVS status --json')).not.toContain('\x1b[');
  });

  test('short options can be joined, also with those of the command', async () => {
    const scratch = await Scratch.withData();
    expect(await scratch.ok('checkout', '-nqf', 'data:v1')).toBe(await scratch.ok('resolve', 'data:v1'));
  });
});
