import { toWorkspacePath } from '../workspace/contain.js';
import type { LockEntry } from '../workspace/lock.js';
import type { Repository } from './repository.js';

/** Arguments that are paths, relative to `cwd`, as paths in the workspace. */
export async function toWorkspacePaths(
  { workspace }: Repository,
  cwd: string,
  paths: readonly string[],
): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) found.push(await toWorkspacePath(workspace, cwd, path));
  return found;
}

/** What to put before the paths of a tracked dataset to get paths in the workspace: a folder with its slash, or ''. */
export function folderOf({ path, type }: Pick<LockEntry, 'path' | 'type'>): string {
  return type === 'folder' ? `${path}/` : path.slice(0, path.lastIndexOf('/') + 1);
}

/** A test for paths in the workspace, as one for the paths of a tracked dataset. */
export function inWorkspace(
  tracked: Pick<LockEntry, 'path' | 'type'>,
  chosen: (path: string) => boolean,
): (path: string) => boolean {
  const folder = folderOf(tracked);
  return (path) => chosen(folder + path);
}
