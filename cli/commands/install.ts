import type { Command } from 'commander';
import { install } from '../../src/flows/install.js';
import type { Dvs } from '../dvs.js';
import { installReport } from '../install.js';
import { addExamples } from '../options.js';

interface Options {
  readonly dryRun?: boolean;
}

export function define(command: Command, { run }: Dvs): void {
  addExamples(command, [
    ['dvs install', 'from now on `git checkout`, `git merge` and `git rebase` bring the data along'],
    ['dvs install -n', 'only tell what would be written, and where'],
  ])
    .option('-n, --dry-run', 'tell what would be written, and change nothing')
    .action(({ dryRun = false }: Options) =>
      run(async ({ cwd, surroundings }) => {
        const { environment = {} } = surroundings;
        const steps = await install({ cwd, environment, dryRun });
        return installReport(steps, dryRun, 'written', [
          'Now git brings the data along: after a checkout, a merge and a rebase. `dvs uninstall` undoes it.',
        ]);
      }),
    );
}
