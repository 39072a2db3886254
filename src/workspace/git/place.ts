import { resolve } from 'node:path';
import { fromUtf8 } from '../../base/bytes.js';
import { DvsError } from '../../base/errors.js';
import { textFlaw } from '../../entities/path.js';
import type { Git } from './run.js';

/** Where a workspace lies in its git repository. */
export interface GitPlace {
  readonly git: Git;
  /** From the top of the working tree to the workspace: `./`, or `./` and a path. */
  readonly place: string;
  /** Absolute path of where git looks for hooks: `core.hooksPath`, or a folder that all working trees share. */
  readonly hooks: string;
  /** Absolute path of the config of the repository. */
  readonly config: string;
}

/**
 * Finds the repository around the folder that `git` runs in. E_NOT_FOUND when there is none, E_PATH for a path that no
 * script can name, E_UNSAFE when hooks would be those of other repositories, too.
 */
export async function findGitPlace(git: Git): Promise<GitPlace> {
  await git.ask(['rev-parse', '--show-toplevel']);
  const prefix = await textOf(git, ['rev-parse', '--show-prefix']);
  const hooks = await textOf(git, ['rev-parse', '--git-path', 'hooks']);
  const common = await textOf(git, ['rev-parse', '--git-common-dir']);
  await assertOwnHooks(git, hooks, resolve(git.folder, common, 'hooks'));
  return {
    git,
    place: `./${prefix.replace(/\/$/, '')}`,
    hooks: resolve(git.folder, hooks),
    config: resolve(git.folder, common, 'config'),
  };
}

/** A setting of this repository alone; undefined when it has none. */
export async function getSetting(git: Git, key: string): Promise<string | undefined> {
  const { status, stdout } = await git.run(['config', '--local', '--get', key]);
  return status === 0 ? stdout.toString('utf8').replace(/\n$/, '') : undefined;
}

export async function setSetting(git: Git, key: string, value: string): Promise<void> {
  if ((await getSetting(git, key)) !== value) await git.ask(['config', '--local', key, value]);
}

/** Takes a setting out again; it may not be there. */
export async function unsetSetting(git: Git, key: string): Promise<void> {
  if ((await getSetting(git, key)) !== undefined) await git.ask(['config', '--local', '--unset', key]);
}

async function textOf(git: Git, args: readonly string[]): Promise<string> {
  const text = fromUtf8(await git.ask(args))?.replace(/\n$/, '');
  const flaw = text === undefined ? 'it is not UTF-8' : textFlaw(text);
  if (text !== undefined && flaw === undefined) return text;
  throw new DvsError('E_PATH', `git runs no hook for ${git.folder}: as for its path, ${flaw}`, {
    about: [git.folder],
    hint: 'Rename that folder.',
  });
}

/** A `core.hooksPath` that the user has set for all repositories is not ours to write to. */
async function assertOwnHooks(git: Git, hooks: string, own: string): Promise<void> {
  const { status, stdout } = await git.run(['config', '--show-scope', '--get', 'core.hooksPath']);
  const scope = status === 0 ? stdout.toString('utf8').split('\t')[0] : undefined;
  if (scope !== 'global' && scope !== 'system') return;
  throw new DvsError(
    'E_UNSAFE',
    `core.hooksPath is ${hooks} for all your repositories; dvs writes hooks for one`,
    {
      about: [hooks],
      hint: `Give this repository its own: \`git config core.hooksPath ${JSON.stringify(own)}\`, then \`dvs install\`.`,
    },
  );
}
