import type { InstallStep } from '../src/flows/install.js';
import { installView } from '../src/wire/install.js';
import { type Line, type Report, styled } from './report.js';

/** What became of each thing that concerns git: a line for each, and in the end what follows from it. */
export function installReport(
  steps: readonly InstallStep[],
  dryRun: boolean,
  done: string,
  end: readonly Line[],
): Report {
  const width = Math.max(...steps.map(({ what }) => what.length));
  const nothing = steps.every(({ changed }) => !changed);
  return {
    view: () => installView(steps, dryRun),
    brief: () => [],
    text: () => [
      ...steps.map(({ what, path, changed }): Line => {
        const state = changed ? styled('green', done) : styled('dim', 'nothing to do');
        return [`${what.padEnd(width)}  `, state, `  ${path}`];
      }),
      ...(dryRun ? ['Dry run: nothing was changed.'] : nothing ? [] : end),
    ],
  };
}
