import { dirname } from 'node:path';
import { replaceFile } from '../backend/durable.js';
import { utf8 } from '../base/bytes.js';
import { DvsError, isDvsError } from '../base/errors.js';
import type { LockEntry } from '../workspace/lock.js';
import { formatLock, parseLock } from '../workspace/lock-format.js';
import { type BothMoved, type LockConflict, mergeLocks } from '../workspace/lock-merge.js';
import { noteMerged } from '../workspace/merged.js';
import { readSmallText } from '../workspace/small-file.js';
import { versionOf } from './commit.js';
import { type MergedVersion, recordMerge } from './merge/record.js';
import { showConflicts } from './merge/show-conflicts.js';
import { hasDataset } from './references.js';
import { Repository, type Surroundings } from './repository.js';
import { openAt } from './workspace-at.js';

/** Absolute paths, as git hands them to a merge driver. */
export interface LockFiles {
  readonly base: string;
  /** Gets the result. */
  readonly ours: string;
  readonly theirs: string;
  /** Where the `dvs.lock` that is merged lies in the working tree: beside the store. */
  readonly lockPath: string;
}

/** A tracked path whose dataset was merged. */
export interface MergedPath extends MergedVersion {
  readonly path: string;
}

/** A conflict in the lock, and how to go on with it. */
export interface UnmergedPath extends LockConflict {
  /** Why its dataset was not merged, if that was tried. */
  readonly why: string | undefined;
  /** A reference to what the other side has; undefined where there is nothing, or the store has not got it. */
  readonly reference: string | undefined;
}

/** What was merged in a `dvs.lock`, and what is left to decide. */
export interface MergedLock {
  /** True when nothing is left to decide. */
  readonly clean: boolean;
  readonly merged: readonly MergedPath[];
  readonly conflicts: readonly UnmergedPath[];
}

/**
 * git's merge driver for `dvs.lock`: merges by tracked path, and where both sides have another version of one, the
 * datasets themselves, whose result is recorded and locked. What is written is a lock that can be read, also when
 * conflicts are left: then datasets hold both files, and of a path that cannot be merged ours stays.
 */
export async function mergeLockFiles(files: LockFiles, surroundings: Surroundings): Promise<MergedLock> {
  const { entries, moved, conflicts } = mergeLocks({
    base: await readSide(files.base, 'the common past'),
    ours: await readSide(files.ours, 'ours'),
    theirs: await readSide(files.theirs, 'theirs'),
  });
  const store = await openStore(dirname(files.lockPath), surroundings);
  const merged: MergedPath[] = [];
  const unmerged: UnmergedPath[] = [];
  try {
    for (const conflict of conflicts) unmerged.push(await told(store, conflict, undefined));
    for (const both of moved) {
      const { entry } = both;
      try {
        const version = await mergeMoved(store, both);
        merged.push({ ...version, path: entry.path });
        const now = { ...entry, id: version.id };
        entries.set(entry.path, now);
        if (store instanceof Repository) {
          await showConflicts(store, now, version.id, version.conflicts);
          await noteMerged(store.workspace, [now]);
        }
      } catch (error) {
        if (!isDvsError(error)) throw error;
        const kind = both.base === undefined ? 'both added' : 'both modified';
        const theirs = { ...entry, id: both.theirs };
        unmerged.push(await told(store, { path: entry.path, kind, theirs }, error.message));
      }
    }
  } finally {
    if (store instanceof Repository) await store.close();
  }
  await replaceFile(files.ours, utf8(formatLock(entries.values())));
  const clean = unmerged.length === 0 && merged.every(({ conflicts }) => conflicts.length === 0);
  return { clean, merged, conflicts: unmerged };
}

async function readSide(path: string, whose: string): Promise<Map<string, LockEntry>> {
  const text = (await readSmallText(path)) ?? '';
  if (text === '') return new Map(); // git's way to say that there was no such file
  try {
    return parseLock(text);
  } catch (error) {
    if (!isDvsError(error)) throw error;
    throw new DvsError(error.code, `dvs.lock of ${whose}: ${error.message}`, {
      cause: error,
      about: error.about,
      hint: 'Take one side whole with `git checkout --ours dvs.lock` or `--theirs`, then `git add dvs.lock`.',
    });
  }
}

/** The store, or why there is none to ask. */
async function openStore(root: string, surroundings: Surroundings): Promise<Repository | DvsError> {
  try {
    return await openAt(root, surroundings);
  } catch (error) {
    if (isDvsError(error)) return error;
    throw error;
  }
}

async function mergeMoved(
  store: Repository | DvsError,
  { entry, base, theirs }: BothMoved,
): Promise<MergedVersion> {
  if (!(store instanceof Repository)) throw store;
  await store.store.refresh();
  for (const id of [base, entry.id, theirs]) {
    if (id === undefined || (await hasDataset(store, id))) continue;
    throw new DvsError('E_NOT_FOUND', `this store has no ${id}`);
  }
  const isSingle = entry.type === 'file';
  const message = 'merged by git';
  return recordMerge(store, { name: entry.name, base, ours: entry.id, theirs, isSingle, message });
}

async function told(
  store: Repository | DvsError,
  conflict: LockConflict,
  why: string | undefined,
): Promise<UnmergedPath> {
  const { theirs } = conflict;
  const reference = theirs && store instanceof Repository ? await referenceTo(store, theirs) : undefined;
  return { ...conflict, why, reference };
}

/** How the store knows a version: as one of its name, or by its ID. */
async function referenceTo(repo: Repository, { name, id }: LockEntry): Promise<string | undefined> {
  await repo.store.refresh();
  if (!(await hasDataset(repo, id))) return undefined;
  const version = await versionOf(repo, name, id);
  return version === undefined ? id.toString() : `${name}:v${version}`;
}
