import { link, lstat } from 'node:fs/promises';
import { DvsError, ioError, systemCode } from '../base/errors.js';
import { orAbsent } from './files.js';

/** What file systems without hard links say, each in its way. */
const NO_LINKS: ReadonlySet<string> = new Set([
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EMLINK',
  'EINVAL',
]);

/**
 * Gives a file a second name; false when that name is taken by another file. E_UNSUPPORTED when the file system
 * has no such thing.
 */
export async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    // The answer of a network file system may get lost, and the repeated call then meets its own work.
    if (await isSameFile(from, to)) return true;
    const code = systemCode(error);
    if (code === 'EEXIST') return false;
    if (code === undefined || !NO_LINKS.has(code)) throw ioError(error, 'linking', to);
    throw new DvsError('E_UNSUPPORTED', `cannot give a file a second name at ${to} (${code})`, {
      cause: error,
      about: [to],
      hint: 'This file system has no hard links; keep the store on one that has.',
    });
  }
}

async function isSameFile(a: string, b: string): Promise<boolean> {
  const [x, y] = await Promise.all([a, b].map((path) => orAbsent('reading', path, () => lstat(path))));
  return x !== undefined && y !== undefined && x.ino === y.ino && x.dev === y.dev;
}
