import { lstatSync, mkdirSync, renameSync, rmdirSync } from 'node:fs';
import { mkdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureFolder } from '../../backend/durable.js';
import { DvsError, ioError, isDvsError, systemCode } from '../../base/errors.js';
import { makePath } from '../../base/make-path.js';
import { ownedName, sweepTemp } from '../../base/owner.js';
import type { Repository } from '../repository.js';

/** A folder for files under way. */
export interface Staging {
  readonly folder: string;
  /** Removes it, and nothing that others put beside it. */
  release(): Promise<void>;
}

/** A folder from which files can be renamed into `root`: in the workspace when that will do, else in `root`. */
export async function makeStaging(repo: Repository, root: string): Promise<Staging> {
  await makeRoot(root);
  try {
    const shared = await sharedStaging(repo, root);
    if (shared !== undefined) return shared;
    // `.dvs` is never taken for data, so an interrupted checkout leaves nothing that could be added.
    const own = join(root, '.dvs');
    if (lstatSync(own, { throwIfNoEntry: false })?.isSymbolicLink()) throw linked(own);
    const staging = await stagingIn(own);
    return {
      folder: staging.folder,
      async release() {
        await staging.release();
        await removeIfEmpty(own);
      },
    };
  } catch (error) {
    throw ioError(error, 'writing', root);
  }
}

/** One in the workspace; undefined where that is on another file system, or full, or only to be read. */
async function sharedStaging({ workspace }: Repository, root: string): Promise<Staging | undefined> {
  let staging: Staging | undefined;
  try {
    staging = await stagingIn(workspace.tmpDir);
    if (canRename(staging.folder, root)) return staging;
  } catch (error) {
    const trouble = ioError(error, 'writing', workspace.tmpDir);
    if (!isDvsError(trouble, 'E_NOSPC', 'E_ACCESS')) throw trouble;
  }
  await staging?.release();
  return undefined;
}

async function stagingIn(parent: string): Promise<Staging> {
  await ensureFolder(parent);
  await sweepTemp(parent);
  const folder = join(parent, ownedName());
  await mkdir(folder);
  return { folder, release: () => rm(folder, { recursive: true, force: true }) };
}

/**
 * Tried, not guessed: two mounts of one file system look the same and yet cannot be renamed between. With a folder,
 * because an empty one is never data, should it stay where somebody could add it.
 */
function canRename(from: string, to: string): boolean {
  const name = ownedName();
  mkdirSync(join(from, name));
  try {
    renameSync(join(from, name), join(to, name));
    rmdirSync(join(to, name));
    return true;
  } catch (error) {
    if (systemCode(error) !== 'EXDEV') throw error;
    return false;
  }
}

async function removeIfEmpty(folder: string): Promise<void> {
  try {
    await rmdir(folder);
  } catch (error) {
    const code = systemCode(error);
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'ENOENT') throw error;
  }
}

async function makeRoot(root: string): Promise<void> {
  try {
    makePath(root);
  } catch (error) {
    const code = systemCode(error);
    if (code !== 'ENOTDIR' && code !== 'EEXIST') throw ioError(error, 'making the folder', root);
    throw new DvsError('E_UNSAFE', `${root} cannot be made: something else is where a folder has to be`, {
      cause: error,
      about: [root],
      hint: 'Move that file away or check out elsewhere. Nothing was changed.',
    });
  }
}

function linked(path: string): DvsError {
  return new DvsError('E_SYMLINK', `${path} is a symbolic link; dvs does not write through links`, {
    about: [path],
    hint: 'Remove the link or check out elsewhere.',
  });
}
