import type { Repository, Surroundings } from '../src/flows/repository.js';
import type { Plain, Raw, Report } from './report.js';

/** What a command has to work with. */
export interface Dvs {
  /** What followed `--`, for commands whose patterns come there. */
  readonly patterns: readonly string[];
  /** Runs the work of the command and renders its report as the global options say. */
  run(work: Work): Promise<void>;
}

/** The work of a command: calls one flow, and says how to render what it returned. */
export type Work = (place: Place) => Promise<Report | Plain | Raw>;

/** Where a command runs. */
export interface Place {
  /** The folder it runs in, by `-C` or as it was started. */
  readonly cwd: string;
  readonly surroundings: Surroundings;
  readonly json: boolean;
  readonly quiet: boolean;
  /** The workspace around `cwd`, opened when first asked for and closed at the end. */
  repository(): Promise<Repository>;
}
