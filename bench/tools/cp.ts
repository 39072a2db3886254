import type { Tool } from './tool.js';

const sh = (script: string, cwd: string, ...args: string[]) => ({
  file: 'sh',
  args: ['-c', script, 'sh', ...args],
  cwd,
});

/** No versioning tool, and so no peer: what copying alone costs. */
export const cp: Tool = {
  name: 'cp',
  keeps: 'a copy',
  note: 'copying alone: `cp -r` and `sync` of the copy; the checkout is `cp -r` without, as no tool syncs there',
  steps: ['add v1', 'checkout v2'],
  version: () => (process.platform === 'win32' ? undefined : 'of the system'),
  init: () => [],
  add: ({ work, repository }) => sh('cp -r data "$1" && sync -f "$1"', work, repository),
  checkout: ({ work, restored }) => sh('cp -r "$1/data" .', restored, work),
  stored: ({ repository }) => repository,
};
