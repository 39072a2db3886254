import { closeSync, fstatSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DvsError, ioError, systemCode } from '../../base/errors.js';
import { LIMITS } from '../../base/limits.js';
import { READ_NO_LINK } from '../../base/open-flags.js';
import { readFully } from '../../base/read-fully.js';
import type { RawName } from '../list-folder.js';
import { parsePatterns } from './pattern.js';
import type { Rules } from './rules.js';

export const RULE_FILE = '.dvsignore';

/**
 * The bytes of the .dvsignore in a folder; undefined when there is none. E_SYMLINK for a link: whoever made it would
 * choose what is read. E_LIMIT beyond `LIMITS.ignoreBytes`: every pattern is held against every path.
 */
export function readRuleFile(folder: string): Buffer | undefined {
  const path = join(folder, RULE_FILE);
  let fd: number | undefined;
  try {
    fd = openSync(path, READ_NO_LINK);
    const stats = fstatSync(fd);
    if (!stats.isFile()) return undefined; // as git takes it
    if (stats.size > LIMITS.ignoreBytes) throw tooLarge(path);
    const bytes = Buffer.alloc(stats.size);
    return bytes.subarray(0, readFully(fd, bytes, 0));
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENXIO') return undefined;
    if (code === 'ELOOP') throw linked(path, error);
    throw ioError(error, 'reading', path);
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** The rules in a folder: those above it with those of its .dvsignore, if it has one. `folder` as in `Rules`. */
export function rulesOf(
  above: Rules | undefined,
  folder: RawName,
  bytes: Buffer | undefined,
): Rules | undefined {
  const patterns = bytes === undefined ? [] : parsePatterns(bytes.toString('latin1'));
  return patterns.length === 0 ? above : { above, folder, patterns };
}

/** The same for a folder that was listed, so that no file is looked for in vain. */
export function rulesIn(
  above: Rules | undefined,
  folder: RawName,
  absolute: string,
  names: readonly RawName[],
): Rules | undefined {
  return names.includes(RULE_FILE) ? rulesOf(above, folder, readRuleFile(absolute)) : above;
}

function linked(path: string, cause: unknown): DvsError {
  return new DvsError('E_SYMLINK', `${path} is a symbolic link, and rules are not read through links`, {
    about: [path],
    cause,
    hint: 'Put a copy of the file that it points to in its place, or remove the link.',
  });
}

function tooLarge(path: string): DvsError {
  return new DvsError('E_LIMIT', `${path} has more than ${LIMITS.ignoreBytes} bytes`, {
    about: [path],
    hint: 'Ignore whole folders, or use patterns such as `*.tmp`, instead of listing files.',
  });
}
