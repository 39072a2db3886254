import type { Command } from '../measure.js';
import { versionOf } from './installed.js';
import { type Place, TIMES_AND_SIZE, type Tool } from './tool.js';

const WHO = ['AUTHOR', 'COMMITTER'].flatMap((role) => [
  [`GIT_${role}_NAME`, 'bench'],
  [`GIT_${role}_EMAIL`, 'bench@localhost'],
]);

const run = ({ work, home }: Place, file: string, ...args: string[]): Command => ({
  file,
  args,
  cwd: work,
  env: { ...Object.fromEntries(WHO), HOME: home, GIT_CONFIG_NOSYSTEM: '1' },
});

export const gitLfs: Tool = {
  name: 'git-lfs',
  keeps: 'whole files',
  note: '`git add` and `git commit`, all of `data/` in LFS; `git worktree add`; no housekeeping in the background',
  steps: TIMES_AND_SIZE,
  version: () => versionOf('git-lfs', '--version'),
  init: (place) => [
    run(place, 'git', 'init', '-q'),
    run(place, 'git', 'config', 'gc.auto', '0'),
    run(place, 'git', 'lfs', 'install', '--local'),
    run(place, 'git', 'lfs', 'track', 'data/**'),
  ],
  add: (place, i) =>
    run(place, 'sh', '-c', `git add .gitattributes data && git commit -q --allow-empty -m v${i}`),
  checkout: (place) => run(place, 'git', 'worktree', 'add', '--detach', place.restored),
  stored: ({ work }) => `${work}/.git`,
};
