import type { StretchLook, Task } from './stat-look.js';

/** What stat workers do. */
export type StatTasks = {
  /** See `lookAt` in stat-look.ts. */
  lookAt: { input: Task; output: readonly StretchLook[] };
};
