import { type BigIntStats, closeSync, fstatSync, openSync } from 'node:fs';
import { systemCode } from '../../base/errors.js';
import { READ_NO_LINK } from '../../base/open-flags.js';
import { type FileStat, fileStat, sameStat } from '../../workspace/file-stat.js';
import type { ReadProblem } from './tasks.js';

/** A regular file that is open for reading, and what it was when it was opened. */
export interface OpenFile {
  readonly fd: number;
  readonly stat: FileStat;
}

/** Opens a regular file for reading, or says why not. */
export function openFile(path: string): OpenFile | ReadProblem {
  let fd: number;
  try {
    fd = openSync(path, READ_NO_LINK);
  } catch (error) {
    const problem = problemOf(error);
    if (problem === undefined) throw error;
    return problem;
  }
  let stats: BigIntStats | undefined;
  try {
    stats = fstatSync(fd, { bigint: true });
    if (stats.isFile()) return { fd, stat: fileStat(stats) };
  } finally {
    if (stats?.isFile() !== true) closeSync(fd);
  }
  return { problem: 'type' };
}

/** Whether an open file is still what it was. */
export function isStill({ fd, stat }: OpenFile): boolean {
  return sameStat(stat, fileStat(fstatSync(fd, { bigint: true })));
}

function problemOf(error: unknown): ReadProblem | undefined {
  switch (systemCode(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return { problem: 'gone' };
    case 'ELOOP': // it has become a link
    case 'ENXIO': // a socket, or a pipe without a writer
      return { problem: 'type' };
    case 'EACCES':
    case 'EPERM':
      return { problem: 'access' };
    default:
      return undefined;
  }
}
