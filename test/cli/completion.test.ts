import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COMMANDS } from '#cli/commands.js';
import { KIND_OF, placeholder } from '#cli/complete/kinds.js';
import { quoted, splitLine } from '#cli/complete/words.js';
import { defineCommand, family, makeProgram } from '#cli/definition.js';
import { MAIN, Scratch } from './support.js';

let scratch: Scratch;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ scratch, remove } = await Scratch.shared());
  await scratch.addData();
  scratch.write('data/my files/a b.txt', 'x\n');
  scratch.write("data/my files/it's", 'x\n');
  scratch.write('data/$HOME/"q"', 'x\n');
  scratch.write('sets/mnist/0.txt', 'x\n');
  await scratch.ok('add', 'data', 'sets/mnist');
  await scratch.ok('tag', 'data:v1', 'best');
  const bin = `${scratch.home}/bin`;
  mkdirSync(bin);
  writeFileSync(`${bin}/dvs`, `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`);
  chmodSync(`${bin}/dvs`, 0o755);
});
afterAll(() => remove());

/** What could stand where the last of these words is. */
async function candidates(...words: string[]): Promise<string[]> {
  const { status, stdout, stderr } = await scratch.run(['complete', '--', ...words]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split('\t')[0] ?? '');
}

describe('completes', () => {
  test('commands, subcommands and their options', async () => {
    expect(await candidates('co')).toEqual(['config', 'completion']);
    expect(await candidates('help', 'sta')).toEqual(['status']);
    expect(await candidates('config', '')).toEqual(['list', 'get', 'set', 'unset']);
    expect(await candidates('config', 'set', '--')).toContain('--shared');
    expect(await candidates('checkout', '--f')).toEqual(['--force']);
    expect(await candidates('-q', '--no-color', 'checkout', '-n', '--f')).toEqual(['--force']);
    expect(await candidates('complete-nothing', '')).toEqual([]);
    expect(await candidates('comp')).toEqual(['completion']);
  });

  test('names, versions, tags and tracked paths', async () => {
    expect(await candidates('log', '')).toEqual(['data', 'mnist']);
    expect(await candidates('show', '')).toEqual(['data', 'sets/mnist', 'mnist']);
    expect(await candidates('show', 'data')).toEqual(['data', 'data/', 'data:']);
    expect(await candidates('show', 'data:')).toEqual(['data:best', 'data:latest', 'data:v2', 'data:v1']);
    expect(await candidates('show', 'data:b')).toEqual(['data:best']);
    expect(await candidates('show', 'nothing:')).toEqual([]);
    expect(await candidates('status', 's')).toEqual(['sets/mnist']);
  });

  test('paths in datasets, of any version', async () => {
    expect(await candidates('cat', 'data/')).toEqual([
      'data/$HOME/',
      'data/labels.csv',
      'data/my files/',
      'data/train/',
    ]);
    expect(await candidates('cat', 'data/tr')).toEqual(['data/train/']);
    expect(await candidates('cat', 'data:v1/')).toEqual(['data:v1/labels.csv', 'data:v1/train/']);
    expect(await candidates('cat', 'sets/mnist/')).toEqual(['sets/mnist/0.txt']);
    expect(await candidates('cat', 'nothing/')).toEqual([]);
    expect(await candidates('checkout', 'data:v1', '--', 'train/')).toEqual(['train/0.txt', 'train/1.txt']);
  });

  test('the parts of a split, folds included', async () => {
    const own = await Scratch.withData();
    await own.ok(
      'split',
      'data',
      '--reader',
      'files',
      '--parts',
      'train=2,test=1',
      '--seed',
      '1',
      '--name',
      's',
    );
    await own.ok('split', 'data', '--reader', 'files', '--folds', '2', '--seed', '1', '--name', 'folds');
    const offered = async (typed: string): Promise<string[]> =>
      (await own.ok('complete', '--', 'ls', typed)).split('\n').flatMap((line) => line.split('\t')[0] || []);
    expect(await offered('s/')).toEqual(['s/train', 's/test']);
    expect(await offered('s/te')).toEqual(['s/test']);
    expect(await offered('folds/fold-1/')).toEqual(['folds/fold-1/train', 'folds/fold-1/test']);
  });

  test('files on disk, settings and their values, what options take', async () => {
    expect(await candidates('add', 's')).toEqual(['sets/']);
    expect(await candidates('add', 'data/la')).toEqual(['data/labels.csv']);
    expect(await candidates('-C', 'da')).toEqual(['data/']);
    expect(await candidates('-C', 'data', 'add', 'la')).toEqual(['labels.csv']);
    expect(await candidates('config', 'get', 'core.')).toEqual([
      'core.jobs',
      'core.color',
      'core.pager',
      'core.user',
    ]);
    expect(await candidates('config', 'set', 'core.color', '')).toEqual(['auto', 'always', 'never']);
    expect(await candidates('completion', '')).toEqual(['bash', 'zsh', 'fish']);
    expect(await candidates('add', '--name', 'm')).toEqual(['mnist']);
    expect(await candidates('add', '--name=m')).toEqual(['--name=mnist']);
  });

  test('what the words of every command stand for', async () => {
    const unknown: string[] = [];
    for (const summary of COMMANDS) {
      const command = await defineCommand(makeProgram(), summary, { patterns: [], run: async () => {} });
      for (const { registeredArguments, options } of family(command)) {
        const valued = options.filter(({ argChoices }) => argChoices === undefined);
        const words = valued.map(({ flags }) => placeholder(flags)).filter((word) => word !== '');
        for (const word of [...words, ...registeredArguments.map((one) => one.name())]) {
          if (KIND_OF[word] === undefined)
            unknown.push(`${summary.name} <${word}>: add it to cli/complete/kinds.ts`);
        }
      }
    }
    expect(unknown).toEqual([]);
  });
});

