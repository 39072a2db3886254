import type { Relocated } from '../flows/relocate.js';
import type { Untracked } from '../flows/untrack.js';

export interface UntrackedView {
  readonly path: string;
  readonly name: string;
  readonly id: string;
  readonly type: 'folder' | 'file';
  /** Patterns of what of it is on disk; null when that is all. */
  readonly partial: readonly string[] | null;
}

export interface RelocatedView {
  readonly from: string;
  readonly to: string;
  readonly name: string;
  /** False when the files lay there already. */
  readonly isMoved: boolean;
}

/** A path that is no longer tracked, as dvs.lock had it. */
export function untrackedView({ path, name, id, type, partial }: Untracked): UntrackedView {
  return { path, name, id: id.toString(), type, partial: partial ?? null };
}

export function relocatedView({ from, to, isMoved }: Relocated): RelocatedView {
  return { from, to: to.path, name: to.name, isMoved };
}
