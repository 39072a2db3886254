import type { CID } from '../../id/cid.js';
import type { DatasetDiff } from '../../ops/diff/diff.js';
import type { NodeSource, TreeSummary } from '../../tree/schema.js';
import type { Scan } from '../scan.js';
import type { View } from '../view.js';
import type { AddTarget } from './targets.js';

/** One path, read: the dataset that it is now. */
export interface Taken {
  readonly target: AddTarget;
  readonly root: TreeSummary;
  readonly newBytes: number;
  readonly scan: Scan;
  /** Where the nodes of the dataset can be read, also when none was stored. */
  readonly nodes: NodeSource;
  /** How it differs from the dataset that it was made of, when it was made of one. */
  readonly since?: Since | undefined;
  /** Packs that the store had lost before. */
  readonly lostPacks: number;
  /** What of it is checked out, now that it was looked at; undefined when that is all. */
  readonly view?: View | undefined;
}

export interface Since {
  readonly basis: CID;
  readonly diff: DatasetDiff;
}
