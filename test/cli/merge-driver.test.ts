import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { GitScratch, lacksGit, PATIENT } from '../support/git.js';

type Change = (git: GitScratch, side: string) => void | Promise<void>;

/** `main` and `topic`, each with its change of data; on `main`. */
async function parted(change: Change, installed = true): Promise<GitScratch> {
  const git = await GitScratch.withData();
  git.scratch.write('w.bin', 'w');
  await git.ok('add', 'w.bin');
  await git.ok('install');
  if (!installed) await git.git('config', '--remove-section', 'merge.dvs-lock');
  await git.commit('installed');
  await git.git('branch', 'topic');
  for (const side of ['topic', 'main']) {
    await git.git('checkout', '-q', side);
    await change(git, side);
    await git.record(side);
  }
  return git;
}

const apart: Change = ({ scratch }, side) => scratch.write(`data/${side}.txt`, `${side}\n`);
const together: Change = ({ scratch }, side) => scratch.write('data/labels.csv', `${side}\n`);

describe.skipIf(lacksGit)('git merge of dvs.lock', PATIENT, () => {
  test('merges the datasets where both sides moved one, and brings the files', async () => {
    const git = await parted(apart);
    const said = await git.git('merge', 'topic', '-m', 'merged');
    expect(said).toContain('dvs: data merged as data:v4; against ours: 1 added (6 B)\n');
    expect(git.scratch.read('data/main.txt') + git.scratch.read('data/topic.txt')).toBe('main\ntopic\n');
    expect(await git.ok('status')).toContain('data (data:v4): clean\n');
    expect(await git.git('status', '--short')).toBe('');
    expect(await git.ok('log', 'data', '-n', '1')).toContain('merged by git');
  });

  test('leaves a conflict with both files in a lock that can be read; what it says leads out', async () => {
    const git = await parted(together);
    const { status, stdout } = await git.tryGit('merge', 'topic');
    expect(status).toBe(1);
    expect(stdout).toContain('  both modified    labels.csv, the other file is labels.theirs.csv\n');
    expect(stdout).toContain(
      'Next: `dvs checkout data`, keep what you want of each file, then `dvs add data`.\n',
    );
    expect(stdout).toContain('Then: `git add dvs.lock`, and go on as git says.\n');
    expect(await git.git('status', '--short')).toBe('UU dvs.lock\n');
    expect(await git.ok('status')).toContain('files are from before; bring them along:  dvs checkout data\n');
    // Files from before the merge would undo it.
    const early = await git.dvs(['add', 'data']);
    expect(early.status).toBe(7);
    expect(early.stderr).toContain('[E_UNSAFE]\nRun `dvs checkout data` first.');
    await git.ok('checkout', 'data');
    expect(git.scratch.read('data/labels.csv') + git.scratch.read('data/labels.theirs.csv')).toBe(
      'main\ntopic\n',
    );
    git.scratch.write('data/labels.csv', 'main\ntopic\n');
    git.scratch.remove('data/labels.theirs.csv');
    await git.ok('add', 'data');
    await git.git('add', 'dvs.lock');
    await git.git('commit', '-qm', 'resolved');
    expect(await git.ok('status')).toContain('data (data:v5): clean\n');
    expect(await git.git('status', '--short')).toBe('');
  });

  test('an aborted one is as if it had not been', async () => {
    const git = await parted(together);
    await git.tryGit('merge', 'topic');
    await git.git('merge', '--abort');
    expect(await git.ok('status')).toContain('data (data:v3): clean\n');
    git.scratch.write('data/more.txt', 'more');
    expect(await git.ok('add', 'data')).toContain('data:v5');
  });

  test('one tracked file stays ours, and theirs can be taken', async () => {
    const git = await parted(({ scratch }, side) => scratch.write('w.bin', side));
    const { status, stdout } = await git.tryGit('merge', 'topic');
    expect(status).toBe(1);
    expect(stdout).toContain('dvs: w.bin both modified: w.bin is one file, and both sides changed it\n');
    const [, reference = ''] = /To take theirs: `dvs checkout ([^`]*)`/.exec(stdout) ?? [];
    await git.ok('checkout', reference);
    expect(git.scratch.read('w.bin')).toBe('topic');
    await git.commit('resolved');
    expect(await git.git('status', '--short')).toBe('');
  });

  test('in a rebase, commit by commit', async () => {
    const git = await parted(apart);
    await git.git('checkout', '-q', 'topic');
    await git.git('rebase', 'main');
    expect(git.scratch.read('data/main.txt') + git.scratch.read('data/topic.txt')).toBe('main\ntopic\n');
    expect(await git.ok('status')).toContain('clean\n');
  });

  test('of versions that another store has: ours stays, and says where theirs is', async () => {
    const git = await parted(apart);
    await git.git('checkout', '-q', 'topic');
    const id = (await git.ok('resolve', 'data')).trim();
    const elsewhere = `${id.slice(0, 10)}aaaaaa${id.slice(16)}`;
    git.scratch.write('dvs.lock', git.scratch.read('dvs.lock').replace(id, elsewhere));
    await git.commit('elsewhere');
    await git.git('checkout', '-q', 'main');
    const lock = git.scratch.read('dvs.lock');
    const { status, stdout } = await git.tryGit('merge', 'topic');
    expect(status).toBe(1);
    expect(stdout).toContain(`this store has no ${elsewhere}`);
    expect(stdout).toContain('recorded in another store: merge there, or bring its `.dvs` here.');
    expect(git.scratch.read('dvs.lock')).toBe(lock);
  });

  test('without a store paths are merged all the same, and what needs one is told', async () => {
    const git = await parted(({ scratch }, side) => {
      scratch.write('data/labels.csv', `${side}\n`);
      if (side === 'topic') scratch.write('w.bin', 'topic');
    });
    await git.git('clone', '-q', git.scratch.root, git.scratch.path('clone'));
    const cwd = git.scratch.path('clone');
    const line = 'git config merge.dvs-lock.driver "dvs merge-driver %O %A %B %P"; git merge origin/topic';
    const { status, stdout } = await git.shell(line, { cwd });
    expect(status).toBe(1);
    // The workspace around it is not asked: it is another one.
    expect(stdout).toContain(`dvs: data both modified: ${cwd} has no store of dvs\n`);
    const theirs = await git.git('show', 'topic:dvs.lock');
    const [, moved = ''] = /\["w.bin"\]\n.*\nid = "(.*)"/.exec(theirs) ?? [];
    expect(git.scratch.read('clone/dvs.lock')).toContain(moved);
    expect(existsSync(git.scratch.path('clone/.dvs'))).toBe(false);
  });

  test('where the driver is not installed git merges text, and dvs says what is left to do', async () => {
    const git = await parted(together, false);
    expect((await git.tryGit('merge', 'topic')).status).toBe(1);
    const { status, stderr } = await git.dvs(['status']);
    expect(status).toBe(4);
    expect(stderr).toContain('a merge was not finished');
  });
});

describe.skipIf(lacksGit)('dvs merge-driver', PATIENT, () => {
  test('refuses a lock that is none, which git takes for a conflict, and leaves ours', async () => {
    const git = await GitScratch.withData();
    git.scratch.write('theirs', 'no lock\n');
    git.scratch.write('ours', git.scratch.read('dvs.lock'));
    const { status, stderr } = await git.dvs(['merge-driver', 'dvs.lock', 'ours', 'theirs']);
    expect(status).toBe(4);
    expect(stderr).toContain('dvs.lock of theirs: dvs.lock, line 1');
    expect(stderr).toContain('Take one side whole with `git checkout --ours dvs.lock` or `--theirs`');
    expect(git.scratch.read('ours')).toBe(git.scratch.read('dvs.lock'));
  });

  test('a lock that both began is merged with an empty past', async () => {
    const git = await GitScratch.withData();
    git.scratch.write('ours', git.scratch.read('dvs.lock'));
    git.scratch.write('data/new.txt', 'new\n');
    git.scratch.remove('data/train/0.txt');
    await git.ok('add');
    git.scratch.write('theirs', git.scratch.read('dvs.lock'));
    git.scratch.write('base', '');
    expect(await git.ok('merge-driver', 'base', 'ours', 'theirs')).toContain('data:v3');
    expect(await git.ok('ls', 'data:v3')).toMatch(/labels.csv\n.*new.txt\n.*train\/0.txt\n.*train\/1.txt\n/);
    expect(await git.ok('verify')).toContain('all intact');
  });
});
