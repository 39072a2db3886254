import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SETTING_KEYS, SETTINGS } from '#src/workspace/settings/list.js';
import { Scratch } from './support.js';

describe('dvs config', () => {
  test('sets, tells with the origin, and takes out', async () => {
    const scratch = await Scratch.empty();
    await scratch.ok('init');
    expect(await scratch.ok('config', 'set', 'core.jobs', '3')).toBe(
      `core.jobs = 3  in ${scratch.path('.dvs/config.toml')}\n`,
    );
    expect(await scratch.ok('config', 'get', 'core.jobs')).toBe('3\n');
    const listed = await scratch.json('config', 'list');
    expect(listed[0]).toEqual({
      key: 'core.jobs',
      value: '3',
      origin: 'workspace',
      file: scratch.path('.dvs/config.toml'),
    });
    expect(listed).toContainEqual({ key: 'core.user', value: 'ada', origin: 'environment', file: null });
    expect(await scratch.ok('config', 'list', '-j', '5')).toMatch(/^core\.jobs +5 +flag$/m);
    expect(await scratch.ok('config', 'unset', 'core.jobs')).toContain('Took core.jobs out');
    expect(await scratch.run(['config', 'get', 'core.jobs'])).toEqual({ status: 1, stdout: '', stderr: '' });
  });

  test('says when something else counts for more', async () => {
    const scratch = await Scratch.empty();
    const { stdout } = await scratch.run(['config', 'set', '--user', 'core.user', 'bob']);
    expect(stdout).toContain('But DVS_USER has ada, which counts for more.');
    expect(scratch.read('../home/.config/dvs/config.toml')).toBe('[core]\nuser = "bob"\n');
  });

  test('what is set is heeded: the user in the log, colours, threads', async () => {
    const scratch = await Scratch.withData();
    const env = { DVS_USER: '' };
    expect((await scratch.run(['config', 'set', '--user', 'core.user', 'grace'], { env })).status).toBe(0);
    scratch.write('data/new.txt', 'new\n');
    await scratch.run(['add'], { env });
    expect(await scratch.ok('log')).toMatch(/, grace, before:/);
    await scratch.ok('config', 'set', 'core.color', 'always');
    expect(await scratch.ok('status')).toContain('\x1b[32mclean');
    expect(await scratch.ok('status', '--no-color')).not.toContain('\x1b[');
    expect((await scratch.run(['status'], { env: { DVS_COLOR: 'never' } })).stdout).not.toContain('\x1b[');
  });

  test('DVS_CONFIG and XDG_CONFIG_HOME say where the file of the user lies', async () => {
    const scratch = await Scratch.empty();
    mkdirSync(scratch.path('xdg/dvs'), { recursive: true });
    writeFileSync(scratch.path('xdg/dvs/config.toml'), '[core]\njobs = 6\n');
    scratch.write('own.toml', '[core]\njobs = 7\n');
    const jobs = async (env: NodeJS.ProcessEnv): Promise<string> =>
      (await scratch.run(['config', 'get', 'core.jobs'], { env })).stdout;
    expect(await jobs({ XDG_CONFIG_HOME: scratch.path('xdg') })).toBe('6\n');
    expect(await jobs({ XDG_CONFIG_HOME: 'xdg' })).toBe(''); // relative ones count as none
    expect(
      await jobs({ XDG_CONFIG_HOME: scratch.path('xdg'), DVS_CONFIG: join(scratch.root, 'own.toml') }),
    ).toBe('7\n');
  });

  test('a value that cannot be used stops commands, and can be taken out', async () => {
    const scratch = await Scratch.withData();
    scratch.write('.dvs/config.toml', '[core]\njobs = "many"\n');
    const { status, stderr } = await scratch.run(['status']);
    expect(status).toBe(2);
    expect(stderr).toContain('core.jobs cannot be "many"');
    expect(stderr).toContain('`dvs config unset core.jobs`');
    expect(await scratch.ok('config', 'list')).toContain('many');
    await scratch.ok('config', 'unset', 'core.jobs');
    await scratch.ok('status');
  });

  test('takes one place at a time', async () => {
    const scratch = await Scratch.empty();
    const { status, stderr } = await scratch.run([
      'config',
      'set',
      '--user',
      '--shared',
      'core.color',
      'never',
    ]);
    expect(status).toBe(2);
    expect(stderr).toContain("'--user' cannot be used with option '--shared'");
  });

  test('warns on stderr of what dvs.toml may not say, but never a program', async () => {
    const scratch = await Scratch.withData();
    scratch.write('dvs.toml', '[core]\npager = "evil"\n"\\u001b[31m" = 1\n');
    const { stdout, stderr } = await scratch.run(['status']);
    expect(stdout).toContain('clean');
    expect(stderr).toContain('"core.pager" is ignored there');
    expect(stderr).not.toContain('\x1b');
    expect((await scratch.run(['status', '--json'])).stderr).toBe('');
    expect((await scratch.run(['status', '-q'])).stderr).toBe('');
  });

  test('helps with what was mistyped', async () => {
    const scratch = await Scratch.empty();
    const hint = async (...args: string[]): Promise<string> =>
      (await scratch.run(args)).stderr.split('\n')[1] ?? '';
    expect(await hint('config', 'get', 'core.job')).toBe('Did you mean core.jobs?');
    expect(await hint('config', 'get', 'jobs')).toBe('Did you mean core.jobs?');
    expect(await hint('config', 'core.jobs')).toContain('`dvs config get core.jobs`');
    expect(await hint('config', 'lst')).toBe('Did you mean `dvs config list`?');
    expect(await hint('config', 'set', 'core.jobs', '2')).toContain('`dvs config set --user <key> <value>`');
  });
});

test('docs/commands/config.md has a row for every setting, with its variable and its files', () => {
  const page = readFileSync(new URL('../../docs/commands/config.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| `(\w+\.[\w-]+)` \| `(\w+)` \| ([\w, ]+) \|/gm)];
  const files = { user: 'user', workspace: 'user, workspace', shared: 'user, shared, workspace' };
  expect(rows.map(([, key, variable, where]) => [key, variable, where])).toEqual(
    SETTING_KEYS.map((key) => [key, SETTINGS[key].variable, files[SETTINGS[key].reach]]),
  );
});
