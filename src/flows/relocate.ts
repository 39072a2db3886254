import { lstat, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DvsError, ioError, systemCode } from '../base/errors.js';
import { makePath } from '../base/make-path.js';
import { isWithin } from '../entities/path.js';
import { resolveInside } from '../workspace/contain.js';
import { ignoreInGit, showInGit } from '../workspace/gitignore.js';
import { type LockEntry, readLock, updateLock } from '../workspace/lock.js';
import { checkDisjoint, checkEntry } from '../workspace/lock-entry.js';
import { updatePartial } from '../workspace/partial.js';
import { forgetStats } from '../workspace/stat-cache.js';
import { assertHidesNothing } from './commit.js';
import { assertTracked } from './paths.js';
import type { Repository } from './repository.js';

/** A tracked path and where it is now. */
export interface Relocated {
  readonly from: string;
  readonly to: LockEntry;
  /** False when the files lay there already, and only the lock had to follow. */
  readonly isMoved: boolean;
}

/**
 * Moves a tracked path within the workspace, files and lock; its name stays. Files that somebody moved there already are
 * found. E_EXISTS when something lies at the new place, or it is the name of something else.
 */
export async function relocate(
  repo: Repository,
  { from, to, dryRun = false }: { readonly from: string; readonly to: string; readonly dryRun?: boolean },
): Promise<Relocated> {
  const { workspace, approvals } = repo;
  const lock = await readLock(workspace);
  const entry = assertTracked(lock, from);
  const moved = { ...entry, path: to };
  checkEntry(moved);
  if (isWithin(to, from)) {
    throw new DvsError('E_USAGE', `${from} cannot be moved to ${to}, which is the same or lies in it`, {
      about: [from, to],
      hint: 'Name another place.',
    });
  }
  checkDisjoint([...[...lock.keys()].filter((path) => path !== from), to]);
  await repo.store.refresh();
  await assertHidesNothing(repo, to);
  const source = await resolveInside(workspace.root, from);
  const target = await resolveInside(workspace.root, to);
  const isMoved = await isThere(source);
  const isTaken = await isThere(target);
  if (isMoved && isTaken) {
    throw new DvsError('E_EXISTS', `there is something at ${to} already`, {
      about: [to],
      hint: 'Name a path that is free, such as that of a folder to be made.',
    });
  }
  if (!isMoved && !isTaken) {
    throw new DvsError('E_NOT_FOUND', `there is nothing at ${from}, nor at ${to}`, {
      about: [from, to],
      hint: `Bring it back first: \`dvs checkout ${from}\`.`,
    });
  }
  if (dryRun) return { from, to: moved, isMoved };
  if (isMoved) await moveFiles(source, target);
  // The lock comes last: what it names must be ignored by git and known to be a part, whenever this is stopped.
  await ignoreInGit(workspace, to);
  await updatePartial(workspace, (partial) => {
    const part = partial.get(from);
    if (part !== undefined) partial.set(to, part);
  });
  await updateLock(workspace, (entries) => {
    entries.delete(from);
    entries.set(to, moved);
  });
  await updatePartial(workspace, (partial) => partial.delete(from));
  if (await approvals.has({ kind: 'links', path: from })) {
    await approvals.give({ kind: 'links', path: to });
    await approvals.takeBack('links', from);
  }
  forgetStats(workspace, from);
  await showInGit(workspace, from);
  return { from, to: moved, isMoved };
}

async function moveFiles(source: string, target: string): Promise<void> {
  try {
    makePath(dirname(target));
    await rename(source, target);
  } catch (error) {
    throw ioError(error, 'moving', `${source} to ${target}`);
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return false;
    throw ioError(error, 'reading', path);
  }
}
