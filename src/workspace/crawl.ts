import { type BigIntStats, lstatSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { fromUtf8 } from '../base/bytes.js';
import { DvsError, ioError, systemCode } from '../base/errors.js';
import { checkLinkTarget } from '../entities/link.js';
import { checkPath, isSkippedName } from '../entities/path.js';
import { type FileStat, fileStat } from './file-stat.js';
import { decodeName, listFolder, type RawName, showName } from './list-folder.js';
import { Problems } from './problems.js';

/** A file or link that was found, by its path in the crawled folder. */
export type CrawledFile = {
  readonly path: string;
  readonly absolute: string;
} & ({ readonly type: 'file'; readonly stat: FileStat } | { readonly type: 'link'; readonly target: string });

/** What a system call says of a name that was there a moment ago; EINVAL: it was a link. */
const GONE: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'EINVAL']);

interface Folder {
  readonly absolute: string;
  /** Its path with a `/`; empty for the root. */
  readonly prefix: string;
  readonly names: readonly RawName[];
  next: number;
  /** Names that were listed and then not found. */
  readonly gone: RawName[];
}

/**
 * Every file and link in a folder, in byte order of their paths; `.dvs` and `.git` are passed by and empty
 * folders are nothing. What no dataset may hold is told at the end (or as soon as there are twenty) in one
 * error with the code of the first: E_PATH, E_PATH_RESERVED, E_SYMLINK, E_TYPE, E_ACCESS. What vanishes between
 * listing and looking is left out when its folder does not list it any more; else it is E_CHANGED.
 *
 * `onFolder` is told of each folder, also of an empty one, right before it is listed.
 *
 * Calls are synchronous: asynchronous ones cost ten times as much a file. Memory is that of the names in the
 * folders on one way down.
 */
export function* crawl(
  root: string,
  onFolder = (_path: string): void => {},
): Generator<CrawledFile, void, undefined> {
  assertFolder(root);
  const problems = new Problems();
  onFolder('');
  const way = [orFail(root, () => readFolder(root.replace(/(?<!^)\/+$/, ''), ''))];
  for (let folder = way.at(-1); folder !== undefined; folder = way.at(-1)) {
    const { names, gone } = folder;
    const name = names[folder.next++];
    if (name !== undefined) {
      const found = problems.attempt(() => visit(folder, name, onFolder));
      if (found === undefined) continue;
      if ('names' in found) way.push(found);
      else yield found;
    } else {
      way.pop();
      if (gone.length > 0) problems.attempt(() => assertGone(folder));
    }
  }
  problems.throwIfAny();
}

/** A tracked single file, by its base name. E_NOT_FOUND, E_SYMLINK, E_TYPE, E_PATH. */
export function crawlFile(absolute: string): CrawledFile & { readonly type: 'file' } {
  const path = basename(absolute);
  checkPath(path);
  const stats = lstatRoot(absolute);
  if (stats.isDirectory()) throw new DvsError('E_TYPE', `${absolute} is a folder`, { about: [absolute] });
  if (!stats.isFile()) throw notVersionable(absolute);
  return { path, absolute, type: 'file', stat: fileStat(stats) };
}

function assertFolder(root: string): void {
  if (lstatRoot(root).isDirectory()) return;
  throw new DvsError('E_TYPE', `${root} is not a folder`, { about: [root] });
}

function lstatRoot(absolute: string): BigIntStats {
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

/** A folder to go into, a file or link to yield, or nothing. */
function visit(
  folder: Folder,
  name: RawName,
  onFolder: (path: string) => void,
): Folder | CrawledFile | undefined {
  const isFolder = name.endsWith('/');
  const text = decodeName(isFolder ? name.slice(0, -1) : name);
  if (text === undefined) throw notUtf8(folder, name);
  if (isSkippedName(text)) return undefined;
  const path = folder.prefix + text;
  checkPath(path);
  const absolute = `${folder.absolute}/${text}`;
  try {
    if (!isFolder) return inspect(path, absolute);
    onFolder(path);
    return readFolder(absolute, `${path}/`);
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined || !GONE.has(code)) throw readingError(error, absolute);
    folder.gone.push(name);
    return undefined;
  }
}

function readFolder(absolute: string, prefix: string): Folder {
  return { absolute, prefix, names: listFolder(absolute), next: 0, gone: [] };
}

function inspect(path: string, absolute: string): CrawledFile {
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

/** Refuses names that were not found and are listed still: to leave them out would lose them silently. */
function assertGone({ absolute, prefix, gone }: Folder): void {
  const listed = new Set(listAgain(absolute).map(plain));
  const kept = gone.map(plain).find((name) => listed.has(name));
  if (kept !== undefined) throw changed(prefix + (decodeName(kept) ?? showName(kept)));
}

function listAgain(absolute: string): RawName[] {
  try {
    return listFolder(absolute);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw readingError(error, absolute);
  }
}

function plain(name: RawName): RawName {
  return name.endsWith('/') ? name.slice(0, -1) : name;
}

function orFail<T>(absolute: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw readingError(error, absolute);
  }
}

function readingError(error: unknown, absolute: string): unknown {
  if (systemCode(error) !== 'ENAMETOOLONG') return ioError(error, 'reading', absolute);
  return new DvsError('E_PATH', `the system cannot open so long a path: ${absolute}`, {
    about: [absolute],
    cause: error,
    hint: 'Move the workspace nearer to the root, or shorten the names.',
  });
}

function changed(path: string): DvsError {
  return new DvsError('E_CHANGED', `${path} changed while its folder was read`, {
    about: [path],
    hint: 'Let whatever writes there finish, then run the same command again.',
  });
}

function notVersionable(absolute: string): DvsError {
  return new DvsError('E_TYPE', `${absolute} is neither a file, a folder nor a link`, {
    about: [absolute],
    hint: 'Sockets, pipes and devices hold no bytes to version; move it out of the folder.',
  });
}

function notUtf8({ prefix }: Folder, name: RawName): DvsError {
  const shown = prefix + showName(name);
  return new DvsError('E_PATH', `a dataset cannot hold the path "${shown}": it is not UTF-8`, {
    about: [shown],
    hint: 'Rename the file.',
  });
}
