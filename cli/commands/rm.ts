import type { Command } from 'commander';
import { remove } from '../../src/flows/remove.js';
import type { Dvs } from '../dvs.js';
import { editedReport } from '../edited.js';
import { addExamples } from '../options.js';

interface Options {
  readonly recursive?: boolean;
  readonly message?: string;
  readonly dryRun?: boolean;
}

export function define(command: Command, { run }: Dvs): void {
  addExamples(command, [
    ['dvs rm mnist/train/7.png -m "blurred"', 'a new version without a file'],
    ["dvs rm 'mnist/**/*.tmp' -n", 'which files that would be'],
    ['dvs rm -r mnist/old', 'without a folder'],
  ])
    .argument('<refs...>', 'places in one dataset, such as mnist/train/0.png; globs are quoted')
    .option('-r, --recursive', 'folders, too, with all that is in them')
    .option('-m, --message <text>', 'why; it goes into the log')
    .option('-n, --dry-run', 'tell what would be recorded, and write nothing')
    .action((references: string[], options: Options) =>
      run(async ({ repository }) =>
        editedReport(await remove(await repository(), { ...options, references })),
      ),
    );
}
