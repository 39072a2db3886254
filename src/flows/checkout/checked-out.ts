import type { Sequence } from '../../base/sequence.js';
import type { CID } from '../../id/cid.js';
import type { View } from '../view.js';

/** What became of the wish to link files. */
export interface Links {
  /** Of the files written, those that are reflinks or hard links of the cache's. */
  readonly linked: number;
  /** Why no file could be linked, when that was asked for. */
  readonly notLinked: string | undefined;
}

export const NO_LINKS: Links = { linked: 0, notLinked: undefined };

/** What a checkout did at one place. */
export interface CheckedOut extends Links {
  /** Absolute path of the file or folder. */
  readonly dest: string;
  /** The tracked path that was brought there; undefined elsewhere. */
  readonly tracked: string | undefined;
  readonly id: CID;
  readonly name: string | undefined;
  readonly version: number | undefined;
  readonly written: number;
  readonly removed: number;
  readonly unchanged: number;
  readonly bytes: number;
  /** What of the tracked path is checked out now, as patterns for paths in the dataset; undefined when that is all. */
  readonly partial: View['patterns'] | undefined;
  /** Files that no version has and that were never added: left where they are. */
  readonly left: Sequence<string>;
}
