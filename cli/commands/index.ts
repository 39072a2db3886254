import type { Command } from 'commander';
import { reindex } from '../../src/flows/reindex.js';
import type { Dvs } from '../dvs.js';
import { count } from '../format.js';
import { addExamples } from '../options.js';

export function define(command: Command, { run }: Dvs): void {
  addExamples(command, [['dvs index rebuild', 'from packs and log; needed only if dvs or a person says so']])
    .command('rebuild')
    .description('make the index again from packs and log')
    .action(() =>
      run(async ({ repository }) => {
        const { entries, packs, objects } = await reindex(await repository());
        return {
          view: () => ({ entries, packs, objects }),
          brief: () => [],
          text: () => [
            `Indexed ${count(objects, 'object')} in ${count(packs, 'pack')}, by ${
              entries === 1 ? '1 commit' : `${entries} commits`
            } of the log.`,
          ],
        };
      }),
    );
}
