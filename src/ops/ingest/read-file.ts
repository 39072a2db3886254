import { closeSync, fstatSync, openSync } from 'node:fs';
import { systemCode } from '../../base/errors.js';
import { READ_NO_LINK } from '../../base/open-flags.js';
import { type FileStat, fileStat } from '../../workspace/file-stat.js';
import type { ReadProblem } from './tasks.js';

/** Opens a regular file for reading, or says why not. */
export function openFile(path: string): number | ReadProblem {
  let fd: number;
  try {
    fd = openSync(path, READ_NO_LINK);
  } catch (error) {
    const problem = problemOf(error);
    if (problem === undefined) throw error;
    return problem;
  }
  if (fstatSync(fd).isFile()) return fd;
  closeSync(fd);
  return { problem: 'type' };
}

export function statOpen(fd: number): FileStat {
  return fileStat(fstatSync(fd, { bigint: true }));
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
