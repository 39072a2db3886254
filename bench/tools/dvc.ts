import type { Command } from '../measure.js';
import { versionOf } from './installed.js';
import { type Place, TIMES_AND_SIZE, type Tool } from './tool.js';

const run = (cwd: string, { home }: Place, file: string, ...args: string[]): Command => ({
  file,
  args,
  cwd,
  env: { HOME: home, DVC_NO_ANALYTICS: '1' },
});

export const dvc: Tool = {
  name: 'dvc',
  keeps: 'whole files',
  note: '`dvc add` without git; `dvc checkout` in a second workspace with the same cache',
  steps: TIMES_AND_SIZE,
  version: () => versionOf('dvc', '--version'),
  init: (place) => [
    run(place.work, place, 'dvc', 'init', '-q', '--no-scm'),
    run(place.restored, place, 'dvc', 'init', '-q', '--no-scm'),
    run(place.restored, place, 'dvc', 'cache', 'dir', '-q', `${place.work}/.dvc/cache`),
  ],
  add: (place) => run(place.work, place, 'dvc', 'add', '-q', 'data'),
  checkout: (place) =>
    run(place.restored, place, 'sh', '-c', 'cp "$1/data.dvc" . && dvc checkout -q', 'sh', place.work),
  stored: ({ work }) => `${work}/.dvc/cache`,
};
