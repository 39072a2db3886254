import { type DvsError, isDvsError } from '../../base/errors.js';

/** Something that is not as it should be, and what it affects. */
export interface Problem {
  /** What is affected, for people: `mnist:v3 train/0.png`, `packs/1234…`, `log/0000000000000007`. */
  readonly path: string;
  /** The pack it lies in, when that is known. */
  readonly pack: string | undefined;
  /** The content, entity or object concerned. */
  readonly id: string | undefined;
  readonly why: string;
}

export interface VerifyReport {
  /** Objects (chunks, contents, nodes, recipes) that were read and hashed. */
  objects: number;
  /** Their bytes, uncompressed. */
  bytes: number;
  readonly damaged: Problem[];
  readonly missing: Problem[];
}

export function emptyReport(): VerifyReport {
  return { objects: 0, bytes: 0, damaged: [], missing: [] };
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

/** Puts an error into the report; rethrows what says nothing about the store (a full disk, an interrupt). */
export function addProblem(report: VerifyReport, error: unknown, path: string, id?: string): void {
  if (!isDvsError(error)) throw error;
  const list = error.code === 'E_MISSING' ? report.missing : report.damaged;
  if (error.code !== 'E_MISSING' && !isDvsError(error, ...DAMAGE, ...NOT_ALLOWED, 'E_IO')) throw error;
  list.push({ path, pack: packOf(error), id, why: error.message });
}

function packOf(error: DvsError): string | undefined {
  return error.about.find((about) => about.startsWith('packs/'))?.slice('packs/'.length);
}
