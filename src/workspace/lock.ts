import { join } from 'node:path';
import { replaceFile } from '../backend/durable.js';
import { utf8 } from '../base/bytes.js';
import { exclusive } from './exclusive.js';
import type { LockEntry } from './lock-entry.js';
import { formatLock, parseLock } from './lock-format.js';
import { readSmallText } from './small-file.js';
import type { Workspace } from './workspace.js';

export type { LockEntry } from './lock-entry.js';

/** What the workspace tracks, by path in byte order; nothing when there is no dvs.lock. See `parseLock`. */
export async function readLock(workspace: Workspace): Promise<Map<string, LockEntry>> {
  const text = await readSmallText(workspace.lockPath);
  return text === undefined ? new Map() : parseLock(text);
}

/**
 * Lets `change` edit the entries of dvs.lock, keyed by path, while nobody else does, and replaces the file in
 * one step unless nothing changed. Refuses what could not be read again; then the file stays as it was.
 */
export async function updateLock(
  workspace: Workspace,
  change: (entries: Map<string, LockEntry>) => void,
): Promise<void> {
  await exclusive(join(workspace.tmpDir, 'dvs.lock'), async () => {
    const entries = await readLock(workspace);
    const before = formatLock(entries.values());
    change(entries);
    const after = formatLock(entries.values());
    if (after !== before) await replaceFile(workspace.lockPath, utf8(after), workspace.tmpDir);
  });
}
