/** Bounds that keep hostile or broken input from taking memory, time or stack. */
export const KiB = 1024;
export const MiB = 1024 * KiB;
export const GiB = 1024 * MiB;

export const LIMITS = {
  /** A canonical node or recipe: what one frame of a pack can hold. */
  nodeBytes: 256 * KiB,
  /** Nesting of a canonical node. */
  nodeDepth: 32,
  /** Levels of a tree: 2⁵³ entries at two a node need 53. */
  treeLevels: 56,
  /** One log entry: thousands of names and packs. */
  logEntryBytes: 8 * MiB,
  /** dvs.lock and dvs.toml. */
  settingsBytes: 64 * MiB,
  /** A .dvsignore: every pattern in it is held against every path. */
  ignoreBytes: 256 * KiB,
  /** Threads of one command: the memory that they share grows with them. */
  jobs: 256,
  /** Messages, user names and the like inside entities. */
  textBytes: 64 * KiB,
} as const;
