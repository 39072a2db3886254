import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { resolveInside, toWorkspacePath } from '#src/workspace/contain.js';
import { gitignorePattern, ignoreInGit } from '#src/workspace/gitignore.js';
import { initWorkspace } from '#src/workspace/init.js';
import { readConfig } from '#src/workspace/settings/read.js';
import { findWorkspace, workspaceAt } from '#src/workspace/workspace.js';
import { tempDir } from '../support/tmp.js';

let root: string;

beforeEach(async () => {
  root = await realpath(await tempDir());
});

function put(path: string, text: string | Buffer = ''): string {
  const absolute = join(root, path);
  mkdirSync(dirname(absolute), { recursive: true });
  writeFileSync(absolute, text);
  return absolute;
}

describe('finding', () => {
  test('goes up to the nearest', async () => {
    put('.dvs/format');
    put('a/b/c/x');
    expect(await findWorkspace(join(root, 'a/b/c'))).toEqual(workspaceAt(root));
    expect(await findWorkspace(root)).toEqual(workspaceAt(root));
    await initWorkspace(join(root, 'a/b'));
    expect(await findWorkspace(join(root, 'a/b/c'))).toEqual(workspaceAt(join(root, 'a/b')));
  });

  test.each([['.dvs/format'], ['.dvs/x', 'dvs.toml'], ['.dvs/x', 'dvs.lock']])(
    '%s %s is one',
    async (...files) => {
      for (const file of files) put(file);
      expect((await findWorkspace(root))?.root).toBe(root);
    },
  );

  test.each([['.dvs/x'], ['dvs.toml', 'dvs.lock'], ['.dvs']])('%s %s is none', async (...files) => {
    for (const file of files) put(file);
    expect(await findWorkspace(root)).toBeUndefined();
  });
});

describe('init', () => {
  test('makes the parts and tells git, once', async () => {
    mkdirSync(join(root, '.git'));
    const workspace = await initWorkspace(root);
    expect(workspace).toEqual(workspaceAt(root));
    expect(readdirSync(root).sort()).toEqual(['.dvs', '.git', '.gitignore', 'dvs.toml']);
    expect(readFileSync(join(root, '.gitignore'), 'utf8')).toBe('/.dvs/\n');
    const sources = { user: undefined, workspace, environment: {}, flags: new Map() };
    expect((await readConfig(sources)).warnings).toEqual([]);
    writeFileSync(workspace.settingsPath, '# mine\n');
    await initWorkspace(root);
    expect(readFileSync(join(root, '.gitignore'), 'utf8')).toBe('/.dvs/\n');
    expect(readFileSync(workspace.settingsPath, 'utf8')).toBe('# mine\n');
    expect(readdirSync(workspace.tmpDir)).toEqual([]);
  });

  test('an empty file, as a power cut may leave it, is written again', async () => {
    const { settingsPath, storeDir } = await initWorkspace(root);
    for (const path of [settingsPath, join(storeDir, '.gitignore')]) {
      const text = readFileSync(path, 'utf8');
      writeFileSync(path, '');
      await initWorkspace(root);
      expect(readFileSync(path, 'utf8')).toBe(text);
    }
  });

  test('leaves git alone where there is none', async () => {
    await initWorkspace(root);
    expect(existsSync(join(root, '.gitignore'))).toBe(false);
  });
});

