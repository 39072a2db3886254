import type { CID } from '../../id/cid.js';
import type { Resolved } from '../../ops/resolve/resolve.js';
import type { LockEntry } from '../../workspace/lock.js';
import type { View } from '../view.js';

/** One place and what it should hold. */
export interface Job {
  /** The folder that receives the paths of the dataset. */
  readonly root: string;
  readonly dest: string;
  readonly type: 'folder' | 'file';
  readonly tracked: LockEntry | undefined;
  readonly resolved: Omit<Resolved, 'path'>;
  /** What was asked for, where that is not the dataset but samples of it. */
  readonly asked?: CID;
  /** Datasets in which a file that is there now may be recorded; without this, the versions of the name. */
  readonly past?: readonly CID[];
  /** Which entries, under which path: undefined leaves one out. */
  readonly place: (path: string) => string | undefined;
  /** What the wanted paths of the dataset begin with, in byte order. */
  readonly prefixes: readonly string[];
  /** True when only some of what is checked out there is wanted: then the lock stays as it is. */
  readonly isPartial: boolean;
  /** What is checked out there before and after; undefined when that is all. */
  readonly views: Views;
  /** Which path of the dataset belongs at a place. */
  readonly recordedPath: (path: string) => string;
  /** Whether a path that is there now is any of this checkout's business. */
  readonly covers: (path: string) => boolean;
}

export interface Views {
  readonly before: View | undefined;
  readonly after: View | undefined;
  /** True when nothing of the dataset was on disk, and a part of it comes there now. */
  readonly begins: boolean;
}
