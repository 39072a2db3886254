import { type DvsError, isDvsError } from '../../base/errors.js';
import type { Scratch } from '../../base/scratch.js';
import { type Problem, ProblemList } from './problems.js';

/** What `verify` read, and all that was wrong. */
export interface VerifyReport {
  /** Objects (chunks, contents, nodes, recipes) that were read and hashed. */
  objects: number;
  /** Their bytes, uncompressed. */
  bytes: number;
  /** Entities that other entities determine, which were made once more. */
  recomputed: number;
  readonly damaged: ProblemList;
  readonly missing: ProblemList;
}

/** Its lists can be read until `scratch` is closed. */
export function emptyReport(scratch: Scratch): VerifyReport {
  return {
    objects: 0,
    bytes: 0,
    recomputed: 0,
    damaged: new ProblemList(scratch),
    missing: new ProblemList(scratch),
  };
}

/** How many problems there are, listed or not. */
export function countProblems({ damaged, missing }: VerifyReport): number {
  return damaged.length + damaged.unlisted + missing.length + missing.unlisted;
}

/** What an error says about the store, apart from what it affects. */
export interface Finding extends Omit<Problem, 'path'> {
  readonly isMissing: boolean;
}

const DAMAGE = [
  'E_DAMAGED',
  'E_CID_MISMATCH',
  'E_ENCODING',
  'E_CYCLE',
  'E_LIMIT',
  'E_BOMB',
  'E_CID',
  'E_FORMAT',
] as const;
const NOT_ALLOWED = ['E_PATH', 'E_PATH_RESERVED', 'E_SYMLINK'] as const;

/** What an error says; rethrows one that says nothing about the store (a full disk, an interrupt). */
export function findingOf(error: unknown, id?: string): Finding {
  if (!isDvsError(error)) throw error;
  const isMissing = error.code === 'E_MISSING';
  if (!isMissing && !isDvsError(error, ...DAMAGE, ...NOT_ALLOWED, 'E_IO')) throw error;
  return { isMissing, pack: packOf(error), id, why: error.message };
}

export function addFinding(report: VerifyReport, { isMissing, pack, id, why }: Finding, path: string): void {
  (isMissing ? report.missing : report.damaged).add({ path, pack, id, why });
}

/** Puts an error into the report, see `findingOf`. */
export function addProblem(report: VerifyReport, error: unknown, path: string, id?: string): void {
  addFinding(report, findingOf(error, id), path);
}

function packOf(error: DvsError): string | undefined {
  return error.about.find((about) => about.startsWith('packs/'))?.slice('packs/'.length);
}
