import type { Conflict, MergedVersion, MergeResult } from '../flows/merge.js';
import type { MergedLock } from '../flows/merge-lock.js';
import { type DiffView, diffView } from './diff.js';

interface VersionView extends DiffView {
  readonly name: string;
  readonly version: number;
  readonly id: string;
  readonly isNew: boolean;
  readonly files: number;
  readonly bytes: number;
  readonly conflicts: Iterable<ConflictView>;
}

export interface MergeView extends VersionView {
  /** The tracked path whose files follow. */
  readonly tracked: string | null;
  /** Files there that were never added. */
  readonly left: Iterable<string>;
  readonly dryRun: boolean;
}

interface ConflictView {
  readonly path: string;
  readonly kind: string;
  readonly kept: string;
  readonly beside: string | null;
}

/** What a merge made. The lists of changes tell how the result differs from ours. */
export function mergeView(result: MergeResult): MergeView {
  const { checkedOut, dryRun } = result;
  return {
    ...versionView(result),
    tracked: checkedOut?.tracked ?? null,
    left: checkedOut?.left ?? [],
    dryRun,
  };
}

function versionView(merged: MergedVersion): VersionView {
  const { name, version, id, isNew, files, bytes, diff, conflicts } = merged;
  return {
    name,
    version,
    id: id.toString(),
    isNew,
    files,
    bytes,
    ...diffView(diff),
    conflicts: conflicts.map(conflictView),
  };
}

function conflictView({ path, kind, kept, beside }: Conflict): ConflictView {
  return { path, kind, kept, beside: beside ?? null };
}

interface MergedLockView {
  readonly clean: boolean;
  readonly merged: readonly (VersionView & { readonly path: string })[];
  readonly conflicts: readonly {
    readonly path: string;
    readonly kind: string;
    readonly why: string | null;
    readonly theirs: string | null;
    readonly reference: string | null;
  }[];
}

/** What became of a `dvs.lock` that git merged. */
export function mergedLockView({ clean, merged, conflicts }: MergedLock): MergedLockView {
  return {
    clean,
    merged: merged.map((one) => ({ path: one.path, ...versionView(one) })),
    conflicts: conflicts.map(({ path, kind, why, theirs, reference }) => ({
      path,
      kind,
      why: why ?? null,
      theirs: theirs?.id.toString() ?? null,
      reference: reference ?? null,
    })),
  };
}
