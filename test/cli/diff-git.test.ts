import { symlinkSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GitScratch, lacksGit, PATIENT } from '../support/git.js';

/** Three commits: data; data changed and a file more; on `topic`, which parts from the first, data changed otherwise. */
async function history(): Promise<GitScratch> {
  const git = await GitScratch.withData();
  await git.git('checkout', '-qb', 'topic');
  git.scratch.write('data/topic.txt', 'topic\n');
  await git.record('topic');
  await git.git('checkout', '-q', 'main');
  await git.ok('checkout', '-q');
  git.scratch.write('data/labels.csv', 'other\n');
  git.scratch.write('models/w.bin', 'w');
  await git.record('second', 'data', 'models/w.bin');
  return git;
}

describe.skipIf(lacksGit)('dvs diff --git', PATIENT, () => {
  test('of two commits has every tracked path of either', async () => {
    const git = await history();
    expect(await git.ok('diff', '--git', 'main~1..main')).toBe(
      'data in main~1 → data in main\nM data/labels.csv  8 B → 6 B\n1 modified\n\n' +
        'not in main~1 → models/w.bin in main\nA models/w.bin  1 B\n1 added (1 B)\n',
    );
    const { compared, removed, modified } = JSON.parse(
      await git.ok('diff', '--json', '--git', 'main..main~1'),
    );
    expect(compared[1]).toMatchObject({ from: 'models/w.bin in main', to: 'not in main~1' });
    expect(removed).toMatchObject([{ path: 'models/w.bin', size: 1 }]);
    expect(modified).toMatchObject([{ path: 'data/labels.csv' }]);
    expect(await git.ok('diff', '--git', 'main~1..main', '--', 'models')).not.toContain('labels');
  });

  test('of one commit compares with the lock on disk, not with the files', async () => {
    const git = await history();
    git.scratch.write('data/labels.csv', 'not added\n');
    expect(await git.ok('diff', '--git', 'HEAD')).toBe('No difference.\n');
    expect(await git.dvs(['diff', '-q', '--git', 'HEAD'])).toMatchObject({ status: 0, stdout: '' });
    await git.ok('add', 'data');
    expect(await git.ok('diff', '--git', 'HEAD')).toContain('data in HEAD → data in dvs.lock\n');
    expect(await git.dvs(['diff', '--exit-code', '--git', 'HEAD'])).toMatchObject({ status: 1 });
  });

  test('with three dots compares with where the two parted; an empty side is HEAD', async () => {
    const git = await history();
    const fork = (await git.git('rev-parse', 'main~1')).slice(0, 10);
    expect(await git.ok('diff', '--git', 'main...topic')).toBe(
      `data in ${fork} → data in topic\nA data/topic.txt  6 B\n1 added (6 B)\n`,
    );
    const there = await git.ok('diff', '--git', 'main~1..');
    expect(there).toContain('data in main~1 → data in HEAD');
  });

  test('a commit without a lock tracks nothing', async () => {
    const git = await history();
    await git.git('checkout', '-q', '--orphan', 'empty');
    await git.git('rm', '-q', '--cached', 'dvs.lock');
    await git.git('commit', '-qm', 'no lock');
    expect(await git.ok('diff', '--git', 'HEAD..main~1')).toContain('3 added (17 B)\n');
    expect(await git.ok('diff', '--git', 'main~1..HEAD')).toContain('3 removed (17 B)\n');
  });

  test('a tracked path that got another place is one path, also with changes', async () => {
    const git = await history();
    const moved = (from: string, to: string): void =>
      git.scratch.write('dvs.lock', git.scratch.read('dvs.lock').replace(`["${from}"]`, `["${to}"]`));
    moved('data', 'sets/data');
    await git.commit('moved');
    expect(await git.ok('diff', '--git', 'HEAD~1..HEAD')).toBe(
      'data in HEAD~1 → sets/data in HEAD\nthe same files, tracked at another path\n',
    );
    expect(await git.dvs(['diff', '-q', '--git', 'HEAD~1..HEAD'])).toMatchObject({ status: 1 });
    expect(await git.ok('diff', '--git', 'HEAD~2..HEAD')).toContain(
      'data in HEAD~2 → sets/data in HEAD\nM sets/data/labels.csv  8 B → 6 B\n1 modified\n',
    );
  });

  test('works from a workspace in a folder of the repository, and whatever the environment says', async () => {
    const git = await GitScratch.empty();
    await git.scratch.ok('init', 'sub folder');
    const cwd = git.scratch.path('sub folder');
    for (const text of ['1', '2']) {
      git.scratch.write('sub folder/data/f', text.repeat(Number(text)));
      await git.dvs(['add', 'data'], { cwd });
      await git.commit(text);
    }
    const env = { GIT_DIR: '/nowhere', GIT_WORK_TREE: '/', GIT_INDEX_FILE: '/nowhere/index' };
    expect((await git.dvs(['diff', '--git', 'HEAD~1..HEAD'], { cwd, env })).stdout).toContain(
      'M data/f  1 B → 2 B\n',
    );
  });
});

