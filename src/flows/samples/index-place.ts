import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DvsError, ioError } from '../../base/errors.js';
import { makePath } from '../../base/make-path.js';
import { ownedName } from '../../base/owner.js';
import type { CID } from '../../id/cid.js';
import type { Repository } from '../repository.js';

/** Where an index of samples is made and kept. */
export interface IndexPlace {
  /** A temporary path, on the file system of `indexPath`. */
  readonly path: string;
  /** Its place once it is whole. */
  readonly indexPath: string;
}

/** Where the index of samples is kept: derived, and made again when it is gone. */
export function indexPath({ workspace }: Repository, id: CID): string {
  return join(workspace.ownDir, 'samples', id.toString());
}

/** A temporary path for an index, on the file system where it will be kept. */
export function temporaryIndex({ workspace }: Repository): string {
  const folder = join(workspace.ownDir, 'samples');
  try {
    makePath(folder);
  } catch (error) {
    throw ioError(error, 'making', folder);
  }
  return join(workspace.tmpDir, ownedName());
}

/**
 * Does `work`, which may have to make the index of the samples `id`, in the workspace. On a full or read-only disk it
 * is done once more in the system's folder for temporary files: reading goes on there. The place is gone afterwards; an
 * index that is open by then stays so. Throws what stopped it in the workspace when there is no place at all.
 */
export async function inIndexPlace<T>(
  repo: Repository,
  id: CID,
  work: (place: IndexPlace) => Promise<T>,
): Promise<T> {
  try {
    return await work({ path: temporaryIndex(repo), indexPath: indexPath(repo, id) });
  } catch (error) {
    if (!isNoPlace(error)) throw error;
    const folder = temporaryFolder();
    if (folder === undefined) throw error;
    try {
      return await work({ path: join(folder, ownedName()), indexPath: join(folder, id.toString()) });
    } catch (again) {
      throw isNoPlace(again) ? error : again;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

function isNoPlace(error: unknown): boolean {
  return error instanceof DvsError && (error.code === 'E_NOSPC' || error.code === 'E_ACCESS');
}

function temporaryFolder(): string | undefined {
  try {
    return mkdtempSync(join(tmpdir(), 'dvs-samples-'));
  } catch {
    return undefined;
  }
}
