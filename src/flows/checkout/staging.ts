import { lstatSync, readdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DvsError, ioError, systemCode } from '../../base/errors.js';
import { ownedName, sweepTemp } from '../../base/owner.js';
import type { Repository } from '../repository.js';

/** A folder on the file system of `root` for files under way: in the workspace when that is the same one. */
export async function makeStaging(
  repo: Repository,
  root: string,
): Promise<{ folder: string; remove: string }> {
  await makeRoot(root);
  const { tmpDir } = repo.workspace;
  await mkdir(tmpDir, { recursive: true });
  await sweepTemp(tmpDir);
  try {
    if (lstatSync(root).dev === lstatSync(tmpDir).dev) {
      const folder = join(tmpDir, ownedName());
      await mkdir(folder);
      return { folder, remove: folder };
    }
    // `.dvs` is never taken for data, so an interrupted checkout leaves nothing that could be added.
    const own = join(root, '.dvs');
    const isNew = !readdirSync(root).includes('.dvs');
    if (!isNew && lstatSync(own).isSymbolicLink()) throw linked(own);
    await sweepTemp(own);
    const folder = join(own, ownedName());
    await mkdir(folder, { recursive: true });
    return { folder, remove: isNew ? own : folder };
  } catch (error) {
    throw ioError(error, 'writing', root);
  }
}

async function makeRoot(root: string): Promise<void> {
  try {
    await mkdir(root, { recursive: true });
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
