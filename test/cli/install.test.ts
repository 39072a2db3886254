import { chmodSync, existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { GitScratch, lacksGit, PATIENT } from '../support/git.js';

const HOOKS = ['post-checkout', 'post-merge', 'post-rewrite'];

/** The hook as it is on disk, from the top of the repository. */
const hookText = ({ scratch }: GitScratch, name: string): string => scratch.read(`.git/hooks/${name}`);

describe.skipIf(lacksGit)('dvs install', PATIENT, () => {
  test('writes hooks, the merge driver, and the line that names it; a second time nothing', async () => {
    const git = await GitScratch.withData();
    expect(await git.ok('install')).toContain('post-merge      written  ');
    for (const hook of HOOKS) {
      expect(hookText(git, hook)).toMatch(/^#!\/bin\/sh\n# >>> dvs \.\/ >>>\n/);
      expect(statSync(git.scratch.path('.git/hooks', hook)).mode & 0o100).toBe(0o100);
    }
    expect(await git.git('config', 'merge.dvs-lock.driver')).toBe('dvs merge-driver %O %A %B %P\n');
    expect(await git.git('check-attr', 'merge', 'dvs.lock')).toBe('dvs.lock: merge: dvs-lock\n');
    const before = git.scratch.snapshot('.git');
    const { steps } = JSON.parse(await git.ok('install', '--json'));
    expect(steps.some(({ changed }: { changed: boolean }) => changed)).toBe(false);
    expect(git.scratch.snapshot('.git').filter((line) => /hooks|config/.test(line))).toEqual(
      before.filter((line) => /hooks|config/.test(line)),
    );
  });

  test('tells with -n what it would do, and does nothing', async () => {
    const git = await GitScratch.withData();
    expect(await git.ok('install', '-n')).toMatch(/merge driver +written .*\n(?:.*\n){2}Dry run/);
    for (const hook of HOOKS) expect(existsSync(git.scratch.path('.git/hooks', hook))).toBe(false);
    expect(existsSync(git.scratch.path('.gitattributes'))).toBe(false);
    expect((await git.tryGit('config', 'merge.dvs-lock.driver')).status).toBe(1);
  });

  test('keeps data out of git that was added before there was a repository', async () => {
    const git = await GitScratch.withData();
    git.scratch.write('.gitignore', '/.dvs\n');
    expect(await git.ok('install')).toMatch(/^.gitignore +written/m);
    expect(git.scratch.read('.gitignore')).toBe('/.dvs\n/data\n');
    await git.ok('uninstall');
    expect(git.scratch.read('.gitignore')).toBe('/.dvs\n/data\n');
  });

  test('goes before what a hook does already, which still decides how it ends', async () => {
    const git = await GitScratch.withData();
    git.scratch.write('.git/hooks/post-merge', '#!/usr/bin/env bash\n# caf\u00e9\necho mine\nexit 3\n');
    chmodSync(git.scratch.path('.git/hooks/post-merge'), 0o750);
    await git.ok('install');
    const text = hookText(git, 'post-merge');
    expect(text).toMatch(/^#!\/usr\/bin\/env bash\n# >>> dvs[\s\S]*<<<\n# café\necho mine\nexit 3\n$/);
    expect(statSync(git.scratch.path('.git/hooks/post-merge')).mode & 0o777).toBe(0o750);
    const { status, stdout } = await git.shell('.git/hooks/post-merge 0');
    expect({ status, stdout }).toEqual({ status: 3, stdout: 'mine\n' });
    await git.ok('uninstall');
    expect(hookText(git, 'post-merge')).toBe('#!/usr/bin/env bash\n# café\necho mine\nexit 3\n');
  });

  test.each<[string, (git: GitScratch, path: string) => void, string]>([
    [
      'in another language',
      ({ scratch }, path) => {
        scratch.write(path, '#!/usr/bin/env python3\nprint(1)\n');
        chmodSync(scratch.path(path), 0o755);
      },
      'is no script of sh',
    ],
    [
      'that is a program',
      ({ scratch }, path) => {
        scratch.write(path, Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0]));
        chmodSync(scratch.path(path), 0o755);
      },
      'is no script of sh',
    ],
    [
      'that is a link',
      ({ scratch }, path) => {
        scratch.write('shared-hook', '#!/bin/sh\n');
        symlinkSync('../../shared-hook', scratch.path(path));
      },
      'is no script of sh',
    ],
    [
      'that is switched off',
      ({ scratch }, path) => {
        scratch.write(path, '#!/bin/sh\necho off\n');
        chmodSync(scratch.path(path), 0o644);
      },
      'is not executable',
    ],
  ])(
    'refuses before it changes anything when there is a hook %s, and says what to put into it',
    async (_, make, why) => {
      const git = await GitScratch.withData();
      make(git, '.git/hooks/post-rewrite');
      const { status, stderr } = await git.dvs(['install']);
      expect(status).toBe(7);
      expect(stderr).toContain(why);
      expect(stderr).toContain(`dvs git-hook post-rewrite './' "$@"`);
      expect(existsSync(git.scratch.path('.git/hooks/post-merge'))).toBe(false);
      expect(existsSync(git.scratch.path('.gitattributes'))).toBe(false);
      expect((await git.tryGit('config', 'merge.dvs-lock.driver')).status).toBe(1);
    },
  );

  test('goes where core.hooksPath says, and not where it is for all repositories', async () => {
    const git = await GitScratch.withData();
    await git.git('config', 'core.hooksPath', '.hooks');
    await git.ok('install');
    expect(existsSync(git.scratch.path('.hooks/post-checkout'))).toBe(true);
    await git.ok('uninstall');
    expect(existsSync(git.scratch.path('.hooks/post-checkout'))).toBe(false);
    await git.git('config', '--unset', 'core.hooksPath');
    await git.git('config', '--global', 'core.hooksPath', '/everybody');
    const { status, stderr } = await git.dvs(['install']);
    expect(status).toBe(7);
    expect(stderr).toContain('for all your repositories');
    const [, command = ''] = /`(git config [^`]*)`/.exec(stderr) ?? [];
    await git.shell(command);
    await git.ok('install');
    expect(existsSync(git.scratch.path('.git/hooks/post-checkout'))).toBe(true);
  });

  test('of a workspace in a folder of the repository, with whatever name, beside another', async () => {
    const git = await GitScratch.empty();
    const names = ["it's $(touch owned) `x`", 'other'];
    for (const name of names) {
      await git.scratch.ok('init', name);
      const cwd = git.scratch.path(name);
      git.scratch.write(`${name}/data/f`, name);
      expect((await git.dvs(['add', 'data'], { cwd })).status).toBe(0);
      expect((await git.dvs(['install'], { cwd })).status).toBe(0);
    }
    await git.commit('both');
    await git.git('checkout', '-qb', 'topic');
    for (const name of names) {
      git.scratch.write(`${name}/data/f`, 'topic');
      await git.dvs(['add'], { cwd: git.scratch.path(name) });
    }
    await git.commit('topic');
    const said = await git.git('checkout', 'main');
    for (const name of names) {
      expect(git.scratch.read(`${name}/data/f`)).toBe(name);
      expect(said).toContain(`dvs: ${name}/data is at data:v1`);
    }
    expect(existsSync(git.scratch.path('owned'))).toBe(false);
    // The first to go leaves the other its hooks and the driver.
    await git.dvs(['uninstall'], { cwd: git.scratch.path(names[0] ?? '') });
    expect(await git.git('config', 'merge.dvs-lock.driver')).toContain('dvs merge-driver');
    await git.git('checkout', '-q', 'topic');
    expect(git.scratch.read('other/data/f')).toBe('topic');
    expect(git.scratch.read(`${names[0]}/data/f`)).toBe(names[0]);
    await git.dvs(['uninstall'], { cwd: git.scratch.path('other') });
    expect((await git.tryGit('config', 'merge.dvs-lock.driver')).status).toBe(1);
  });

  test('is not led astray by the environment that git gives to hooks', async () => {
    const git = await GitScratch.withData();
    const env = { GIT_DIR: '/nowhere', GIT_INDEX_FILE: '/nowhere/index', GIT_WORK_TREE: '/' };
    expect((await git.dvs(['install'], { env })).status).toBe(0);
    expect(existsSync(git.scratch.path('.git/hooks/post-checkout'))).toBe(true);
  });

  test('needs git, and a repository', async () => {
    const git = await GitScratch.withData();
    const without = await git.dvs(['install'], { env: { PATH: '/nowhere' } });
    expect(without.status).toBe(7);
    expect(without.stderr).toContain('git cannot be run: there is none in PATH [E_UNSUPPORTED]\nInstall git');
    git.scratch.remove('.git');
    const outside = await git.dvs(['install']);
    expect(outside.status).toBe(3);
    expect(outside.stderr).toContain('is not in a git repository [E_NOT_FOUND]\nRun `git init`');
  });

  test('replaces no merge driver of that name that is not its own', async () => {
    const git = await GitScratch.withData();
    await git.git('config', 'merge.dvs-lock.driver', 'my own %A');
    expect(await git.dvs(['install'])).toMatchObject({ status: 5 });
    expect(await git.git('config', 'merge.dvs-lock.driver')).toBe('my own %A\n');
  });
});

describe.skipIf(lacksGit)('dvs uninstall', PATIENT, () => {
  test('takes out exactly what install put in', async () => {
    const git = await GitScratch.withData();
    git.scratch.write('.gitattributes', '*.csv text');
    const config = git.scratch.read('.git/config');
    await git.ok('install');
    expect(git.scratch.read('.gitattributes')).toBe('*.csv text\n/dvs.lock merge=dvs-lock\n');
    await git.ok('uninstall');
    expect(git.scratch.read('.gitattributes')).toBe('*.csv text\n');
    expect(git.scratch.read('.git/config')).toBe(config);
    for (const hook of HOOKS) expect(existsSync(git.scratch.path('.git/hooks', hook))).toBe(false);
    const { steps } = JSON.parse(await git.ok('uninstall', '--json'));
    expect(steps.some(({ changed }: { changed: boolean }) => changed)).toBe(false);
  });

  test('leaves the line that somebody else has committed', async () => {
    const git = await GitScratch.withData();
    git.scratch.write('.gitattributes', '/dvs.lock merge=dvs-lock\n');
    await git.ok('install');
    await git.ok('uninstall');
    expect(git.scratch.read('.gitattributes')).toBe('/dvs.lock merge=dvs-lock\n');
  });

  test('leaves alone a hook of which somebody took a part out', async () => {
    const git = await GitScratch.withData();
    await git.ok('install');
    const path = '.git/hooks/post-merge';
    const broken = git.scratch.read(path).replace(/# <<<.*\n/, '');
    git.scratch.write(path, broken);
    const { status, stderr } = await git.dvs(['uninstall']);
    expect(status).toBe(4);
    expect(stderr).toContain('Take the lines out of it by hand: from `# >>> dvs ./ >>>` on.');
    expect(readFileSync(git.scratch.path(path), 'utf8')).toBe(broken);
  });
});

describe.skipIf(lacksGit)('a cloned repository', PATIENT, () => {
  test('switches nothing on by itself', async () => {
    const git = await GitScratch.withData();
    await git.ok('install');
    await git.commit('with .gitattributes');
    await git.git('clone', '-q', git.scratch.root, git.scratch.path('clone'));
    const cwd = git.scratch.path('clone');
    const { stdout } = await git.shell('ls .git/hooks | grep -v sample; git config --list --local', { cwd });
    expect(stdout).not.toMatch(/dvs-lock|^post-/m);
    expect((await git.shell('git checkout -q -b other', { cwd })).stderr).toBe('');
  });
});
