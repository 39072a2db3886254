import type { Command } from 'commander';
import { move } from '../../src/flows/move.js';
import { findTracked, toWorkspacePaths } from '../../src/flows/paths.js';
import { type Relocated, relocate } from '../../src/flows/relocate.js';
import { relocatedView } from '../../src/wire/tracked.js';
import type { Dvs } from '../dvs.js';
import { editedReport } from '../edited.js';
import { addExamples } from '../options.js';
import { type Report, styled } from '../report.js';

interface Options {
  readonly force?: boolean;
  readonly message?: string;
  readonly dryRun?: boolean;
}

export function define(command: Command, { run }: Dvs): void {
  addExamples(command, [
    ['dvs mv mnist/train/7.png mnist/rejected/', 'a new version with a file elsewhere'],
    ['dvs mv data raw/data', 'a tracked path: files and dvs.lock; no new version'],
  ])
    .argument('<from>', 'a place in a dataset, or a tracked path')
    .argument('<to>', 'another place in the same dataset, or where the tracked path goes')
    .option('-f, --force', 'replace a file of the dataset that is there')
    .option('-m, --message <text>', 'why; it goes into the log')
    .option('-n, --dry-run', 'tell what would be done, and change nothing')
    .action((from: string, to: string, options: Options) =>
      run(async ({ cwd, repository }) => {
        const repo = await repository();
        const tracked = await findTracked(repo, cwd, from);
        if (tracked === undefined) return editedReport(await move(repo, { ...options, from, to }));
        const [target = ''] = await toWorkspacePaths(repo, cwd, [to]);
        return relocatedReport(await relocate(repo, { ...options, from: tracked, to: target }), options);
      }),
    );
}

function relocatedReport(relocated: Relocated, { dryRun = false }: Options): Report {
  const { from, to, isMoved } = relocated;
  const what = isMoved ? '' : ' (the files lay there already)';
  const note = dryRun ? ' (dry run: nothing was changed)' : '';
  return {
    view: () => relocatedView(relocated),
    brief: () => [to.path],
    text: () => [[styled('bold', from), ' → ', styled('bold', to.path), what, note]],
  };
}
