import type { NamedDiff } from '../flows/diff.js';
import type { DatasetDiff } from '../ops/diff/diff.js';
import { type EntryView, entryView } from './entry.js';

/** Lists that are made as they are read: they may be long. */
export interface DiffView {
  readonly added: Iterable<PathView>;
  readonly removed: Iterable<PathView>;
  readonly modified: Iterable<ModifiedView>;
  readonly renamed: Iterable<RenamedView>;
}

type PathView = EntryView & { readonly path: string };
type RenamedView = PathView & { readonly from: string };

interface ModifiedView {
  readonly path: string;
  readonly before: EntryView;
  readonly after: EntryView;
}

interface ComparedView {
  readonly from: string;
  readonly to: string;
  /** Of those removed: still on disk, and ignored by now. */
  readonly nowIgnored: number;
}

/** Some difference, and what to put before its paths: a folder with its slash, or nothing. */
interface Located {
  readonly diff: DatasetDiff;
  readonly folder: string;
}

/** A difference; paths are those in the dataset. */
export function diffView(diff: DatasetDiff): DiffView {
  return viewOf([{ diff, folder: '' }]);
}

/** Several differences as one; their paths get the folders that `folderOf` says. */
export function diffsView(
  diffs: readonly NamedDiff[],
  folderOf: (diff: NamedDiff) => string,
): { readonly compared: readonly ComparedView[] } & DiffView {
  return {
    compared: diffs.map(({ from, to, nowIgnored }) => ({ from, to, nowIgnored })),
    ...viewOf(diffs.map((named) => ({ diff: named.diff, folder: folderOf(named) }))),
  };
}

/** The same, one by one: what is compared, then each path that differs. */
export function* diffLines(
  diffs: readonly NamedDiff[],
  folderOf: (diff: NamedDiff) => string,
): Generator<object> {
  for (const named of diffs) {
    const { from, to, nowIgnored } = named;
    yield { line: 'compared', from, to, nowIgnored };
    yield* changeLines(viewOf([{ diff: named.diff, folder: folderOf(named) }]));
  }
}

/** Each path that differs, with what became of it. */
export function* changeLines({ added, removed, modified, renamed }: DiffView): Generator<object> {
  for (const [line, list] of Object.entries({ added, removed, modified, renamed })) {
    for (const change of list) yield { line, ...change };
  }
}

function viewOf(all: readonly Located[]): DiffView {
  return {
    added: each(
      all,
      ({ added }) => added,
      ({ path, entry }, folder) => ({ path: folder + path, ...entryView(entry) }),
    ),
    removed: each(
      all,
      ({ removed }) => removed,
      ({ path, entry }, folder) => ({ path: folder + path, ...entryView(entry) }),
    ),
    modified: each(
      all,
      ({ modified }) => modified,
      ({ path, before, after }, folder) => ({
        path: folder + path,
        before: entryView(before),
        after: entryView(after),
      }),
    ),
    renamed: each(
      all,
      ({ renamed }) => renamed,
      ({ path, from, entry }, folder) => ({ path: folder + path, from: folder + from, ...entryView(entry) }),
    ),
  };
}

/** One list of each difference, one after the other. */
function* each<T, V>(
  all: readonly Located[],
  listOf: (diff: DatasetDiff) => Iterable<T>,
  view: (item: T, folder: string) => V,
): Generator<V> {
  for (const { diff, folder } of all) for (const item of listOf(diff)) yield view(item, folder);
}
