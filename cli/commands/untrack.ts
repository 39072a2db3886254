import type { Command } from 'commander';
import { toWorkspacePaths } from '../../src/flows/paths.js';
import { type Untracked, untrack } from '../../src/flows/untrack.js';
import { untrackedView } from '../../src/wire/tracked.js';
import type { Dvs } from '../dvs.js';
import { addExamples } from '../options.js';
import { partialSpans } from '../partial.js';
import { type Line, styled } from '../report.js';

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
          view: () => untracked.map(untrackedView),
          brief: () => untracked.map(({ id }) => id.toString()),
          text: () => untracked.flatMap((one) => lines(one, dryRun)),
        };
      }),
    );
}

function lines({ path, name, partial }: Untracked, dryRun: boolean): Line[] {
  const what = dryRun ? ' would no longer be tracked' : ' is no longer tracked';
  const first = [styled('bold', path), what, `; its files stay, and its versions: dvs log ${name}`];
  if (partial === undefined) return [first];
  return [
    first,
    [styled('yellow', '  only a part of it is on disk'), ': ', ...partialSpans(partial)],
    `  to add it again as a whole, first: dvs checkout ${name} ${path}`,
  ];
}
