import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../backend/durable.js';
import { utf8 } from '../base/bytes.js';
import { DvsError, isDvsError } from '../base/errors.js';
import { overlap } from '../entities/path.js';
import { exclusive } from './exclusive.js';
import type { LockEntry } from './lock-entry.js';
import { formatLock, parseLock } from './lock-format.js';
import { readSmallText } from './small-file.js';
import type { Workspace } from './workspace.js';

/**
 * The tracked paths for which git merged `dvs.lock` and whose files were not brought to that version since: what lies
 * there is from before the merge. An entry counts as long as the lock has the same ID. The file has the form of a lock.
 */
export async function readMerged({ mergedPath }: Workspace): Promise<Map<string, LockEntry>> {
  const text = await readSmallText(mergedPath);
  try {
    return text === undefined ? new Map() : parseLock(text);
  } catch (cause) {
    if (!isDvsError(cause)) throw cause;
    throw new DvsError(cause.code, `${mergedPath}, which says what git merged, cannot be read`, {
      cause,
      about: [mergedPath],
      hint: 'Remove that file, and run `dvs checkout` before you add what git merged.',
    });
  }
}

/** Notes paths that git has just merged. */
export async function noteMerged(workspace: Workspace, merged: readonly LockEntry[]): Promise<void> {
  if (merged.length === 0) return;
  await update(workspace, (entries) => {
    for (const entry of merged) {
      for (const old of entries.keys()) if (overlap(old, entry.path)) entries.delete(old);
      entries.set(entry.path, entry);
    }
  });
}

/** Notes that the files of a path are those of its version. */
export async function forgetMerged(workspace: Workspace, path: string): Promise<void> {
  if ((await readMerged(workspace)).has(path)) await update(workspace, (entries) => entries.delete(path));
}

async function update(
  workspace: Workspace,
  change: (entries: Map<string, LockEntry>) => void,
): Promise<void> {
  const { mergedPath, tmpDir } = workspace;
  await exclusive(join(tmpDir, 'merged.lock'), async () => {
    const entries = await readMerged(workspace);
    change(entries);
    if (entries.size === 0) await rm(mergedPath, { force: true });
    else await replaceFile(mergedPath, utf8(formatLock(entries.values())), tmpDir);
  });
}
