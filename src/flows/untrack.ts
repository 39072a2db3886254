import { DvsError } from '../base/errors.js';
import { showInGit } from '../workspace/gitignore.js';
import { type LockEntry, readLock, updateLock } from '../workspace/lock.js';
import { readPartial, updatePartial } from '../workspace/partial.js';
import { forgetStats } from '../workspace/stat-cache.js';
import { assertTracked } from './paths.js';
import type { Repository } from './repository.js';

/** A path that is no longer tracked. */
export interface Untracked extends LockEntry {
  /** What of it is on disk, as patterns for paths in the dataset, where that is not all. */
  readonly partial: readonly string[] | undefined;
}

/** Tracks paths no longer: their files and all their versions stay. E_NOT_FOUND for what is not tracked. */
export async function untrack(
  { workspace, approvals }: Repository,
  { paths, dryRun = false }: { readonly paths: readonly string[]; readonly dryRun?: boolean },
): Promise<Untracked[]> {
  if (paths.length === 0) {
    throw new DvsError('E_USAGE', 'name what to track no longer', {
      hint: '`dvs status` lists what is tracked.',
    });
  }
  const lock = await readLock(workspace);
  for (const path of paths) assertTracked(lock, path);
  const parts = await readPartial(workspace);
  const untracked = [...lock.values()]
    .filter(({ path }) => paths.includes(path))
    .map((entry) => ({ ...entry, partial: parts.get(entry.path)?.patterns }));
  if (dryRun) return untracked;
  await updateLock(workspace, (entries) => {
    for (const { path } of untracked) entries.delete(path);
  });
  await updatePartial(workspace, (partial) => {
    for (const { path } of untracked) partial.delete(path);
  });
  for (const { path } of untracked) {
    forgetStats(workspace, path);
    // Somebody else may track something else there, some day.
    for (const kind of ['links', 'root'] as const) await approvals.takeBack(kind, path);
    await showInGit(workspace, path);
  }
  return untracked;
}
