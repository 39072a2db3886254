import {
  closeSync,
  fstatSync,
  futimesSync,
  lstatSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { equalBytes } from '../../base/bytes.js';
import { DvsError, systemCode } from '../../base/errors.js';
import { MiB } from '../../base/limits.js';
import { READ_NO_LINK } from '../../base/open-flags.js';
import { readFully } from '../../base/read-fully.js';
import { type Digest, Sha256 } from '../../id/hash.js';
import { type FileStat, fileStat, sameStat } from '../../workspace/file-stat.js';

/** Dates an open file, complete at `staged`, and says what it looks like; close it, then `placeFile`. */
export function dateFile(fd: number, mtime: number): FileStat {
  futimesSync(fd, mtime, mtime);
  return fileStat(fstatSync(fd, { bigint: true }));
}

/**
 * Gives a finished file its name, and says what it looks like there. Should somebody write to it in that very
 * moment, that is not what it looks like, so that nobody takes it for the file that was written.
 */
export function placeFile(staged: string, path: string, written: FileStat, expected: Expected): FileStat {
  moveIntoPlace(staged, path, expected);
  const placed = fileStat(lstatSync(path, { bigint: true }));
  return sameStat({ ...written, ctimeNs: placed.ctimeNs }, placed) ? placed : written;
}

/** What should be at a path before it is written: nothing, a file that looks like this, or whatever it is. */
export type Expected = ExpectedFile | 'anything' | undefined;

export interface ExpectedFile extends FileStat {
  /** Of its content, if that is known. */
  readonly digest?: Digest | undefined;
}

/** Refuses (E_CHANGED) to touch what is not what it was when the checkout was planned. */
export function assertExpected(path: string, expected: Expected): void {
  if (expected === 'anything') return;
  const found = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  if (found === undefined || found.isDirectory()) return;
  if (expected !== undefined && isExpected(path, fileStat(found), expected)) return;
  // Of a link that was followed, what it leads to was looked at; that stays.
  const target = found.isSymbolicLink() ? statSync(path, { bigint: true, throwIfNoEntry: false }) : undefined;
  if (expected !== undefined && target !== undefined && sameStat(fileStat(target), expected)) return;
  throw new DvsError('E_CHANGED', `${path} was changed while the checkout was under way`, {
    about: [path],
    hint: 'It was left as it is. Run the same command again.',
  });
}

/** A file with several names looks changed as soon as it loses one of them; then its content tells. */
function isExpected(path: string, found: FileStat, expected: ExpectedFile): boolean {
  if (sameStat(found, expected)) return true;
  const { digest } = expected;
  if (digest === undefined || !sameStat({ ...found, ctimeNs: expected.ctimeNs }, expected)) return false;
  return hasContent(path, found, digest);
}

function hasContent(path: string, stat: FileStat, digest: Digest): boolean {
  const file = openSync(path, READ_NO_LINK);
  try {
    const hash = new Sha256();
    const buffer = Buffer.allocUnsafe(Math.min(stat.size, MiB));
    for (let at = 0; at < stat.size; ) {
      const read = readFully(file, buffer, at);
      if (read === 0) return false;
      hash.update(buffer.subarray(0, read));
      at += read;
    }
    return equalBytes(hash.digest(), digest) && sameStat(stat, fileStat(fstatSync(file, { bigint: true })));
  } finally {
    closeSync(file);
  }
}

/**
 * Gives a finished file or link its name. E_CHANGED when something else than expected is there. Folders with
 * nothing in them make way; E_UNSAFE for any other.
 */
export function moveIntoPlace(staged: string, path: string, expected: Expected): void {
  assertExpected(path, expected);
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
