/** A sample as checks for leaks see it. */
export interface LeakSample {
  readonly number: number;
  /** Hexadecimal SHA-256 of its bytes; '' where nothing of them counts. */
  readonly digest: string;
  readonly group: string | undefined;
  /** The cells that count, in one order for all samples; undefined for what is no row. */
  readonly cells: readonly (string | undefined)[] | undefined;
}

/** What checks need of samples, beside their numbers. */
export type LeakNeed = 'digest' | 'group' | 'cells';

/** What is known of the samples that are looked at. */
export interface LeakSubject {
  readonly hasGroups: boolean;
  /** Whether samples have cells: rows of tables and lines have, images have not. */
  readonly hasCells: boolean;
  /** Columns that do not count. */
  readonly ignored: readonly string[];
}

/**
 * A way in which the same thing may be in two parts: one file in `checks` and one line in `checks.ts` each. Samples that
 * have a mark in common leak where they are in two parts.
 */
export interface LeakCheck {
  readonly name: string;
  /** What two samples with one mark have in common, for people: `the same content`. */
  readonly what: string;
  /** A check whose every leak this one finds, too: what is no more is told by that one. */
  readonly includes?: string;
  /** What it needs for these samples; undefined where it has nothing to look at, and `why`. */
  applies(subject: LeakSubject): { readonly needs: readonly LeakNeed[] } | { readonly why: string };
  /** At most `MARK_LENGTH` bytes that count; none for a sample that cannot leak so. */
  marks(sample: LeakSample, subject: LeakSubject): readonly Uint8Array[];
}

/** Bytes of a mark: those of a SHA-256 that is cut, so that two marks are the same only for the same thing. */
export const MARK_LENGTH = 16;
