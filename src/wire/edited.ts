import type { EditedVersion } from '../flows/edit/edit.js';

export interface EditedView {
  readonly name: string;
  readonly version: number;
  readonly id: string;
  readonly files: number;
  readonly bytes: number;
  readonly newBytes: number;
  readonly storedBytes: number;
  readonly isNew: boolean;
  readonly dryRun: boolean;
  /** How many files, against the version before. */
  readonly added: number;
  readonly removed: number;
  readonly modified: number;
  readonly renamed: number;
  /** The tracked path that follows; null when none does. */
  readonly tracked: string | null;
  /** Why its files were left as they are, or null. */
  readonly left: string | null;
}

/** What `put`, `rm` or `mv` made. */
export function editedView(edited: EditedVersion): EditedView {
  const { name, version, id, files, bytes, newBytes, storedBytes, isNew, dryRun, diff } = edited;
  return {
    name,
    version,
    id: id.toString(),
    files,
    bytes,
    newBytes,
    storedBytes,
    isNew,
    dryRun,
    added: diff.added.length,
    removed: diff.removed.length,
    modified: diff.modified.length,
    renamed: diff.renamed.length,
    tracked: edited.tracked ?? null,
    left: edited.left ?? null,
  };
}
