import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DvsError, systemCode } from './errors.js';

/**
 * Makes a folder with all that is missing above it, and returns the topmost that was made; undefined when there was
 * nothing to make. E_ACCESS where the system has no place for folders; else throws what the system says.
 *
 * One folder after the other, because Node's own `recursive` tries for ever where the system says ENOENT beneath a
 * folder that is there, as it does in /proc.
 */
export function makePath(path: string, mode?: number): string | undefined {
  try {
    mkdirSync(path, { mode });
    return path;
  } catch (error) {
    if (isFolder(path)) return undefined;
    const above = dirname(path);
    if (systemCode(error) !== 'ENOENT' || above === path) throw error;
    if (isFolder(above)) throw noPlace(path, above, error);
    const top = makePath(above, mode);
    return makePath(path, mode) === undefined ? top : (top ?? path);
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function noPlace(path: string, above: string, cause: unknown): DvsError {
  return new DvsError('E_ACCESS', `${path} cannot be made: the system takes no folders in ${above}`, {
    about: [path],
    cause,
    hint: 'Name a place on a disk.',
  });
}
