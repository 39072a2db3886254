import type { CID } from '../../id/cid.js';
import type { Conflict } from '../../ops/merge/conflicts.js';
import type { LockEntry } from '../../workspace/lock.js';
import { literalPattern } from '../../workspace/patterns.js';
import type { Repository } from '../repository.js';
import { noteMore, viewOf } from '../view.js';

/**
 * Has the files of conflicts come with the merged version where a tracked path is checked out in part, so that somebody can
 * decide. Until that version is brought, nothing changes: a merge may be given up.
 */
export async function showConflicts(
  repo: Repository,
  tracked: LockEntry,
  merged: CID,
  conflicts: readonly Conflict[],
): Promise<void> {
  const view = await viewOf(repo, tracked);
  if (view === undefined) return;
  const files = conflicts.flatMap(({ path, kept, beside }) => [
    ...(kept === 'folder' ? [] : [path]),
    ...(beside === undefined ? [] : [beside]),
  ]);
  const hidden = files.filter((path) => !view.covers(path)).map(literalPattern);
  if (hidden.length > 0) await noteMore(repo, tracked, merged, hidden);
}
