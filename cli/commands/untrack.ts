import type { Command } from 'commander';
import { toWorkspacePaths } from '../../src/flows/paths.js';
import { untrack } from '../../src/flows/untrack.js';
import { lockEntryView } from '../../src/wire/tracked.js';
import type { Dvs } from '../dvs.js';
import { addExamples } from '../options.js';
import { styled } from '../report.js';

interface Options {
  readonly dryRun?: boolean;
}

export function define(command: Command, { run }: Dvs): void {
  addExamples(command, [['dvs untrack data', 'its files stay on disk, and its versions in the store']])
    .argument('<paths...>', 'tracked paths')
    .option('-n, --dry-run', 'tell what would be done, and change nothing')
    .action((paths: string[], { dryRun = false }: Options) =>
      run(async ({ cwd, repository }) => {
        const repo = await repository();
        const untracked = await untrack(repo, { dryRun, paths: await toWorkspacePaths(repo, cwd, paths) });
        return {
          view: () => untracked.map(lockEntryView),
          brief: () => untracked.map(({ id }) => id.toString()),
          text: () => [
            ...untracked.map(({ path, name }) => [
              styled('bold', path),
              dryRun ? ' would no longer be tracked' : ' is no longer tracked',
              `; its files stay, and its versions: dvs log ${name}`,
            ]),
          ],
        };
      }),
    );
}
