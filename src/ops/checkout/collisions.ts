import { lstatSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DvsError, ioError } from '../../base/errors.js';
import { ownedName } from '../../base/owner.js';
import { foldedPath } from '../../entities/path.js';

/** True when the file system of `folder` takes names for the same that differ in case or normalisation. */
export function foldsNames(folder: string): boolean {
  const own = join(folder, ownedName());
  try {
    mkdirSync(own);
    writeFileSync(join(own, 'Probe-\u00e9'), '');
    const isThere = (name: string): boolean =>
      lstatSync(join(own, name), { throwIfNoEntry: false }) !== undefined;
    return isThere('pROBE-\u00e9') || isThere('Probe-e\u0301');
  } catch (error) {
    throw ioError(error, 'writing', own);
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}

/** Refuses (E_PATH_COLLISION) paths, or folders of them, that such a file system would merge. */
export function assertNoCollisions(paths: Iterable<string>): void {
  const seen = new Map<string, string>();
  for (const path of paths) {
    for (let end = path.indexOf('/'); ; end = path.indexOf('/', end + 1)) {
      const part = end < 0 ? path : path.slice(0, end);
      const folded = foldedPath(part);
      const other = seen.get(folded);
      if (other !== undefined && other !== part) {
        throw new DvsError('E_PATH_COLLISION', `${other} and ${part} are the same name on this file system`, {
          about: [other, part],
          hint: 'Check out on a file system that tells them apart, or only one of them: `dvs checkout … -- <path>`.',
        });
      }
      seen.set(folded, part);
      if (end < 0) break;
    }
  }
}
