import { resolve } from 'node:path';
import type { Command } from 'commander';
import { unprotect } from '../../src/flows/unprotect.js';
import type { Dvs } from '../dvs.js';
import { count, formatBytes } from '../format.js';
import { addExamples } from '../options.js';

export function define(command: Command, { run }: Dvs): void {
  addExamples(command, [
    ['dvs unprotect', 'all files that `checkout --link hardlink` brought'],
    ['dvs unprotect data/labels.csv', 'only the one that is to be edited'],
  ])
    .argument('[paths...]', 'files or folders (default: all tracked paths)')
    .action((paths: string[]) =>
      run(async ({ cwd, repository }) => {
        const absolute = paths.map((path) => resolve(cwd, path));
        const { files, bytes } = await unprotect(await repository(), { paths: absolute });
        return {
          view: () => ({ files, bytes }),
          brief: () => [],
          text: () => [
            files === 0
              ? 'Nothing was protected.'
              : `${count(files, 'file')} can be written to now (${formatBytes(bytes)} copied).`,
          ],
        };
      }),
    );
}
