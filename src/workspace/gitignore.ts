import { dirname, join } from 'node:path';
import { addLine, removeLine } from './line-file.js';
import { exists, type Workspace } from './workspace.js';

/**
 * Makes git ignore a tracked path, by a line in the .gitignore of the workspace's root; nothing is done
 * outside git repositories and when that line is there. Returns whether the file was changed.
 */
export function ignoreInGit(workspace: Workspace, trackedPath: string): Promise<boolean> {
  return addToGitignore(workspace, gitignorePattern(trackedPath));
}

/** The gitignore pattern that matches the workspace-relative `path` and nothing else, folder or file. */
export function gitignorePattern(path: string): string {
  // The slash in front ties it to the root, and spares a leading # or ! its escape.
  return `/${path.replace(/[\\*?[]/g, '\\$&').replace(/ +$/, (spaces) => '\\ '.repeat(spaces.length))}`;
}

/** Takes back what `ignoreInGit` did: removes the lines that match the path and nothing else. */
export async function showInGit(workspace: Workspace, trackedPath: string): Promise<void> {
  await removeLine(workspace, '.gitignore', gitignorePattern(trackedPath));
}

/** Adds a line to the .gitignore of the workspace's root, see `ignoreInGit`. */
export async function addToGitignore(workspace: Workspace, pattern: string): Promise<boolean> {
  return (await isInGit(workspace.root)) && addLine(workspace, '.gitignore', pattern);
}

async function isInGit(root: string): Promise<boolean> {
  for (let folder = root; ; folder = dirname(folder)) {
    if (await exists(join(folder, '.git'))) return true;
    if (folder === dirname(folder)) return false;
  }
}
