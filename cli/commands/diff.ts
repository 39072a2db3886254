import type { Command } from 'commander';
import { diff, type NamedDiff } from '../../src/flows/diff.js';
import { folderOf } from '../../src/flows/paths.js';
import { isEmptyDiff } from '../../src/ops/diff/diff.js';
import { diffLines, diffsView } from '../../src/wire/diff.js';
import { changeLines, summaryOf } from '../changes.js';
import type { Dvs } from '../dvs.js';
import { STATUS } from '../exit.js';
import { addExamples } from '../options.js';
import { type Line, styled } from '../report.js';

interface Options {
  readonly exitCode?: boolean;
}

export function define(command: Command, { run, patterns }: Dvs): void {
  addExamples(command, [
    ['dvs diff', 'what is on disk, against what is recorded'],
    ['dvs diff mnist:v1', 'what is on disk (or the latest version), against a version'],
    ['dvs diff mnist:v1 mnist:v2', 'two versions'],
    ["dvs diff mnist:v1 mnist:v2 -- 'train/**'", 'only some paths of them'],
  ])
    .usage('[options] [A] [B] [-- paths or globs...]')
    .argument('[A]', 'the old side (default: what dvs.lock says of every tracked path)')
    .argument('[B]', 'the new side (default: what is on disk)')
    .option('--exit-code', 'exit with 1 when they differ; with -q that is the only answer')
    .action((a: string | undefined, b: string | undefined, { exitCode = false }: Options) =>
      run(async ({ repository, quiet }) => {
        const references = [a, b].filter((reference) => reference !== undefined);
        const diffs = await diff(await repository(), { references, patterns });
        const folder = ({ tracked }: NamedDiff): string =>
          a === undefined && tracked !== undefined ? folderOf(tracked) : '';
        const differ = diffs.some((named) => !isEmptyDiff(named.diff));
        return {
          view: () => diffsView(diffs, folder),
          lines: () => diffLines(diffs, folder),
          brief: () => [],
          text: () => lines(diffs, folder),
          status: (exitCode || quiet) && differ ? STATUS.no : STATUS.done,
        };
      }),
    );
}

function* lines(diffs: readonly NamedDiff[], folder: (named: NamedDiff) => string): Generator<Line> {
  let isFirst = true;
  for (const named of diffs.filter((candidate) => !isEmptyDiff(candidate.diff))) {
    if (!isFirst) yield '';
    isFirst = false;
    yield [styled('bold', named.from), ' → ', styled('bold', named.to)];
    yield* changeLines(named.diff, { folder: folder(named) });
    yield summaryOf(named.diff);
  }
  if (isFirst) yield 'No difference.';
}