describe('never says anything wrong', () => {
  test('outside of a workspace, in a broken one, or with settings that cannot be used', async () => {
    const other = await Scratch.withData();
    const ask = (cwd: string) => other.run(['complete', '--', 'show', 'd'], { cwd });
    expect(await ask(other.home)).toEqual({ status: 0, stdout: '', stderr: '' });
    other.write('.dvs/config.toml', '[core]\njobs = "x"\n');
    expect((await ask(other.root)).stdout).toContain('data');
    other.write('dvs.lock', 'broken');
    expect(await ask(other.root)).toEqual({ status: 0, stdout: '', stderr: '' });
    other.remove('dvs.lock');
    rmSync(other.path('.dvs/packs'), { recursive: true });
    const { status, stderr } = await ask(other.root);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(readdirSync(other.path('.dvs/tmp'))).toEqual([]);
  });

  test('of names that a terminal would obey', async () => {
    const other = await Scratch.empty();
    other.write('ok', '');
    other.write('o\x1b[31m', '');
    other.write('o\u202e', '');
    expect((await other.run(['complete', '--', 'add', 'o'])).stdout).toBe('ok\t\n');
  });
});

describe('a line of shell', () => {
  test.each<[string, string[], string]>([
    ['dvs ', ['dvs'], ''],
    ['dvs cat data/my\\ fi', ['dvs', 'cat'], 'data/my fi'],
    ['dvs cat "a b" \'c d', ['dvs', 'cat', 'a b'], 'c d'],
    ['dvs cat "a\\$b\\n', ['dvs', 'cat'], 'a$b\\n'],
    ["x=1; dvs add 'a'\\''b", ['dvs', 'add'], "a'b"],
    ['true && dvs ls', ['dvs'], 'ls'],
    ['dvs ""', ['dvs'], ''],
  ])('%s', (line, before, text) => {
    const found = splitLine(line);
    expect([found.before, found.current.text]).toEqual([before, text]);
  });

  test('what is quoted reads back, in bash too', () => {
    const texts = ['a b', "it's", '"q"', '$HOME', 'a\\b', '`x`', '*?[', 'ü😀', '~', 'a;b&c|d(e)', '#x', '!x'];
    for (const text of texts) expect(splitLine(quoted(text, '')).current.text).toBe(text);
    const quotes = ['', '"', "'"] as const;
    const words = texts.flatMap((text) => quotes.map((quote) => `${quote}${quoted(text, quote)}${quote}`));
    const read = execFileSync('bash', ['-c', `printf '%s\\0' ${words.join(' ')}`], { encoding: 'utf8' });
    expect(read.split('\0').slice(0, -1)).toEqual(texts.flatMap((text) => quotes.map(() => text)));
  });
});

