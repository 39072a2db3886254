import type { Comparison } from './same-files.js';

/** What stat workers do. */
export type StatTasks = {
  /** See `areSame`. */
  areSame: { input: Comparison; output: boolean };
};
