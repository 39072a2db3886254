import { chmodSync, constants, copyFileSync, lstatSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ioError } from '../../base/errors.js';
import { ownedName } from '../../base/owner.js';
import { type FileStat, fileStat } from '../../workspace/file-stat.js';
import { type ExpectedFile, moveIntoPlace } from './place.js';

/** The permissions that a new file gets in `folder`: to ask the system for its mask would change it for a moment. */
export function newFileMode(folder: string): number {
  const probe = join(folder, ownedName());
  try {
    writeFileSync(probe, '', { flag: 'wx' });
    return lstatSync(probe).mode & 0o777;
  } catch (error) {
    throw ioError(error, 'writing', folder);
  } finally {
    rmSync(probe, { force: true });
  }
}

/**
 * Replaces the file at `path`, which looks like `stat`, by a copy of its own with the same date and these permissions;
 * says what that looks like. `staging` is a folder on the same file system. E_CHANGED when somebody wrote to it.
 */
export function makeOwnCopy(path: string, stat: ExpectedFile, mode: number, staging: string): FileStat {
  const staged = join(staging, ownedName());
  try {
    copyFileSync(path, staged, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    chmodSync(staged, mode);
    const seconds = Number(stat.mtimeNs / 1000n) / 1e6; // exact for that of a protected file, a whole second
    utimesSync(staged, seconds, seconds);
    moveIntoPlace(staged, path, stat);
    return fileStat(lstatSync(path, { bigint: true }));
  } catch (error) {
    throw ioError(error, 'writing', path);
  } finally {
    rmSync(staged, { force: true });
  }
}
