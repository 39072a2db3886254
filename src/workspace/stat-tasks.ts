/** What stat workers do. */
export type StatTasks = {
  /** Whether each file of some entries of a stat cache, in the folder `root`, still is what its entry says. */
  areSame: { input: { root: string; entries: Uint8Array }; output: boolean };
};
