import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import {
  type MergedLock,
  type MergedPath,
  mergeLockFiles,
  type UnmergedPath,
} from '../../src/flows/merge-lock.js';
import { mergedLockView } from '../../src/wire/merge.js';
import { summaryOf } from '../changes.js';
import { conflictLines } from '../conflicts.js';
import type { Dvs } from '../dvs.js';
import { STATUS } from '../exit.js';
import { addExamples } from '../options.js';
import { type Line, styled } from '../report.js';

export function define(command: Command, { run }: Dvs): void {
  addExamples(command, [['dvs merge-driver %O %A %B %P', 'as `dvs install` enters it in the config of git']])
    .argument('<base>', 'dvs.lock of the common past')
    .argument('<ours>', 'dvs.lock of this side, which gets the result')
    .argument('<theirs>', 'dvs.lock of the other side')
    .argument('[path]', 'where dvs.lock lies in the working tree', 'dvs.lock')
    .action((base: string, ours: string, theirs: string, path: string) =>
      run(async ({ cwd, surroundings }) => {
        const files = {
          base: resolve(cwd, base),
          ours: resolve(cwd, ours),
          theirs: resolve(cwd, theirs),
          lockPath: resolve(cwd, path),
        };
        const result = await mergeLockFiles(files, surroundings);
        return {
          view: () => mergedLockView(result),
          brief: () => [],
          text: () => lines(result, path),
          status: result.clean ? STATUS.done : STATUS.no,
        };
      }),
    );
}

function* lines({ clean, merged, conflicts }: MergedLock, lock: string): Generator<Line> {
  const folder = dirname(lock);
  const there = folder === '.' ? '' : ` in ${folder}`;
  for (const one of merged) yield* mergedLines(one, there);
  for (const one of conflicts) yield* unmergedLines(one, there);
  if (!clean) yield `Then: \`git add ${lock}\`, and go on as git says.`;
}

function* mergedLines({ path, name, version, diff, conflicts }: MergedPath, there: string): Generator<Line> {
  const what = summaryOf(diff) || 'nothing new';
  yield ['dvs: ', styled('bold', path), ` merged as ${name}:v${version}; against ours: ${what}`];
  yield* conflictLines(conflicts);
  if (conflicts.length === 0) return;
  yield `Next${there}: \`dvs checkout ${path}\`, keep what you want of each file, then \`dvs add ${path}\`.`;
}

function* unmergedLines(
  { path, kind, why, theirs, reference }: UnmergedPath,
  there: string,
): Generator<Line> {
  yield ['dvs: ', styled('bold', path), ' ', styled('red', kind), why === undefined ? '' : `: ${why}`];
  if (theirs === undefined) {
    yield `  It stays tracked. If it is to go${there}: \`dvs untrack ${path}\`.`;
  } else if (reference !== undefined) {
    yield `  Ours stays. To take theirs${there}: \`dvs checkout ${reference}\`.`;
  } else {
    yield `  Ours stays. Theirs is ${theirs.id}, recorded in another store: merge there, or bring its \`.dvs\` here.`;
  }
}
