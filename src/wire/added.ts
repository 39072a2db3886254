import type { AddedVersion, AddResult } from '../flows/add.js';

export interface AddedView {
  readonly path: string;
  readonly name: string;
  readonly version: number;
  readonly id: string;
  readonly files: number;
  readonly bytes: number;
  readonly newBytes: number;
  readonly isNew: boolean;
  /** How many files, against the version before; null where that was not compared, in a dry run. */
  readonly added: number | null;
  readonly removed: number | null;
  readonly modified: number | null;
  readonly renamed: number | null;
}

interface Totals {
  readonly storedBytes: number;
  readonly dryRun: boolean;
}

/** What an `add` made: one version with the totals, or several in a list. */
export function addView({
  versions,
  storedBytes,
  dryRun,
}: AddResult): (AddedView & Totals) | ({ versions: AddedView[]; newBytes: number } & Totals) {
  const totals = { storedBytes, dryRun };
  const views = versions.map((version) => addedView(version, dryRun));
  const [only, second] = views;
  if (only !== undefined && second === undefined) return { ...only, ...totals };
  const newBytes = views.reduce((sum, view) => sum + view.newBytes, 0);
  return { versions: views, newBytes, ...totals };
}

function addedView({ id, ...added }: AddedVersion, dryRun: boolean): AddedView {
  const { path, name, version, files, bytes, newBytes, isNew } = added;
  return {
    path,
    name,
    version,
    id: id.toString(),
    files,
    bytes,
    newBytes,
    isNew,
    ...counts(added, dryRun),
  };
}

function counts(
  { diff, isNew, files }: Pick<AddedVersion, 'diff' | 'isNew' | 'files'>,
  dryRun: boolean,
): Pick<AddedView, 'added' | 'removed' | 'modified' | 'renamed'> {
  if (diff !== undefined) {
    const { added, removed, modified, renamed } = diff;
    return {
      added: added.length,
      removed: removed.length,
      modified: modified.length,
      renamed: renamed.length,
    };
  }
  if (isNew && dryRun) return { added: null, removed: null, modified: null, renamed: null };
  return { added: isNew ? files : 0, removed: 0, modified: 0, renamed: 0 };
}
