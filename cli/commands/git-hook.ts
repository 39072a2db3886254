import { join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { afterGit, type HookResult } from '../../src/flows/git-hook.js';
import { hookView } from '../../src/wire/git-hook.js';
import type { Dvs } from '../dvs.js';
import { formatBytes, shortId, thousands, versionName } from '../format.js';
import { addExamples } from '../options.js';
import type { Line } from '../report.js';

export function define(command: Command, { run }: Dvs): void {
  addExamples(command, [
    ['dvs git-hook post-merge ./', 'as the hooks call it that `dvs install` writes'],
    ['dvs git-hook post-checkout ./ "$@"', 'in a hook of your own'],
  ])
    .argument('<hook>', 'post-checkout, post-merge or post-rewrite')
    .argument('<folder>', 'the workspace')
    .argument('[args...]', 'what git gave the hook')
    .action((hook: string, folder: string, args: string[]) =>
      run(async ({ cwd, surroundings }) => {
        const result = await afterGit({ hook, args, folder: resolve(cwd, folder) }, surroundings);
        return { view: () => hookView(result), brief: () => [], text: () => lines(result, folder) };
      }),
    );
}

/** Few lines, among those of git. */
function* lines({ done, left, untracked }: HookResult, folder: string): Generator<Line> {
  const place = relative('.', folder);
  const there = place === '' ? '' : ` (in ${place})`;
  for (const { tracked, id, name, version, written, removed, bytes, left: strangers } of done) {
    const parts = [
      written > 0 ? `, ${thousands(written)} written (${formatBytes(bytes)})` : '',
      removed > 0 ? `, ${thousands(removed)} removed` : '',
      strangers.length > 0 ? `, ${thousands(strangers.length)} left alone that were never added` : '',
    ];
    if (parts.join('') === '') continue; // the files were there already
    yield `dvs: ${join(place, tracked ?? '')} is at ${versionName(name, version) ?? shortId(id)}${parts.join('')}`;
  }
  for (const { path, why, hint } of left) {
    yield `dvs: ${join(place, path)} stays as it is: ${why}${hint === undefined ? '' : `. ${hint}${there}`}`;
  }
  for (const path of untracked)
    yield `dvs: ${join(place, path)} is not tracked any more, and left where it is`;
}
