import type { InstallStep } from '../flows/install.js';

export interface InstallView {
  readonly steps: readonly { readonly what: string; readonly path: string; readonly changed: boolean }[];
  readonly dryRun: boolean;
}

/** What was put into a git repository, or taken out of it. */
export function installView(steps: readonly InstallStep[], dryRun: boolean): InstallView {
  return { steps: steps.map(({ what, path, changed }) => ({ what, path, changed })), dryRun };
}
