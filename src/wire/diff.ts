import type { NamedDiff } from '../flows/diff.js';
import type { DatasetDiff } from '../ops/diff/diff.js';
import { type EntryView, entryView } from './entry.js';

export interface DiffView {
  readonly added: readonly PathView[];
  readonly removed: readonly PathView[];
  readonly modified: readonly ModifiedView[];
  readonly renamed: readonly RenamedView[];
}

type PathView = EntryView & { readonly path: string };
type RenamedView = PathView & { readonly from: string };

interface ModifiedView {
  readonly path: string;
  readonly before: EntryView;
  readonly after: EntryView;
}

/** A difference. `folder`, which ends with a slash unless empty, is put before its paths. */
export function diffView(diff: DatasetDiff, folder = ''): DiffView {
  const at = (path: string): string => folder + path;
  return {
    added: diff.added.map(({ path, entry }) => ({ path: at(path), ...entryView(entry) })),
    removed: diff.removed.map(({ path, entry }) => ({ path: at(path), ...entryView(entry) })),
    modified: diff.modified.map(({ path, before, after }) => ({
      path: at(path),
      before: entryView(before),
      after: entryView(after),
    })),
    renamed: diff.renamed.map(({ path, from, entry }) => ({
      path: at(path),
      from: at(from),
      ...entryView(entry),
    })),
  };
}

/** Several differences as one; their paths get the folders that `folderOf` says. */
export function diffsView(
  diffs: readonly NamedDiff[],
  folderOf: (diff: NamedDiff) => string,
): DiffView & { readonly compared: readonly { from: string; to: string }[] } {
  const views = diffs.map((named) => diffView(named.diff, folderOf(named)));
  return {
    compared: diffs.map(({ from, to }) => ({ from, to })),
    added: views.flatMap(({ added }) => added),
    removed: views.flatMap(({ removed }) => removed),
    modified: views.flatMap(({ modified }) => modified),
    renamed: views.flatMap(({ renamed }) => renamed),
  };
}
