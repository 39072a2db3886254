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
  /** Files and links that a .dvsignore has left out. */
  readonly ignoredFiles: number;
  /** Folders that one has left out, with all that is in them. */
  readonly ignoredFolders: number;
  /** How many files, against the version before. */
  readonly added: number;
  readonly removed: number;
  readonly modified: number;
  readonly renamed: number;
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
  const views = versions.map(addedView);
  const [only, second] = views;
  if (only !== undefined && second === undefined) return { ...only, ...totals };
  const newBytes = views.reduce((sum, view) => sum + view.newBytes, 0);
  return { versions: views, newBytes, ...totals };
}

/** The versions one by one, then the totals. */
export function* addLines(result: AddResult): Generator<object> {
  const { versions, storedBytes, dryRun } = result;
  let newBytes = 0;
  for (const version of versions) {
    newBytes += version.newBytes;
    yield { line: 'version', ...addedView(version) };
  }
  yield { line: 'total', newBytes, storedBytes, dryRun };
}

function addedView({
  path,
  name,
  version,
  id,
  files,
  bytes,
  newBytes,
  isNew,
  ignored,
  diff,
}: AddedVersion): AddedView {
  return {
    path,
    name,
    version,
    id: id.toString(),
    files,
    bytes,
    newBytes,
    isNew,
    ignoredFiles: ignored.files,
    ignoredFolders: ignored.folders,
    added: diff?.added.length ?? (isNew ? files : 0),
    removed: diff?.removed.length ?? 0,
    modified: diff?.modified.length ?? 0,
    renamed: diff?.renamed.length ?? 0,
  };
}
