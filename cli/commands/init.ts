import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { Repository } from '../../src/flows/repository.js';
import type { Dvs } from '../dvs.js';
import { addExamples } from '../options.js';

export function define(command: Command, { run }: Dvs): void {
  addExamples(command, [
    ['dvs init', 'here'],
    ['dvs init project', 'in a folder, which is made if it is missing'],
  ])
    .argument('[dir]', 'the folder (default: this one)')
    .action((dir: string = '.') =>
      run(async ({ cwd, surroundings }) => {
        const root = resolve(cwd, dir);
        const created = !existsSync(join(root, '.dvs', 'format'));
        const repo = await Repository.init(root, surroundings);
        await repo.close();
        return {
          view: () => ({ root, created }),
          brief: () => [],
          text: () =>
            created
              ? [`Made ${root} a dvs workspace.`, 'Next: `dvs add <path>` to record a version of your data.']
              : [`${root} is a dvs workspace already; nothing was changed.`],
        };
      }),
    );
}
