import { type BigIntStats, lstatSync, readlinkSync } from 'node:fs';
import { fromUtf8 } from '../base/bytes.js';
import { DvsError, ioError, systemCode } from '../base/errors.js';
import { checkLinkTarget } from '../entities/link.js';
import { type FileStat, fileStat } from './file-stat.js';

/** A file or link that was found, by its path in the crawled folder. */
export type CrawledFile = {
  readonly path: string;
  /** Where its bytes are: for a link that was followed, where that leads. */
  readonly absolute: string;
} & ({ readonly type: 'file'; readonly stat: FileStat } | { readonly type: 'link'; readonly target: string });

/** What lies at `absolute`, which was listed as no folder. E_SYMLINK, E_TYPE, E_CHANGED, errors of the system. */
export function inspect(path: string, absolute: string): CrawledFile {
  const stats = lstatSync(absolute, { bigint: true });
  if (stats.isFile()) return { path, absolute, type: 'file', stat: fileStat(stats) };
  if (stats.isDirectory()) throw changed(path); // it was listed as something else
  if (!stats.isSymbolicLink()) throw notVersionable(absolute);
  const target = fromUtf8(readlinkSync(absolute, 'buffer'));
  if (target === undefined) {
    throw new DvsError('E_SYMLINK', `the target of the link ${path} is not UTF-8`, { about: [path] });
  }
  checkLinkTarget(path, target);
  return { path, absolute, type: 'link', target };
}

/** What is said of the file or folder that a crawl begins with. E_NOT_FOUND, E_SYMLINK. */
export function lstatRoot(absolute: string): BigIntStats {
  const stats = orFail(absolute, () => lstatSync(absolute, { bigint: true, throwIfNoEntry: false }));
  if (stats === undefined) {
    throw new DvsError('E_NOT_FOUND', `${absolute} does not exist`, { about: [absolute] });
  }
  if (!stats.isSymbolicLink()) return stats;
  throw new DvsError('E_SYMLINK', `${absolute} is a symbolic link`, {
    about: [absolute],
    hint: 'Name what it points to.',
  });
}

/** Does `act` on a path, and says of errors of the system where they happened. */
export function orFail<T>(absolute: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw readingError(error, absolute);
  }
}

export function readingError(error: unknown, absolute: string): unknown {
  if (systemCode(error) !== 'ENAMETOOLONG') return ioError(error, 'reading', absolute);
  return new DvsError('E_PATH', `the system cannot open so long a path: ${absolute}`, {
    about: [absolute],
    cause: error,
    hint: 'Move the workspace nearer to the root, or shorten the names.',
  });
}

export function changed(path: string): DvsError {
  return new DvsError('E_CHANGED', `${path} changed while its folder was read`, {
    about: [path],
    hint: 'Let whatever writes there finish, then run the same command again.',
  });
}

export function notVersionable(absolute: string): DvsError {
  return new DvsError('E_TYPE', `${absolute} is neither a file, a folder nor a link`, {
    about: [absolute],
    hint: 'Sockets, pipes and devices hold no bytes to version; move it out of the folder.',
  });
}