const isInstalled = (shell: string): boolean => {
  try {
    execFileSync(shell, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/** Runs a script of `shell` with dvs in its path. */
async function inShell(shell: string, flag: string, script: string): Promise<string> {
  const { PATH: path } = process.env;
  const file = `${scratch.home}/script.${shell}`;
  writeFileSync(file, script);
  const { status, stdout, stderr } = await scratch.shell(`${shell} ${flag} ${file}`, {
    env: { PATH: `${scratch.home}/bin:${path}` },
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

describe('the script', () => {
  test('of bash answers with words that bash takes, around its word breaks and quotes', async () => {
    const lines = [
      'dvs checko',
      'dvs cat data:v',
      'dvs cat data:v1/la',
      'dvs cat data/my',
      'dvs cat data/my\\ files/a',
      'dvs cat "data/my files/a',
      "dvs cat 'data/my files/it",
      'dvs cat data/\\$HOME/',
      'dvs add --name=mn',
    ];
    const asked = lines.map((line) => `ask ${quoted(line, '')}\n`).join('');
    const answer = await inShell(
      'bash',
      '--norc',
      `source <(dvs completion bash)
ask() {
  COMP_LINE=$1 COMP_POINT=\${#1} COMP_WORDS=(dvs) COMP_CWORD=0
  _dvs
  printf '<%s>' "\${COMPREPLY[@]}"
  echo
}
${asked}`,
    );
    expect(answer.split('\n').slice(0, -1)).toEqual([
      '<checkout >',
      '<v2><v1>',
      '<v1/labels.csv >',
      '<data/my\\ files/>',
      '<data/my\\ files/a\\ b.txt >',
      '<data/my files/a b.txt" >',
      "<data/my files/it'\\''s' >",
      '<data/\\$HOME/\\"q\\" >',
      '<mnist>',
    ]);
  });

  test.skipIf(!isInstalled('zsh'))('of zsh hands on the words, and which of them go on', async () => {
    const answer = await inShell(
      'zsh',
      '-f',
      `compdef() { : }
compadd() { print -r -- "$1 $2:" \${(P)@[-1]} }
source <(dvs completion zsh)
words=(dvs cat) CURRENT=3 PREFIX='data/my\\ files/' ; _dvs
words=(dvs) CURRENT=2 PREFIX=checko ; _dvs
words=(dvs log d) CURRENT=3 PREFIX=d ; _dvs
`,
    );
    expect(answer).toBe("-l -d: data/my files/a b.txt data/my files/it's\n-l -d: checkout\n-l -S: data\n");
  });

  test.skipIf(!isInstalled('fish'))('of fish offers the words with their notes', async () => {
    const answer = await inShell(
      'fish',
      '--no-config',
      `dvs completion fish | source
complete -C 'dvs cat data/tr'
complete -C 'dvs cat "data/my files/a'
complete -C 'dvs sta'
`,
    );
    expect(answer).toBe(
      'data/train/\tfolder\ndata/my files/a b.txt\tfile\nstatus\ttell what changed on disk since it was recorded\n',
    );
  });
});
