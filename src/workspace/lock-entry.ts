import { DvsError } from '../base/errors.js';
import { checkName } from '../base/names.js';
import { checkPath } from '../entities/path.js';
import { type CID, isContentId } from '../id/cid.js';

/** The key of dvs.lock that is no path. */
export const VERSION_KEY = 'version';

/** Files at the root of a workspace that a checkout must never touch. */
const OWN_FILES = new Set(['dvs.lock', 'dvs.toml']);

/** A tracked path and the version it is at. */
export interface LockEntry {
  /** Relative to the workspace's root, with `/`. */
  readonly path: string;
  readonly name: string;
  /** Of the dataset. */
  readonly id: CID;
  /** A file's dataset has one entry: the base name of `path`. */
  readonly type: 'folder' | 'file';
  /** `followed`: what links in it lead to is stored instead of them, where this user approved that. */
  readonly links?: 'followed' | undefined;
}

/** Refuses what cannot be tracked: a path (E_PATH, E_PATH_RESERVED), name (E_USAGE) or ID (E_CID). */
export function checkEntry({ path, name, id }: LockEntry): void {
  checkPath(path);
  if (OWN_FILES.has(path.toLowerCase())) {
    throw new DvsError('E_PATH_RESERVED', `${path} belongs to dvs itself and cannot be tracked`, {
      about: [path],
      hint: 'Keep it in git.',
    });
  }
  if (path === VERSION_KEY) {
    throw new DvsError('E_PATH', `the path ${path} at the root of a workspace cannot be tracked`, {
      about: [path],
      hint: 'Give it another name, or put it into a folder.',
    });
  }
  checkName(name);
  if (isContentId(id)) {
    throw new DvsError('E_CID', `the ID of ${path} is that of a content, not of a dataset`, {
      about: [path, id.toString()],
    });
  }
}

/** Refuses (E_PATH) tracked paths of which one lies beneath another or is there twice. */
export function checkDisjoint(paths: readonly string[]): void {
  const seen = new Set<string>();
  for (const path of paths) {
    if (seen.has(path)) throw clash(path, path);
    seen.add(path);
  }
  for (const path of paths) {
    for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) {
      const above = path.slice(0, at);
      if (seen.has(above)) throw clash(above, path);
    }
  }
}

function clash(above: string, path: string): DvsError {
  const what = above === path ? `${path} is tracked twice` : `${path} lies in ${above}, which is tracked`;
  return new DvsError('E_PATH', what, {
    about: [above, path],
    hint: 'Track either the folder or what is in it.',
  });
}
