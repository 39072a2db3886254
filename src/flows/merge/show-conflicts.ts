import type { Conflict } from '../../ops/merge/conflicts.js';
import type { LockEntry } from '../../workspace/lock.js';
import { literalPattern } from '../../workspace/patterns.js';
import type { Repository } from '../repository.js';
import { keepView, makeView, patternsInWorkspace, viewOf } from '../view.js';

/**
 * Takes the files of conflicts into what is checked out of a tracked path, where that is not all of it: the next checkout
 * brings them, and somebody can decide.
 */
export async function showConflicts(
  repo: Repository,
  tracked: LockEntry,
  conflicts: readonly Conflict[],
): Promise<void> {
  const view = await viewOf(repo, tracked);
  if (view === undefined) return;
  const files = conflicts.flatMap(({ path, kept, beside }) => [
    ...(kept === 'folder' ? [] : [path]),
    ...(beside === undefined ? [] : [beside]),
  ]);
  const hidden = files.filter((path) => !view.covers(path)).map(literalPattern);
  if (hidden.length === 0) return;
  await keepView(
    repo,
    tracked,
    makeView(tracked, [...view.patterns, ...patternsInWorkspace(tracked, hidden)]),
  );
}
