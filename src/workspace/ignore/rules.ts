import type { RawName } from '../list-folder.js';
import type { Pattern } from './pattern.js';

/** The patterns of one .dvsignore, and those of the folders above it. */
export interface Rules {
  readonly above: Rules | undefined;
  /** The folder's path in the workspace with a `/`; empty for the workspace itself. */
  readonly folder: RawName;
  readonly patterns: readonly Pattern[];
}

/** The pattern that decides about a path. */
export interface Match {
  readonly folder: RawName;
  readonly pattern: Pattern;
}

/**
 * The last pattern that matches a path in the workspace, those of deeper folders before those above: undefined when
 * none does. It says nothing of the folders that the path lies in: in one that is ignored everything is.
 */
export function lastMatch(rules: Rules | undefined, path: RawName, isFolder: boolean): Match | undefined {
  const nameAt = path.lastIndexOf('/') + 1;
  for (let at = rules; at !== undefined; at = at.above) {
    const { folder, patterns } = at;
    const pattern = patterns.findLast(
      (one) => (isFolder || !one.isForFolders) && one.matches(path, folder.length, nameAt),
    );
    if (pattern !== undefined) return { folder, pattern };
  }
  return undefined;
}

/** Whether rules say that what lies at a path is to be ignored. */
export function isIgnored(rules: Rules | undefined, path: RawName, isFolder: boolean): boolean {
  if (rules === undefined) return false;
  return lastMatch(rules, path, isFolder)?.pattern.isNegative === false;
}
