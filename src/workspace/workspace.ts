import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ioError, systemCode } from '../base/errors.js';

/** The folder that people work in, and where its parts lie. All paths are absolute. */
export interface Workspace {
  readonly root: string;
  /** `.dvs`: the local store, and what belongs to this checkout alone. */
  readonly storeDir: string;
  /** `dvs.lock`: which path is at which version. */
  readonly lockPath: string;
  /** `dvs.toml`: settings worth sharing. */
  readonly settingsPath: string;
  readonly tmpDir: string;
  /** Of the stat caches, one for each tracked path. */
  readonly statDir: string;
  /** Which files of tracked paths are checked out here, where that is not all. */
  readonly partialPath: string;
}

/** The workspace with this root, whether it exists or not. */
export function workspaceAt(root: string): Workspace {
  const storeDir = join(resolve(root), '.dvs');
  return {
    root: resolve(root),
    storeDir,
    lockPath: join(resolve(root), 'dvs.lock'),
    settingsPath: join(resolve(root), 'dvs.toml'),
    tmpDir: join(storeDir, 'tmp'),
    statDir: join(storeDir, 'stat'),
    partialPath: join(storeDir, 'partial.json'),
  };
}

/**
 * The workspace that the folder `from` lies in: the nearest at or above it with a `.dvs` that holds a store
 * or has `dvs.toml` or `dvs.lock` beside it. A `.dvs` alone, such as that in a home folder, is none.
 */
export async function findWorkspace(from: string): Promise<Workspace | undefined> {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const found = workspaceAt(folder);
    if (await isWorkspace(found)) return found;
    if (folder === dirname(folder)) return undefined;
  }
}

async function isWorkspace({ storeDir, settingsPath, lockPath }: Workspace): Promise<boolean> {
  if (!(await exists(storeDir))) return false;
  for (const path of [join(storeDir, 'format'), settingsPath, lockPath]) {
    if (await exists(path)) return true;
  }
  return false;
}

/** True when something lies at `path`. */
export async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw ioError(error, 'reading', path);
  }
}
