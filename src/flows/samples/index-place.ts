import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type DvsError, ioError, isDvsError } from '../../base/errors.js';
import { makePath } from '../../base/make-path.js';
import { ownedName, sweepTemp } from '../../base/owner.js';
import type { CID } from '../../id/cid.js';
import type { Repository } from '../repository.js';

/** Where an index of samples is made and kept. */
export interface IndexPlace {
  /** A temporary path, on the file system where indexes are kept. */
  readonly path: string;
  /** The place of the index of the samples with this ID. */
  indexPath(id: CID): string;
}

/** Where indexes of samples are kept: derived, and made again when they are gone. */
export function indexPath({ workspace }: Repository, id: CID): string {
  return join(workspace.ownDir, 'samples', id.toString());
}

/** The place in the workspace. E_ACCESS, E_NOSPC. */
export function ownPlace(repo: Repository): IndexPlace {
  const folder = join(repo.workspace.ownDir, 'samples');
  try {
    makePath(folder);
  } catch (error) {
    throw ioError(error, 'making', folder);
  }
  return { path: join(repo.workspace.tmpDir, ownedName()), indexPath: (id) => indexPath(repo, id) };
}

/**
 * Does `work`, which may have to make an index of samples, in the workspace. On a full or read-only disk it is done once more
 * in the folder for temporary files, if there is one (`Surroundings.temporary`): reading goes on there. What is made is gone
 * afterwards; an index that is open by then stays so. Throws what stopped it in the workspace when there is no place at all.
 */
export async function inIndexPlace<T>(repo: Repository, work: (place: IndexPlace) => Promise<T>): Promise<T> {
  try {
    return await work(ownPlace(repo));
  } catch (error) {
    const folder = isNoPlace(error) ? await temporaryFolder(repo) : undefined;
    if (folder === undefined) throw error;
    try {
      return await work({
        path: join(folder, ownedName()),
        indexPath: (id) => join(folder, id.toString()),
      });
    } catch (again) {
      throw isNoPlace(again) ? error : again;
    } finally {
      remove(folder);
    }
  }
}

function isNoPlace(error: unknown): error is DvsError {
  return isDvsError(error, 'E_NOSPC', 'E_ACCESS');
}

/** A new folder, named after this process so that it goes when that was killed; undefined where there is none to be had. */
async function temporaryFolder({ temporary }: Repository): Promise<string | undefined> {
  if (temporary === undefined) return undefined;
  const folder = join(temporary, ownedName());
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch {
    return undefined;
  }
  // Others may have left some that this user may not remove.
  await sweepTemp(temporary).catch(() => undefined);
  return folder;
}

function remove(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // The next one that is made takes it away.
  }
}
