import { existsSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { GitScratch, lacksGit, PATIENT } from '../support/git.js';

/** `main` with data as it was, and `topic` with another version of it; hooks are installed. */
async function twoBranches(): Promise<GitScratch> {
  const git = await GitScratch.withData();
  await git.ok('install');
  await git.commit('install');
  await git.git('checkout', '-qb', 'topic');
  git.scratch.write('data/labels.csv', 'topic\n');
  git.scratch.write('data/train/2.txt', 'two\n');
  await git.record('topic');
  return git;
}

describe.skipIf(lacksGit)('after git', PATIENT, () => {
  test('a checkout has the data of its commit, there and back', async () => {
    const git = await twoBranches();
    expect(await git.git('checkout', 'main')).toContain(
      'dvs: data is at data:v1, 1 written (8 B), 1 removed\n',
    );
    expect(await git.ok('status')).toBe('data (data:v1): clean\n');
    expect(await git.git('switch', 'topic')).toContain('dvs: data is at data:v2, 2 written (10 B)\n');
    expect(git.scratch.read('data/labels.csv')).toBe('topic\n');
    expect(await git.ok('status')).toBe('data (data:v2): clean\n');
  });

  test('a merge and a rebase have, too', async () => {
    const git = await twoBranches();
    await git.git('checkout', '-q', 'main');
    expect(await git.git('merge', 'topic')).toContain('dvs: data is at data:v2');
    expect(git.scratch.read('data/labels.csv')).toBe('topic\n');
    await git.git('checkout', '-qb', 'side', 'main~1');
    git.scratch.write('data/side.txt', 'side\n');
    await git.record('side');
    await git.git('rebase', 'main');
    expect(await git.ok('status')).toContain('clean\n');
    expect(git.scratch.read('data/side.txt')).toBe('side\n');
    expect(git.scratch.read('data/labels.csv')).toBe('topic\n');
  });

  test('a rebase that changes nothing in dvs.lock still brings back what it took away', async () => {
    const git = await twoBranches();
    await git.git('checkout', '-q', 'main');
    git.scratch.write('notes.md', 'other work');
    await git.commit('notes');
    await git.git('checkout', '-q', 'topic');
    await git.git('rebase', 'main');
    expect(git.scratch.read('data/labels.csv')).toBe('topic\n');
    expect(await git.ok('status')).toContain('data (data:v2): clean\n');
  });

  test('what was never added stays, and git goes on', async () => {
    const git = await twoBranches();
    git.scratch.write('data/labels.csv', 'mine\n');
    git.scratch.write('data/mine.txt', 'mine\n');
    const { status, stderr } = await git.tryGit('checkout', 'main');
    expect(status).toBe(0);
    expect(stderr).toContain('data stays as it is: ');
    expect(stderr).toContain('would be lost: labels.csv');
    expect(git.scratch.read('data/labels.csv')).toBe('mine\n');
    // What it says about keeping them is true.
    expect(stderr).toContain('To keep them: `git checkout -`, `dvs add data`, and commit.');
    await git.git('checkout', '-');
    await git.record('mine');
    expect(await git.git('checkout', 'main')).toContain('2 removed');
    await git.git('checkout', '-');
    expect(git.scratch.read('data/mine.txt')).toBe('mine\n');
  });

  test('one path that cannot follow does not keep the others', async () => {
    const git = await GitScratch.withData();
    git.scratch.write('w.bin', 'w');
    await git.record('two paths', 'w.bin');
    await git.ok('install');
    await git.git('checkout', '-qb', 'topic');
    git.scratch.write('w.bin', 'topic');
    git.scratch.write('data/labels.csv', 'topic\n');
    await git.record('topic');
    git.scratch.write('data/labels.csv', 'mine\n');
    const said = await git.git('checkout', 'main');
    expect(said).toContain('dvs: data stays as it is');
    expect(said).toContain('dvs: w.bin is at w.bin:v1, 1 written (1 B)');
    expect(git.scratch.read('w.bin')).toBe('w');
  });

  test('work under way in a path whose version stays is not looked at', async () => {
    const git = await twoBranches();
    await git.git('branch', 'same');
    git.scratch.write('data/labels.csv', 'mine\n');
    git.scratch.remove('data/train/0.txt');
    expect(await git.git('checkout', 'same')).not.toContain('dvs:');
    expect(git.scratch.read('data/labels.csv')).toBe('mine\n');
    expect(existsSync(git.scratch.path('data/train/0.txt'))).toBe(false);
    await git.git('checkout', '--', 'dvs.lock');
    await git.git('commit', '--amend', '--no-edit', '-q');
    expect(git.scratch.read('data/labels.csv')).toBe('mine\n');
  });

  test('a path that the commit does not track is left, and named', async () => {
    const git = await twoBranches();
    git.scratch.write('more/f', 'more');
    await git.record('more', 'more');
    expect(await git.git('checkout', 'main')).toContain(
      'dvs: more is not tracked any more, and left where it is\n',
    );
    expect(git.scratch.read('more/f')).toBe('more');
  });

  test('a working tree without a store, a damaged lock, a missing dvs: one line, and git is content', async () => {
    const git = await twoBranches();
    const tree = await git.tryGit('worktree', 'add', 'tree', 'main');
    expect(tree.status).toBe(0);
    expect(tree.stderr.match(/^dvs: .*$/gm)).toEqual([
      `dvs: dvs.lock stays as it is: ${git.scratch.path('tree')} has no store of dvs. Run \`dvs init --store <folder>\` there if the store is on this machine, else \`dvs init\`; then \`dvs checkout\`.`,
    ]);
    expect(existsSync(git.scratch.path('tree/data'))).toBe(false);
    writeFileSync(git.scratch.path('dvs.lock'), 'no lock\n');
    await git.commit('damaged');
    const damaged = await git.tryGit('checkout', '-b', 'next');
    expect(damaged.status).toBe(0);
    expect(damaged.stderr).toContain('dvs: dvs.lock stays as it is: dvs.lock, line 1');
    const { PATH } = process.env;
    const { status, stderr } = await git.shell('git checkout -q topic~1', {
      env: { PATH },
    });
    expect(status).toBe(0);
    expect(stderr).toContain('dvs: not found in PATH');
  });
});
