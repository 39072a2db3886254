import type { DatasetDiff } from '../../ops/diff/diff.js';
import type { LockEntry } from '../../workspace/lock.js';

/** A difference and how to call its two sides. */
export interface NamedDiff {
  readonly from: string;
  readonly to: string;
  /** The tracked path that both sides are of; undefined for two versions. */
  readonly tracked: LockEntry | undefined;
  /** True when the second side is what is on disk there. */
  readonly isOnDisk: boolean;
  /** True when the tracked path itself is another one now. */
  readonly moved?: boolean;
  readonly diff: DatasetDiff;
  /** How many of those removed are still on disk, and ignored by now. */
  readonly nowIgnored: number;
}
