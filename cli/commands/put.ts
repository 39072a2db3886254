import { resolve } from 'node:path';
import type { Command } from 'commander';
import { put } from '../../src/flows/put.js';
import type { Dvs } from '../dvs.js';
import { editedReport } from '../edited.js';
import { addExamples } from '../options.js';

interface Options {
  readonly message?: string;
  readonly dryRun?: boolean;
}

export function define(command: Command, { run }: Dvs): void {
  addExamples(command, [
    ['dvs put new/*.png mnist/train/', 'more files for a folder of a dataset that is not here'],
    ['dvs put fixed.csv mnist/labels.csv -m "typo"', 'another content for one of its files'],
  ])
    .argument('<files...>', 'files and folders, then the place in a dataset, such as mnist/train/')
    .option('-m, --message <text>', 'why; it goes into the log')
    .option('-n, --dry-run', 'tell what would be recorded, and write nothing')
    .usage('[options] <files...> <name>/<path>')
    .action((files: string[], options: Options) =>
      run(async ({ cwd, repository }) => {
        const sources = files.slice(0, -1).map((file) => resolve(cwd, file));
        return editedReport(
          await put(await repository(), { ...options, sources, destination: files.at(-1) ?? '' }),
        );
      }),
    );
}
