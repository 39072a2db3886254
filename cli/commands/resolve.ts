import type { Command } from 'commander';
import { findId, findTarget } from '../../src/flows/references.js';
import { resolvedView } from '../../src/wire/resolve.js';
import type { Dvs } from '../dvs.js';
import { addExamples } from '../options.js';

export function define(command: Command, { run }: Dvs): void {
  addExamples(command, [
    ['dvs resolve mnist', 'the recorded version here, else the latest'],
    ['dvs resolve mnist:v3', 'a version'],
    ['dvs resolve mnist/train/0.png', 'the content of a file'],
  ])
    .argument('<ref>', 'a name, name:v3, name:tag, tracked path, ID or its beginning; a /path may follow')
    .action((reference: string) =>
      run(async ({ repository }) => {
        const repo = await repository();
        const id = async function* () {
          yield (await findId(repo, reference)).toString();
        };
        return { view: async () => resolvedView(await findTarget(repo, reference)), brief: id, text: id };
      }),
    );
}
