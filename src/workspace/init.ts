import { join } from 'node:path';
import { makeFolder, replaceFile } from '../backend/durable.js';
import { utf8 } from '../base/bytes.js';
import { addToGitignore } from './gitignore.js';
import { exists, type Workspace, workspaceAt } from './workspace.js';

const SETTINGS = `# dvs.toml: settings of this workspace that are worth sharing. Keep it in git.
# It never holds credentials; they stay on this machine.
`;

/**
 * Makes the workspace's own part of `.dvs`, a dvs.toml without settings, and git ignore `.dvs`. What is there
 * already stays as it is. The store in `.dvs` is made by `Store.init`.
 */
export async function initWorkspace(root: string): Promise<Workspace> {
  const workspace = workspaceAt(root);
  await makeFolder(workspace.tmpDir);
  await makeFolder(workspace.statDir);
  if (!(await exists(workspace.settingsPath))) await replaceFile(workspace.settingsPath, utf8(SETTINGS));
  await addToGitignore(workspace, '/.dvs/');
  // Also where git comes later, or .gitignore is lost: a store must never end up in git.
  const ignoreAll = join(workspace.storeDir, '.gitignore');
  if (!(await exists(ignoreAll))) await replaceFile(ignoreAll, utf8('*\n'));
  return workspace;
}
