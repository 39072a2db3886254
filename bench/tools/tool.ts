import type { Step } from '../corpora/corpus.js';
import type { Command } from '../measure.js';

/** A tool that can do what is measured: each step as the command that a user would type. */
export interface Tool {
  readonly name: string;
  /** What a reader of its figures should know: how it is set up, what it cannot do. */
  readonly note: string;
  /** What dvs is held against are tools that keep chunks, as it does; the others are shown beside. */
  readonly keeps: 'chunks' | 'whole files' | 'a copy';
  /** What it is measured at; everything, when it does not say. */
  readonly steps?: readonly Step[];
  /** Its version on this machine, or nothing when it is not installed. */
  version(): string | undefined;
  /** What has to be done once, before the first `add`. Not measured. */
  init(place: Place): readonly Command[];
  /** Records `data/` of the place for the `run`th time. */
  add(place: Place, run: number): Command;
  /** Brings the last record, the `run`th, back into `place.restored`, which has nothing but what `init` put there. */
  checkout(place: Place, run: number): Command;
  /** The folder, or file, that keeps what was recorded. */
  stored(place: Place): string;
}

/** Folders for one turn of one tool. */
export interface Place {
  /** Holds `data/`. */
  readonly work: string;
  /** Empty, for tools that keep their repository beside the data. */
  readonly repository: string;
  /** Empty, for what the tool would keep in the home folder. */
  readonly home: string;
  /** Empty; after the checkout it holds `data/`. */
  readonly restored: string;
}

/** For tools that start other processes, whose memory is not seen from outside. */
export const TIMES_AND_SIZE: readonly Step[] = ['add v1', 'add again', 'add v2', 'stored', 'checkout v2'];
