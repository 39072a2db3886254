import type { Command } from '../measure.js';
import { versionOf } from './installed.js';
import type { Place, Tool } from './tool.js';

const restic = ({ work, repository, home }: Place, ...args: string[]): Command => ({
  file: 'restic',
  args: ['-q', '-r', repository, ...args],
  cwd: work,
  env: { RESTIC_PASSWORD: 'bench', RESTIC_CACHE_DIR: home },
});

export const resticTool: Tool = {
  name: 'restic',
  keeps: 'chunks',
  note: '`restic backup`, `restic restore`; it always encrypts',
  version: () => versionOf('restic', 'version'),
  init: (place) => [restic(place, 'init')],
  add: (place) => restic(place, 'backup', 'data'),
  checkout: (place) => restic(place, 'restore', 'latest', '--target', place.restored),
  stored: ({ repository }) => repository,
};
