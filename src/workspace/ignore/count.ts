import type { RawName } from '../list-folder.js';
import { RULE_FILE } from './rule-file.js';

/** How many files (and links) were ignored, and how many folders with all that is in them. */
export interface Ignored {
  readonly files: number;
  readonly folders: number;
}

export const NOTHING_IGNORED: Ignored = { files: 0, folders: 0 };

export function isAnyIgnored({ files, folders }: Ignored): boolean {
  return files + folders > 0;
}

/** Counts what is ignored. */
export class IgnoredCount implements Ignored {
  files = 0;
  folders = 0;
  /** A .dvsignore was among it: it counts, and yet its times are in no stat cache. */
  hasRules = false;

  readonly add = (path: RawName, isFolder: boolean): void => {
    if (isFolder) this.folders++;
    else this.files++;
    if (path.slice(path.lastIndexOf('/') + 1) === RULE_FILE) this.hasRules = true;
  };

  /** Begins again, with what was counted before. */
  reset({ files, folders } = NOTHING_IGNORED): void {
    this.files = files;
    this.folders = folders;
    this.hasRules = false;
  }
}
