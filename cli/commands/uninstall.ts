import type { Command } from 'commander';
import { uninstall } from '../../src/flows/install.js';
import type { Dvs } from '../dvs.js';
import { installReport } from '../install.js';
import { addExamples } from '../options.js';

interface Options {
  readonly dryRun?: boolean;
}

export function define(command: Command, { run }: Dvs): void {
  addExamples(command, [
    ['dvs uninstall', 'take out of git what `dvs install` put there'],
    ['dvs uninstall -n', 'only tell what would be taken out'],
  ])
    .option('-n, --dry-run', 'tell what would be taken out, and change nothing')
    .action(({ dryRun = false }: Options) =>
      run(async ({ cwd, surroundings }) => {
        const { environment = {} } = surroundings;
        const steps = await uninstall({ cwd, environment, dryRun });
        return installReport(steps, dryRun, 'taken out', [
          'From now on run `dvs checkout` yourself after git changed dvs.lock.',
        ]);
      }),
    );
}