describe.skipIf(lacksGit)('dvs diff --git refuses', PATIENT, () => {
  let git: GitScratch;
  let remove: () => Promise<void>;
  beforeAll(async () => {
    ({ git, remove } = await GitScratch.shared());
    await git.scratch.addData();
    await git.commit('first');
    const lock = git.scratch.read('dvs.lock');
    const branch = async (name: string, change: () => void): Promise<void> => {
      await git.git('checkout', '-qb', name, 'main');
      change();
      await git.commit(name);
    };
    await branch('damaged', () => git.scratch.write('dvs.lock', 'no lock\n'));
    await branch('link', () => {
      git.scratch.remove('dvs.lock');
      symlinkSync('dvs.toml', git.scratch.path('dvs.lock'));
    });
    await branch('elsewhere', () =>
      git.scratch.write('dvs.lock', lock.replace(/bafyrei.{5}/, 'bafyreiaaaaa')),
    );
    await git.git('checkout', '-q', '--orphan', 'alone', 'main');
    await git.git('commit', '-qm', 'alone');
    await git.git('checkout', '-q', 'main');
  });
  afterAll(() => remove());

  test.each<[string, string[], number, string]>([
    [
      'an option in disguise',
      ['--git=--output=owned'],
      2,
      'not a revision of git: "--output=owned" [E_USAGE]\nGive a branch',
    ],
    ['one as the second side', ['--git=HEAD..--all'], 2, 'not a revision of git: "--all"'],
    ['what git does not know', ['--git', 'nope'], 3, 'git has no commit nope [E_NOT_FOUND]\nRun `git log'],
    ['what is no commit', ['--git', 'HEAD:dvs.lock'], 3, 'git has no commit HEAD:dvs.lock'],
    ['a reference beside it', ['data:v1', '--git', 'HEAD'], 2, '--git compares commits'],
    ['a damaged lock', ['--git', 'damaged'], 4, 'in the commit damaged: dvs.lock, line 1'],
    [
      'a lock that is a link',
      ['--git', 'link'],
      7,
      'in the commit link: dvs.lock is not a file [E_TYPE]\nLook at it',
    ],
    [
      'IDs that the store has not got, and says which',
      ['--git', 'main..elsewhere'],
      3,
      '(data in elsewhere) [E_NOT_FOUND]\nIt was recorded in another store',
    ],
    [
      'commits without a common past',
      ['--git', 'main...alone'],
      3,
      'main and alone have no commit in common',
    ],
  ])('%s', async (_, args, status, message) => {
    const ran = await git.dvs(['diff', ...args]);
    expect(ran.stderr).toContain(message);
    expect(ran.status).toBe(status);
    expect(ran.stdout).toBe('');
  });
});
