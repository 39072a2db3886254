import type { Command } from '../measure.js';
import { versionOf } from './installed.js';
import type { Place, Tool } from './tool.js';

const borg = (cwd: string, { home }: Place, ...args: string[]): Command => ({
  file: 'borg',
  args,
  cwd,
  env: { BORG_BASE_DIR: home, BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK: 'yes' },
});

export const borgTool: Tool = {
  name: 'borg',
  keeps: 'chunks',
  note: '`borg create`, `borg extract`; `--encryption none`',
  version: () => versionOf('borg', '--version'),
  init: (place) => [borg(place.work, place, 'init', '--encryption', 'none', place.repository)],
  add: (place, run) => borg(place.work, place, 'create', `${place.repository}::v${run}`, 'data'),
  checkout: (place, run) => borg(place.restored, place, 'extract', `${place.repository}::v${run}`),
  stored: ({ repository }) => repository,
};
