import type { MergeResult } from '../flows/merge.js';
import { type CheckedOutView, checkedOutView } from './checkout.js';
import { type DiffView, diffView } from './diff.js';

export interface MergeView extends DiffView {
  readonly name: string;
  readonly version: number;
  readonly id: string;
  readonly isNew: boolean;
  readonly files: number;
  readonly bytes: number;
  readonly conflicts: Iterable<ConflictView>;
  readonly checkedOut: CheckedOutView | null;
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
  const { name, version, id, isNew, files, bytes, diff, conflicts, checkedOut, dryRun } = result;
  return {
    name,
    version,
    id: id.toString(),
    isNew,
    files,
    bytes,
    ...diffView(diff),
    conflicts: conflicts.map(({ path, kind, kept, beside }) => ({
      path,
      kind,
      kept,
      beside: beside ?? null,
    })),
    checkedOut: checkedOut === undefined ? null : checkedOutView(checkedOut),
    dryRun,
  };
}
