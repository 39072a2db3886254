import { readdirSync, renameSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { DvsError, systemCode } from '../../base/errors.js';

/** Gives a finished file or link its name. Folders with nothing in them make way; E_UNSAFE for any other. */
export function moveIntoPlace(staged: string, path: string): void {
  try {
    renameSync(staged, path);
  } catch (error) {
    if (systemCode(error) !== 'EISDIR') throw error;
    removeEmptyFolders(path);
    renameSync(staged, path);
  }
}

/** Removes a folder that holds nothing but folders. */
function removeEmptyFolders(path: string): void {
  const folders = [path];
  for (const folder of folders) {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const inside = join(folder, entry.name);
      if (!entry.isDirectory()) throw inTheWay(path, inside);
      folders.push(inside);
    }
  }
  for (const folder of folders.toReversed()) rmdirSync(folder);
}

function inTheWay(path: string, inside: string): DvsError {
  return new DvsError('E_UNSAFE', `${path} has to become a file, and ${inside} would be lost`, {
    about: [inside],
    hint: 'Move that folder away and run the same command again.',
  });
}
