import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Command } from './process.js';

/** A tool that can do what is measured: each step as the command that a user would type. */
export interface Tool {
  readonly name: string;
  init(place: Place): Command;
  /** Records `data/` of the place; also for the second time. */
  add(place: Place, run: number): Command;
  /** Brings the first record back into `place.restored`, an empty folder. */
  checkout(place: Place): Command;
}

/** Folders of one measurement: `work` holds `data/`, `repository` is the peer's. */
export interface Place {
  readonly work: string;
  readonly repository: string;
  readonly restored: string;
}

const DVS = fileURLToPath(new URL('../cli/main.js', import.meta.url));

export const dvs: Tool = {
  name: 'dvs',
  init: ({ work }) => ({ file: process.execPath, args: [DVS, 'init', '-q'], cwd: work }),
  add: ({ work }) => ({ file: process.execPath, args: [DVS, 'add', '-q', 'data'], cwd: work }),
  checkout: ({ work, restored }) => ({
    file: process.execPath,
    args: [DVS, 'checkout', '-q', 'data:v1', `${restored}/data`],
    cwd: work,
  }),
};

const RESTIC_ENV = { RESTIC_PASSWORD: 'bench' };

const restic: Tool = {
  name: 'restic',
  init: ({ work, repository }) => ({
    file: 'restic',
    args: ['init', '-q', '-r', repository],
    cwd: work,
    env: RESTIC_ENV,
  }),
  add: ({ work, repository }) => ({
    file: 'restic',
    args: ['backup', '-q', '-r', repository, 'data'],
    cwd: work,
    env: RESTIC_ENV,
  }),
  checkout: ({ work, repository, restored }) => ({
    file: 'restic',
    args: ['restore', 'latest', '-q', '-r', repository, '--target', restored],
    cwd: work,
    env: RESTIC_ENV,
  }),
};

const BORG_ENV = {
  BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK: 'yes',
  BORG_RELOCATED_REPO_ACCESS_IS_OK: 'yes',
};

const borg: Tool = {
  name: 'borg',
  init: ({ work, repository }) => ({
    file: 'borg',
    args: ['init', '-e', 'none', repository],
    cwd: work,
    env: BORG_ENV,
  }),
  add: ({ work, repository }, run) => ({
    file: 'borg',
    args: ['create', `${repository}::v${run}`, 'data'],
    cwd: work,
    env: BORG_ENV,
  }),
  checkout: ({ repository, restored }) => ({
    file: 'borg',
    args: ['extract', `${repository}::v1`],
    cwd: restored,
    env: BORG_ENV,
  }),
};

/** The peers that this machine has. */
export function installedPeers(): Tool[] {
  const has = (tool: Tool): boolean => spawnSync(tool.name, ['--version'], { stdio: 'ignore' }).status === 0;
  const isRestic = spawnSync('restic', ['version'], { stdio: 'ignore' }).status === 0;
  return [...(isRestic ? [restic] : []), ...(has(borg) ? [borg] : [])];
}
