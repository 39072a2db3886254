import { rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ensureFolder, makeFolders } from '../backend/durable.js';
import { sizeOf } from '../backend/files.js';
import { ioError } from '../base/errors.js';
import { ownedName } from '../base/owner.js';
import { addToGitignore } from './gitignore.js';
import { exists, type Workspace, workspaceAt } from './workspace.js';

const SETTINGS = `# dvs.toml: settings of this workspace that are worth sharing. Keep it in git.
# It never holds credentials; they stay on this machine.
`;

/**
 * Makes the workspace's own part of `.dvs`, a dvs.toml without settings, and git ignore `.dvs`. What is there
 * already stays as it is. The store is made by `Store.init`.
 */
export async function initWorkspace(root: string): Promise<Workspace> {
  const workspace = workspaceAt(root);
  await makeFolders(workspace.root, [basename(workspace.ownDir)]);
  await ensureFolder(workspace.tmpDir);
  await putText(workspace.tmpDir, workspace.settingsPath, SETTINGS);
  await addToGitignore(workspace, '/.dvs/');
  await keepFromGit(workspace.ownDir, workspace.tmpDir);
  return workspace;
}

/** Also where git comes later, or .gitignore is lost: what is in this folder must never end up in git. */
export async function keepFromGit(folder: string, tmpDir: string): Promise<void> {
  await putText(tmpDir, join(folder, '.gitignore'), '*\n');
}

/**
 * Puts a file where there is none. Nobody waits for the disk, because nothing is lost with it: after a power cut it
 * may be empty, and counts as none when somebody inits again.
 */
async function putText(tmpDir: string, path: string, text: string): Promise<void> {
  if ((await exists(path)) && (await sizeOf(path)) !== 0) return;
  const staged = join(tmpDir, ownedName());
  try {
    await writeFile(staged, text, { flag: 'wx' });
    await rename(staged, path);
  } catch (error) {
    await rm(staged, { force: true });
    throw ioError(error, 'writing', path);
  }
}
