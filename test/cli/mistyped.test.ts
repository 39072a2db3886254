import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COMMANDS } from '#cli/commands.js';
import { defineCommand, makeProgram } from '#cli/definition.js';
import { HABITS, habitsOf } from '#cli/habits.js';
import { suggest } from '#src/base/suggest.js';
import { Scratch } from './support.js';

let scratch: Scratch;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ scratch, remove } = await Scratch.shared());
  await scratch.addData();
  scratch.write('sets/mnist/0.txt', 'zero\n');
  await scratch.ok('add', 'sets/mnist');
  await scratch.ok('tag', 'data:v1', 'production');
});
afterAll(() => remove());

/** What dvs says to do next. */
async function hint(...args: string[]): Promise<string> {
  const { status, stderr } = await scratch.run(args);
  expect(status).toBeGreaterThan(0);
  return stderr.split('\n')[1] ?? '';
}

describe('what was mistyped is answered with what is near:', () => {
  test.each<[string, string[], string]>([
    ['a command', ['stauts'], 'Did you mean `dvs status`?'],
    ['a command asked about', ['help', 'stauts'], 'Did you mean `dvs status`?'],
    ['nothing near', ['frobnicate'], '`dvs help` lists all commands.'],
    ['a subcommand', ['index', 'rebuidl'], 'Did you mean `dvs index rebuild`?'],
    ['an option', ['checkout', '--forse'], 'Did you mean --force? `dvs help checkout` lists its options.'],
    [
      'an option of every command',
      ['ls', '--jsno'],
      'Did you mean --json or --jsonl? `dvs help ls` lists its options.',
    ],
    ['no argument', ['cat'], '`dvs help cat` shows how it is used.'],
    ['a name', ['resolve', 'dtaa'], 'Did you mean data?'],
    ['a name with a version', ['resolve', 'dtaa:v1'], 'Did you mean data:v1?'],
    ['a name with a path', ['cat', 'mnst/0.txt'], 'Did you mean mnist/0.txt?'],
    ['a tracked path', ['ls', 'sets/mnits'], 'Did you mean sets/mnist?'],
    ['a tag', ['resolve', 'data:prodution'], 'Did you mean data:production?'],
    ['a tag that nothing is like', ['resolve', 'data:zzz'], 'List its tags with `dvs tag data`.'],
    ['a file', ['cat', 'data/lables.csv'], 'Did you mean data/labels.csv?'],
    ['a folder on the way', ['cat', 'data/trian/0.txt'], 'Did you mean data/train/0.txt?'],
    ['a folder', ['ls', 'data:v1/tran'], 'Did you mean data:v1/train?'],
    ['a file that nothing is like', ['cat', 'data/train/zzz'], 'List what there is with `dvs ls data`.'],
    ['a setting', ['config', 'get', 'core.clor'], 'Did you mean core.color?'],
  ])('%s', async (_, args, expected) => {
    expect(await hint(...args)).toBe(expected);
  });
});

describe('words of other tools', () => {
  test('are answered with the command here', async () => {
    expect(await hint('commit', '-m', 'x')).toContain('`dvs add <path> -m <message>`');
    expect(await hint('fsck')).toContain('`dvs verify`');
    expect(await hint('history')).toContain('`dvs log [name]`');
  });

  test('are no commands themselves', () => {
    const known = COMMANDS.map(({ name }) => name);
    expect(HABITS.flatMap(({ words }) => words).filter((word) => known.includes(word))).toEqual([]);
  });

  test.each(COMMANDS)('what is said of $name is a command line that it takes', async (summary) => {
    for (const { line } of HABITS.filter((habit) => habit.line.split(' ')[1] === summary.name)) {
      const program = makeProgram();
      let runs = 0;
      const run = async (): Promise<void> => {
        runs++;
      };
      await defineCommand(program, summary, { patterns: [], run });
      await program.parseAsync(
        line
          .replace(/<[^>]*>|\[[^\]]*\]/g, 'x')
          .split(' ')
          .slice(1),
        { from: 'user' },
      );
      expect(runs, line).toBe(1);
    }
  });

  test('name only commands that there are', () => {
    expect(habitsOf('remove', ['add'])).toEqual([]);
    expect(habitsOf('remove', ['rm'])).toHaveLength(1);
  });
});

test('near are a few edits, neighbours that changed places, and parts', () => {
  expect(suggest('stauts', ['status', 'show'])).toEqual(['status']);
  expect(suggest('jobs', ['core.jobs', 'core.user'])).toEqual(['core.jobs']);
  expect(suggest('frobnicate', ['cat', 'add'])).toEqual([]);
  expect(suggest('ls', ['lfs', 'rm', 'log'])).toEqual(['lfs']);
  expect(suggest('x'.repeat(100_000), ['x'])).toEqual([]);
});
