import { appendFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { replaceFile } from '../backend/durable.js';
import { asBuffer } from '../base/bytes.js';
import { ioError } from '../base/errors.js';
import { exclusive } from './exclusive.js';
import { readSmallFile } from './small-file.js';
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
  const path = join(workspace.root, '.gitignore');
  const unwanted = Buffer.from(gitignorePattern(trackedPath)).toString('latin1');
  await exclusive(join(workspace.tmpDir, 'gitignore.lock'), async () => {
    const before = asBuffer((await readSmallFile(path)) ?? new Uint8Array()).toString('latin1');
    const after = before
      .split(/(?<=\n)/)
      .filter((line) => line.replace(/\r?\n$/, '') !== unwanted)
      .join('');
    if (after !== before) await replaceFile(path, Buffer.from(after, 'latin1'), workspace.tmpDir);
  });
}

/** Adds a line to the .gitignore of the workspace's root, see `ignoreInGit`. */
export async function addToGitignore(workspace: Workspace, pattern: string): Promise<boolean> {
  if (!(await isInGit(workspace.root))) return false;
  return exclusive(join(workspace.tmpDir, 'gitignore.lock'), async () => {
    const path = join(workspace.root, '.gitignore');
    const before = (await readSmallFile(path)) ?? new Uint8Array();
    // As bytes: a file in an old encoding must come out as it went in.
    const lines = asBuffer(before).toString('latin1').split('\n');
    const wanted = Buffer.from(pattern).toString('latin1');
    if (lines.some((line) => line.replace(/\r$/, '') === wanted)) return false;
    const lineEnd = lines.length > 1 && lines[0]?.endsWith('\r') ? '\r\n' : '\n';
    const gap = before.length === 0 || lines.at(-1) === '' ? '' : lineEnd;
    // Appended, not replaced: nothing that was there can be lost.
    try {
      await appendFile(path, gap + pattern + lineEnd);
    } catch (error) {
      throw ioError(error, 'writing', path);
    }
    return true;
  });
}

async function isInGit(root: string): Promise<boolean> {
  for (let folder = root; ; folder = dirname(folder)) {
    if (await exists(join(folder, '.git'))) return true;
    if (folder === dirname(folder)) return false;
  }
}
