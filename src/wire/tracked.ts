import type { Relocated } from '../flows/relocate.js';
import type { LockEntry } from '../workspace/lock.js';

export interface LockEntryView {
  readonly path: string;
  readonly name: string;
  readonly id: string;
  readonly type: 'folder' | 'file';
}

export interface RelocatedView {
  readonly from: string;
  readonly to: string;
  readonly name: string;
  /** False when the files lay there already. */
  readonly isMoved: boolean;
}

/** A tracked path as dvs.lock has it. */
export function lockEntryView({ path, name, id, type }: LockEntry): LockEntryView {
  return { path, name, id: id.toString(), type };
}

export function relocatedView({ from, to, isMoved }: Relocated): RelocatedView {
  return { from, to: to.path, name: to.name, isMoved };
}
