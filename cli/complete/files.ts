import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Candidate, MOST } from './candidate.js';

/** Files and folders that a path which was begun may mean; folders alone for `onlyFolders`. Nothing where none can be read. */
export async function completeFile(cwd: string, typed: string, onlyFolders: boolean): Promise<Candidate[]> {
  const slash = typed.lastIndexOf('/') + 1;
  const [folder, start] = [typed.slice(0, slash), typed.slice(slash)];
  const place = resolve(
    cwd,
    folder.replace(/^~(?=\/)/, () => home()),
  );
  const found: Candidate[] = [];
  try {
    for (const entry of await readdir(place, { withFileTypes: true })) {
      const { name } = entry;
      if (!name.startsWith(start) || (name.startsWith('.') && start === '')) continue;
      const isFolder =
        entry.isDirectory() || (entry.isSymbolicLink() && (await isFolderAt(join(place, name))));
      if (!isFolder && onlyFolders) continue;
      found.push({ text: `${folder}${name}${isFolder ? '/' : ''}`, isFinal: !isFolder });
      if (found.length === MOST) break;
    }
  } catch {
    // There is no such folder, or not for this user: nothing can be offered.
  }
  return found.sort((a, b) => (a.text < b.text ? -1 : 1));
}

async function isFolderAt(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

function home(): string {
  const { HOME } = process.env;
  return HOME ?? '~';
}
