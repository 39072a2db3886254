import { compareUtf8 } from '../../base/bytes.js';
import { DvsError, type ErrorCode } from '../../base/errors.js';
import type { ReadProblem } from './tasks.js';

/** Why a file could not be taken in. */
export interface PathProblem {
  readonly path: string;
  readonly problem: ReadProblem['problem'];
}

/** Names that an error lists. */
const LISTED = 20;

/** Throws one error for all files that have the problem of the first in byte order. */
export function assertNone(found: readonly PathProblem[]): void {
  const problems = found.toSorted((a, b) => compareUtf8(a.path, b.path));
  const [first] = problems;
  if (first === undefined) return;
  const same = problems.filter(({ problem }) => problem === first.problem).map(({ path }) => path);
  const { code, what, hint } = PROBLEMS[first.problem];
  const more = same.length > LISTED ? ` and ${same.length - LISTED} more` : '';
  throw new DvsError(code, `${same.slice(0, LISTED).join(', ')}${more}: ${what}`, { about: same, hint });
}

const PROBLEMS: Record<ReadProblem['problem'], { code: ErrorCode; what: string; hint: string }> = {
  changing: {
    code: 'E_CHANGED',
    what: 'kept changing while being read',
    hint: 'Stop what writes there, then try again.',
  },
  grown: {
    code: 'E_CHANGED',
    what: 'grew while being read',
    hint: 'Stop what writes there, then try again.',
  },
  gone: {
    code: 'E_CHANGED',
    what: 'disappeared while the folder was read',
    hint: 'Run the same command again.',
  },
  type: {
    code: 'E_TYPE',
    what: 'not a regular file',
    hint: 'Only files and links can be versioned; move it away.',
  },
  access: { code: 'E_ACCESS', what: 'not readable', hint: 'Check the permissions of these files.' },
};
