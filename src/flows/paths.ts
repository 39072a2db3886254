import { DvsError, isDvsError } from '../base/errors.js';
import { toWorkspacePath } from '../workspace/contain.js';
import { type LockEntry, readLock } from '../workspace/lock.js';
import { literalPattern } from '../workspace/patterns.js';
import type { Workspace } from '../workspace/workspace.js';
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

/** The tracked path that an argument, relative to `cwd`, is; undefined when it is none. */
export async function findTracked(
  { workspace }: Repository,
  cwd: string,
  argument: string,
): Promise<string | undefined> {
  try {
    const path = await toWorkspacePath(workspace, cwd, argument);
    return (await readLock(workspace)).has(path) ? path : undefined;
  } catch (error) {
    if (isDvsError(error, 'E_PATH', 'E_PATH_RESERVED')) return undefined;
    throw error;
  }
}

/** Patterns that are written in the folder `cwd`, as patterns for paths in the workspace. */
export async function toWorkspacePatterns(
  { workspace }: Repository,
  cwd: string,
  patterns: readonly string[],
): Promise<string[]> {
  const folder = patterns.length === 0 ? '' : await folderInWorkspace(workspace, cwd);
  return patterns.map((pattern) =>
    folder === '' ? pattern : `${literalPattern(folder)}/${pattern.replace(/^\.\//, '')}`,
  );
}

/** The path of a folder in the workspace; empty for its root, and for what lies elsewhere. */
async function folderInWorkspace(workspace: Workspace, folder: string): Promise<string> {
  try {
    return await toWorkspacePath(workspace, folder, '.');
  } catch (error) {
    if (isDvsError(error, 'E_PATH', 'E_PATH_RESERVED')) return '';
    throw error;
  }
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

/** The entry of a tracked path; E_NOT_FOUND for any other. */
export function assertTracked(lock: ReadonlyMap<string, LockEntry>, path: string): LockEntry {
  const entry = lock.get(path);
  if (entry !== undefined) return entry;
  const around = [...lock.keys()].find((tracked) => path.startsWith(`${tracked}/`));
  throw new DvsError('E_NOT_FOUND', `${path} is not a tracked path`, {
    about: [path],
    hint:
      around === undefined
        ? 'Run `dvs status` without a path to see what is tracked.'
        : `It lies in ${around}: \`dvs diff -- ${path}\` compares only that.`,
  });
}