describe('gitignore', () => {
  test('adds a line where it is missing and keeps all bytes', async () => {
    put('.git', 'gitdir: elsewhere');
    const workspace = workspaceAt(join(root, 'sub'));
    mkdirSync(workspace.tmpDir, { recursive: true });
    const path = put('sub/.gitignore', Buffer.from('caf\xe9\r\n*.log', 'latin1'));
    expect(await ignoreInGit(workspace, 'data/mnist')).toBe(true);
    expect(await ignoreInGit(workspace, 'data/mnist')).toBe(false);
    expect(readFileSync(path, 'latin1')).toBe('caf\xe9\r\n*.log\r\n/data/mnist\r\n');
    expect(await ignoreInGit(workspace, 'données')).toBe(true);
    expect(await ignoreInGit(workspace, 'données')).toBe(false);
    expect(readFileSync(path, 'latin1')).toContain(Buffer.from('/données\r\n').toString('latin1'));
  });

  test('loses no line of many at once', async () => {
    mkdirSync(join(root, '.git'));
    const workspace = workspaceAt(root);
    await Promise.all(Array.from({ length: 10 }, (_, i) => ignoreInGit(workspace, `p${i}`)));
    const lines = readFileSync(join(root, '.gitignore'), 'utf8').split('\n');
    expect(lines.sort()).toEqual(['', ...Array.from({ length: 10 }, (_, i) => `/p${i}`)]);
  });

  const ODD = [
    '#a',
    '!a',
    'a ',
    'a  ',
    ' a',
    'a*',
    'a?',
    '[ab]',
    'a\\',
    'a\\b',
    'a\\ ',
    'a]',
    'x/#',
    'é',
    '**',
  ];

  test('matches exactly that path, says git itself', async ({ skip }) => {
    try {
      execFileSync('git', ['init', '-q', root]);
    } catch {
      skip('git is not installed');
    }
    const others = ['a', 'b', 'ab', 'aa', 'sub/a*', 'x', 'x/y', 'ax'];
    for (const path of ODD) {
      writeFileSync(join(root, '.gitignore'), `${gitignorePattern(path)}\n`);
      const candidates = [...ODD, ...others, `sub/${path}`, `${path}/inner`];
      const input = candidates.join('\0');
      const ignored = execFileSync('sh', ['-c', 'git check-ignore -z --stdin --no-index || true'], {
        cwd: root,
        input,
      });
      expect(String(ignored).split('\0').filter(Boolean), path).toEqual([path, `${path}/inner`]);
    }
  });
});

describe('containment', () => {
  test('gives the absolute path, of what is not there too', async () => {
    put('a/b');
    expect(await resolveInside(root, 'a/b')).toBe(join(root, 'a/b'));
    expect(await resolveInside(root, 'a/new/x')).toBe(join(root, 'a/new/x'));
    expect(await resolveInside(root, 'a/b/beneath-a-file')).toBe(join(root, 'a/b/beneath-a-file'));
  });

  test('refuses links at and above the path', async () => {
    put('real/x');
    symlinkSync('real', join(root, 'link'));
    symlinkSync('/nowhere', join(root, 'real/dangling'));
    for (const path of ['link', 'link/x', 'link/new', 'real/dangling', 'real/dangling/x']) {
      await expect(resolveInside(root, path), path).rejects.toMatchObject({ code: 'E_SYMLINK' });
    }
  });

  test.each(['..', '../x', '/etc', 'a/../..', ''])('refuses %j', async (path) => {
    await expect(resolveInside(root, path)).rejects.toMatchObject({ code: 'E_PATH' });
  });

  test.each([
    ['.', 'data', 'data'],
    ['.', 'data/', 'data'],
    ['.', './a//b/../c', 'a/c'],
    ['sub', '../data', 'data'],
    ['sub', '.', 'sub'],
    ['sub', '..data', 'sub/..data'],
  ])('in %s, %s is %s', async (cwd, argument, path) => {
    expect(await toWorkspacePath(workspaceAt(root), join(root, cwd), argument)).toBe(path);
    expect(await toWorkspacePath(workspaceAt(root), '/', join(root, cwd, argument))).toBe(path);
  });

  test.each([
    ['.', '.', 'E_PATH'],
    ['.', '', 'E_PATH'],
    ['sub', '', 'E_PATH'],
    ['sub', '..', 'E_PATH'],
    ['.', '..', 'E_PATH'],
    ['.', '../other', 'E_PATH'],
    ['.', '/', 'E_PATH'],
    ['.', '/etc/passwd', 'E_PATH'],
    ['.', '.dvs', 'E_PATH_RESERVED'],
    ['.', '.git/config', 'E_PATH_RESERVED'],
    ['.', 'a/.dvs/x', 'E_PATH_RESERVED'],
    ['.', 'a\nb', 'E_PATH'],
  ])('in %s, %j is refused', async (cwd, argument, code) => {
    await expect(toWorkspacePath(workspaceAt(root), join(root, cwd), argument)).rejects.toMatchObject({
      code,
    });
  });

  test('knows the workspace by its other names', async () => {
    put('data/x');
    const alias = join(await tempDir(), 'alias');
    symlinkSync(root, alias);
    expect(await toWorkspacePath(workspaceAt(root), root, join(alias, 'data/x'))).toBe('data/x');
    expect(await toWorkspacePath(workspaceAt(alias), root, 'data/new')).toBe('data/new');
    await expect(toWorkspacePath(workspaceAt(root), root, alias)).rejects.toMatchObject({ code: 'E_PATH' });
  });
});
