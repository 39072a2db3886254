import type { VerifyReport } from '../ops/verify/report.js';
import { verifyAll, verifyFrom } from '../ops/verify/verify.js';
import { findTarget } from './references.js';
import type { Repository } from './repository.js';

/**
 * Reads and hashes everything that a reference leads to, or without one the whole store. The report can be read until
 * the repository is closed.
 */
export async function verify(repo: Repository, reference?: string): Promise<VerifyReport> {
  if (reference === undefined) return verifyAll(repo.store, repo.scratch, repo.progress);
  const { id } = await findTarget(repo, reference);
  return verifyFrom(repo.store, { id, label: reference }, repo.scratch, repo.progress);
}
