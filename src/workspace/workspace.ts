import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ioError, systemCode } from '../base/errors.js';
import { readStoreNote, type StoreNote } from './store-note.js';

/** The folder that people work in, and where its parts lie. All paths are absolute. */
export interface Workspace {
  readonly root: string;
  /** `.dvs`: what belongs to this checkout alone, and the store unless that lies elsewhere. */
  readonly ownDir: string;
  /** Where packs, log and catalogue lie: `.dvs`, or the folder that `note` names. */
  readonly storeDir: string;
  /** What this workspace remembers of a store elsewhere; undefined when its store is in `.dvs`. */
  readonly note: StoreNote | undefined;
  /** `dvs.lock`: which path is at which version. */
  readonly lockPath: string;
  /** `dvs.toml`: settings worth sharing. */
  readonly settingsPath: string;
  /** Settings of this workspace on this machine. */
  readonly configPath: string;
  /** For files under way that will be renamed into the workspace. */
  readonly tmpDir: string;
  /** For files under way that will be renamed into the store. */
  readonly spoolDir: string;
  /** Of the stat caches, one for each tracked path. */
  readonly statDir: string;
  /** Which files of tracked paths are checked out here, where that is not all. */
  readonly partialPath: string;
  /** Which tracked paths git has merged whose files are still those from before. */
  readonly mergedPath: string;
}

/** The workspace with this root, whether it exists or not; with `note`, its store is elsewhere. */
export function workspaceAt(root: string, note?: StoreNote): Workspace {
  const ownDir = join(resolve(root), '.dvs');
  const storeDir = note?.path ?? ownDir;
  return {
    root: resolve(root),
    ownDir,
    storeDir,
    note,
    lockPath: join(resolve(root), 'dvs.lock'),
    settingsPath: join(resolve(root), 'dvs.toml'),
    configPath: join(ownDir, 'config.toml'),
    tmpDir: join(ownDir, 'tmp'),
    spoolDir: join(storeDir, 'tmp'),
    statDir: join(ownDir, 'stat'),
    partialPath: join(ownDir, 'partial.json'),
    mergedPath: join(ownDir, 'merged.lock'),
  };
}

/**
 * The workspace that the folder `from` lies in: the nearest at or above it with a `.dvs` that holds a store,
 * says where one is, or has `dvs.toml` or `dvs.lock` beside it. A `.dvs` alone, such as that in a home folder, is
 * none. E_DAMAGED, E_UNSAFE when what it says about its store cannot be relied on.
 */
export async function findWorkspace(from: string): Promise<Workspace | undefined> {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const found = workspaceAt(folder);
    if (await exists(found.ownDir)) {
      const note = await readStoreNote(found.ownDir);
      if (note !== undefined) return workspaceAt(folder, note);
      if ((await exists(join(found.ownDir, 'format'))) || (await isShared(found))) return found;
    }
    if (folder === dirname(folder)) return undefined;
  }
}

/** The nearest folder at or above `from` that has what git carries of a workspace. */
export async function findShared(from: string): Promise<Workspace | undefined> {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const found = workspaceAt(folder);
    if (await isShared(found)) return found;
    if (folder === dirname(folder)) return undefined;
  }
}

async function isShared({ settingsPath, lockPath }: Workspace): Promise<boolean> {
  return (await exists(settingsPath)) || (await exists(lockPath));
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
