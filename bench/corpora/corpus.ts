import type { Target } from '../figure.js';

/** What a user has, in two versions. */
export interface Corpus {
  readonly name: string;
  /** What it is at full size, in a few words. */
  readonly what: string;
  /**
   * Fills two empty folders, the same for everyone: `first` with the first version, `changed` with the files of
   * the second that the first has not or has otherwise. At a `scale` below 1 everything is smaller.
   */
  make(first: string, changed: string, scale: number): void;
  readonly targets: readonly (Target & { readonly step: Step })[];
}

/** What is measured of a tool that takes in both versions and brings the second one back. */
export type Step = 'add v1' | 'add again' | 'add v2' | 'stored' | 'checkout v2' | 'peak memory';

/** How many of `full` there are at this scale; at least `least`. */
export function scaled(full: number, scale: number, least = 1): number {
  return Math.max(least, Math.round(full * scale));
}
