import { isDvsError } from '../base/errors.js';
import type { CID } from '../id/cid.js';
import { addFinding, addProblem, countProblems, type VerifyReport } from '../ops/verify/report.js';
import { verifyAll, verifyFrom } from '../ops/verify/verify.js';
import { findTarget } from './references.js';
import type { Repository } from './repository.js';

/**
 * Reads and hashes everything that a reference leads to, or without one the whole store; then makes what was computed from
 * other things once more: samples, splits and permutations must come out the same. The report can be read until the
 * repository is closed.
 */
export async function verify(repo: Repository, reference?: string): Promise<VerifyReport> {
  const computed: Computed[] = [];
  const seen = (id: CID, kind: string, label: string): void => {
    if (RECOMPUTED.includes(kind)) computed.push({ id, kind, label });
  };
  const report = await read(repo, reference, seen);
  // What is damaged cannot be made again, and was told already.
  if (countProblems(report) > 0) return report;
  for (const one of computed) {
    await repo.closingAfter(() => compare(repo, one, report));
    report.recomputed++;
  }
  return report;
}

/** Kinds of entities that others determine: what makes them again is loaded only when there are some. */
const RECOMPUTED = ['samples', 'split', 'permutation'];

/** An entity that other entities determine. */
interface Computed {
  readonly id: CID;
  readonly kind: string;
  readonly label: string;
}

async function read(
  repo: Repository,
  reference: string | undefined,
  seen: (id: CID, kind: string, label: string) => void,
): Promise<VerifyReport> {
  if (reference === undefined) return verifyAll(repo.store, repo.scratch, repo.progress, seen);
  const { id } = await findTarget(repo, reference);
  return verifyFrom(repo.store, { id, label: reference }, repo.scratch, repo.progress, seen);
}

async function compare(repo: Repository, { id, kind, label }: Computed, report: VerifyReport): Promise<void> {
  const told = (why: string): void =>
    addFinding(report, { isMissing: false, pack: undefined, id: id.toString(), why }, label);
  try {
    const { recompute } = await import('./verify/recompute.js');
    const why = await recompute(repo, kind, id);
    if (why !== undefined) told(why);
  } catch (error) {
    if (isDvsError(error, 'E_DATA', 'E_USAGE')) told(`it cannot be made again: ${error.message}`);
    else addProblem(report, error, label, id.toString());
  }
}
