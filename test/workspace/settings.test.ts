import { lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { parseSize } from '#src/base/size.js';
import { type Config, chosen, setting } from '#src/workspace/settings/config.js';
import { editToml } from '#src/workspace/settings/edit.js';
import { SETTING_KEYS, SETTINGS } from '#src/workspace/settings/list.js';
import { type ConfigFiles, readConfig } from '#src/workspace/settings/read.js';
import { changeSetting } from '#src/workspace/settings/write.js';
import { type Workspace, workspaceAt } from '#src/workspace/workspace.js';
import { makeTempDir, tempDir } from '../support/tmp.js';

let workspace: Workspace;
let user: string;
let files: ConfigFiles;

beforeEach(async () => {
  const root = await tempDir();
  workspace = workspaceAt(root);
  mkdirSync(workspace.tmpDir, { recursive: true });
  user = join(root, 'home', 'config.toml');
  mkdirSync(join(root, 'home'));
  files = { user, workspace };
});

const read = (
  environment: Record<string, string> = {},
  flags: ReadonlyMap<'core.jobs', string> = new Map(),
): Promise<Config> => readConfig({ ...files, environment, flags });

describe('a setting comes from the strongest who says something', () => {
  test('built-in < user < workspace < environment < flags', async () => {
    const seen: unknown[] = [];
    const look = (config: Config): void => {
      seen.push([setting(config, 'core.jobs'), chosen(config, 'core.jobs').origin]);
    };
    look(await read());
    writeFileSync(user, '[core]\njobs = 2\n');
    look(await read());
    writeFileSync(workspace.configPath, 'core.jobs = 3\n');
    look(await read());
    look(await read({ DVS_JOBS: '4' }));
    look(await read({ DVS_JOBS: '4' }, new Map([['core.jobs', '5']])));
    expect(seen).toEqual([
      [undefined, 'built-in'],
      [2, 'user'],
      [3, 'workspace'],
      [4, 'environment'],
      [5, 'flag'],
    ]);
  });

  test('dvs.toml says what may be shared, over the user and under the workspace', async () => {
    writeFileSync(user, 'checkout.link = "copy"\n');
    writeFileSync(workspace.settingsPath, '[checkout]\nlink = "hardlink"\n');
    expect(setting(await read(), 'checkout.link')).toBe('hardlink');
    writeFileSync(workspace.configPath, '[checkout]\nlink = "copy"\n');
    expect(setting(await read(), 'checkout.link')).toBe('copy');
  });

  test('an empty variable says nothing', async () => {
    expect(chosen(await read({ DVS_JOBS: '' }), 'core.jobs').origin).toBe('built-in');
  });

  test('a value that is none is an error that says where', async () => {
    writeFileSync(user, '[core]\njobs = "all"\n');
    const config = await read();
    expect(() => setting(config, 'core.jobs')).toThrow(
      expect.objectContaining({ code: 'E_USAGE', message: `${user}: core.jobs cannot be "all"` }),
    );
  });
});

describe('strangers', () => {
  test.each(SETTING_KEYS.filter((key) => SETTINGS[key].reach !== 'shared'))(
    'cannot set %s in dvs.toml',
    async (key) => {
      writeFileSync(workspace.settingsPath, `${key} = "never"\n`);
      const config = await read();
      expect(chosen(config, key).origin).toBe('built-in');
      expect(config.warnings).toMatchObject([{ what: expect.stringContaining(`"${key}" is ignored there`) }]);
    },
  );

  test.each(['core.pager', 'cache.dir', 'cache.size'] as const)(
    'cannot set %s in a .dvs that they bring',
    async (key) => {
      writeFileSync(workspace.configPath, `${key} = "/bin/evil"\n`);
      expect(chosen(await read(), key).origin).toBe('built-in');
    },
  );

  test('can fill neither memory nor screen with warnings', async () => {
    const names = Array.from({ length: 5000 }, (_, i) => `${'x'.repeat(200)}${i} = 1\n`);
    writeFileSync(workspace.settingsPath, names.join(''));
    const { warnings } = await read();
    expect(warnings).toHaveLength(20);
    expect(warnings.join().length).toBeLessThan(5000);
  });

  test('can put no link in place of a file of the workspace', async () => {
    symlinkSync(user, workspace.configPath);
    await expect(read()).rejects.toMatchObject({ code: 'E_SYMLINK' });
  });
});

describe('an edit changes one value and nothing else', () => {
  test.each<[string, string, string | undefined, string]>([
    ['an empty file', '', '4', '[core]\njobs = 4\n'],
    ['comments alone', '# mine\n', '4', '# mine\n\n[core]\njobs = 4\n'],
    ['a value with a comment', '[core]\njobs = 1 # few\n', '4', '[core]\njobs = 4 # few\n'],
    ['a value in quotes', "[core]\njobs = 'x'\n", '4', '[core]\njobs = 4\n'],
    ['a section with others', '[core]\nuser = "a"\n\n[b]\n', '4', '[core]\njobs = 4\nuser = "a"\n\n[b]\n'],
    ['a dotted key', 'core.jobs = 1\nx = 2\n', '4', 'core.jobs = 4\nx = 2\n'],
    ['Windows line ends', '[core]\r\njobs = 1\r\n', '4', '[core]\r\njobs = 4\r\n'],
    ['no line end', '[core]\njobs = 1', '4', '[core]\njobs = 4'],
    ['the same key elsewhere', '[a]\njobs = 1\n[core]\njobs = 1\n', '4', '[a]\njobs = 1\n[core]\njobs = 4\n'],
    [
      'what looks like it in a text of several lines',
      'x = """\n[core]\njobs = 1\n"""\n',
      '4',
      'x = """\n[core]\njobs = 1\n"""\n\n[core]\njobs = 4\n',
    ],
    [
      'taking out',
      '[core]\n# why\njobs = 1\nfuture = [1, 2]\n',
      undefined,
      '[core]\n# why\nfuture = [1, 2]\n',
    ],
    ['taking out what is not there', '[core]\nuser = "a"\n', undefined, '[core]\nuser = "a"\n'],
  ])('%s', (_, before, value, after) => {
    expect(editToml('f', before, 'core.jobs', value)).toBe(after);
  });

  test.each(['core = { jobs = 1 }\n', 'core = 3\n', '[core]\njobs = """\n1"""\n'])('refuses %j', (before) => {
    expect(() => editToml('f', before, 'core.jobs', '4')).toThrow(
      expect.objectContaining({ code: 'E_USAGE' }),
    );
  });

  test('text is written so that it reads back', async () => {
    const name = 'a "b" \\ ü \u{1f600} # no comment';
    await changeSetting(files, 'core.user', name);
    expect(setting(await read(), 'core.user')).toBe(name);
  });
});

describe('changing', () => {
  test('goes to the nearest file that may hold it', async () => {
    expect(await changeSetting(files, 'core.jobs', '2')).toMatchObject({
      file: workspace.configPath,
      changed: true,
    });
    expect(await changeSetting(files, 'core.jobs', '2')).toMatchObject({ changed: false });
    expect(await changeSetting(files, 'core.pager', 'less')).toMatchObject({ file: user });
    expect(await changeSetting(files, 'checkout.link', 'reflink', 'shared')).toMatchObject({
      file: workspace.settingsPath,
    });
    expect(readFileSync(workspace.settingsPath, 'utf8')).toContain('link = "reflink"');
  });

  test('refuses what would not count, and what is no value or key', async () => {
    const refused = (key: string, value: string, origin?: 'shared' | 'workspace'): Promise<unknown> =>
      expect(changeSetting(files, key, value, origin)).rejects.toMatchObject({
        code: 'E_USAGE',
        hint: expect.any(String),
      });
    await refused('core.jobs', '2', 'shared');
    await refused('core.pager', 'less', 'workspace');
    await refused('core.jobs', '0');
    await refused('core.user', 'a\nb');
    await refused('core.jobz', '1');
    await expect(changeSetting({ user, workspace: undefined }, 'core.jobs', '2')).rejects.toMatchObject({
      code: 'E_NO_STORE',
    });
    expect(readdirSync(workspace.storeDir)).toEqual(['tmp']);
  });

  test('of many at once none is lost, and nothing is left', async () => {
    const changes = [
      ['core.jobs', '2'],
      ['core.user', 'ada'],
      ['core.color', 'never'],
      ['checkout.link', 'copy'],
      ['core.pager', 'less'],
    ] as const;
    await Promise.all(changes.map(([key, value]) => changeSetting(files, key, value)));
    const config = await read();
    expect(changes.map(([key]) => chosen(config, key).text)).toEqual(changes.map(([, value]) => value));
    expect(readdirSync(workspace.tmpDir)).toEqual([]);
  });

  test('keeps the link that a file of the user may be', async () => {
    const { path: elsewhere, remove } = await makeTempDir();
    writeFileSync(join(elsewhere, 'real.toml'), '# dotfiles\n');
    symlinkSync(join(elsewhere, 'real.toml'), user);
    await changeSetting(files, 'core.user', 'ada', 'user');
    expect(lstatSync(user).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(elsewhere, 'real.toml'), 'utf8')).toBe('# dotfiles\n\n[core]\nuser = "ada"\n');
    await remove();
  });
});

test('sizes as people write them', () => {
  const sizes = ['0', '4096', '1k', '1 KiB', '1kB', '1.5GiB', '20g', '2T'].map(parseSize);
  expect(sizes).toEqual([0, 4096, 1024, 1024, 1024, 1.5 * 2 ** 30, 20 * 2 ** 30, 2 ** 41]);
  const none = ['', '-1', 'x', '1 x', '1e9', '99999999999999P', '1..2'].map(parseSize);
  expect(none).toEqual(Array(7).fill(undefined));
});
