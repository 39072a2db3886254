import type { Scratch } from '../../../base/scratch.js';
import type { Sides } from './side.js';

export interface CompareOptions {
  /** The columns or fields that tell rows apart; empty compares rows by line. */
  readonly key: readonly string[];
  /** For long lists. */
  readonly scratch: Scratch;
}

/** A kind of content that can be looked into, and what is `Found` there: one file in this folder and one line in `kinds.ts` each. */
export interface ContentKind<Found> {
  readonly name: string;
  /** Whether it looks like this kind, by its path and the beginnings of both sides. */
  matches(path: string, heads: readonly Uint8Array[]): boolean;
  /**
   * Says what changed. Contents are data from strangers: memory is bounded whatever they hold, and what cannot be
   * read throws `Unreadable`, upon which the next kind that matches is tried.
   */
  compare(sides: Sides, options: CompareOptions): Promise<Found>;
}
