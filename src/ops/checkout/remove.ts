import { rmdirSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ioError, systemCode } from '../../base/errors.js';
import { assertExpected } from './place.js';
import type { Present } from './plan.js';

/** Removes files, unless they changed since they were looked at (E_CHANGED), and then the folders beneath `root` that became empty by it. */
export function removeFiles(root: string, files: readonly Present[]): void {
  const folders = new Set<string>();
  for (const { path, stat } of files) {
    assertExpected(join(root, path), stat ?? 'anything');
    try {
      unlinkSync(join(root, path));
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw ioError(error, 'removing', join(root, path));
    }
    for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) folders.add(folder);
  }
  // Longest first, so that a folder is looked at after those in it.
  for (const folder of [...folders].sort((a, b) => b.length - a.length)) {
    try {
      rmdirSync(join(root, folder));
    } catch (error) {
      const code = systemCode(error);
      if (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'ENOENT') {
        throw ioError(error, 'removing', join(root, folder));
      }
    }
  }
}
