import { rmdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { ioError, systemCode } from '../../base/errors.js';
import { assertExpected, type Expected } from './place.js';

/** A file to remove, and what it is expected to be. */
export interface Removed {
  readonly path: string;
  /** Undefined for a link. */
  readonly stat: Expected;
}

/**
 * Removes files, which come in byte order, unless they changed since they were looked at (E_CHANGED), and the
 * folders beneath `root` that became empty by it.
 */
export function removeFiles(root: string, files: Iterable<Removed>): void {
  /** The folders, each with its slash, on the way to the last file: what follows may lie in them, too. */
  const way: string[] = [];
  const leave = (next: string): void => {
    for (let top = way.at(-1); top !== undefined && !next.startsWith(top); top = way.at(-1)) {
      removeIfEmpty(join(root, top.slice(0, -1)));
      way.pop();
    }
  };
  for (const { path, stat } of files) {
    leave(path);
    assertExpected(join(root, path), stat ?? 'anything');
    try {
      unlinkSync(join(root, path));
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw ioError(error, 'removing', join(root, path));
    }
    const known = way.at(-1)?.length ?? 0;
    for (let end = path.indexOf('/', known); end >= 0; end = path.indexOf('/', end + 1)) {
      way.push(path.slice(0, end + 1));
    }
  }
  leave('');
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    const code = systemCode(error);
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'ENOENT') {
      throw ioError(error, 'removing', folder);
    }
  }
}
