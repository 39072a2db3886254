import { lstatSync, readdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ioError } from '../../base/errors.js';
import { ownedName, sweepTemp } from '../../base/owner.js';
import type { Repository } from '../repository.js';

/** A folder on the file system of `root` for files under way: in the workspace when that is the same one. */
export async function makeStaging(
  repo: Repository,
  root: string,
): Promise<{ folder: string; remove: string }> {
  await mkdir(root, { recursive: true });
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
    const folder = join(root, '.dvs', ownedName());
    const isNew = !readdirSync(root).includes('.dvs');
    await mkdir(folder, { recursive: true });
    return { folder, remove: isNew ? join(root, '.dvs') : folder };
  } catch (error) {
    throw ioError(error, 'writing', root);
  }
}
