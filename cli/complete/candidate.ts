/** A text that could stand at the cursor. */
export interface Candidate {
  readonly text: string;
  /** True when the word ends there; false when it may go on, as a folder does. */
  readonly isFinal: boolean;
  /** What it is, for shells that show that. */
  readonly note?: string;
}

/** More than this nobody reads. */
export const MOST = 1000;

/** Those of `texts` that begin with what was typed, as whole words. */
export function startingWith(typed: string, texts: Iterable<string>, note?: string): Candidate[] {
  return [...texts]
    .filter((text) => text.startsWith(typed))
    .map((text) => ({ text, isFinal: true, ...(note === undefined ? {} : { note }) }));
}
