import { realpath } from 'node:fs/promises';
import { DvsError, ioError, systemCode } from '../base/errors.js';
import { findWorkspace } from '../workspace/workspace.js';
import { Repository, type Surroundings } from './repository.js';

/**
 * Opens the workspace whose root is the folder `root`. E_NO_STORE when there is none, also when it lies in another
 * workspace: what git does in one working tree must not reach into the one around it.
 */
export async function openAt(root: string, surroundings: Surroundings): Promise<Repository> {
  const found = await findWorkspace(root);
  if (found !== undefined && (await realFolder(found.root)) === (await realFolder(root))) {
    return Repository.open(root, surroundings);
  }
  throw new DvsError('E_NO_STORE', `${root} has no store of dvs`, {
    about: [root],
    hint: 'Run `dvs init --store <folder>` there if the store is on this machine, else `dvs init`; then `dvs checkout`.',
  });
}

async function realFolder(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return path;
    throw ioError(error, 'resolving', path);
  }
}
