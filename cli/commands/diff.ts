import type { Command } from 'commander';
import { diff, type NamedDiff } from '../../src/flows/diff.js';
import { folderOf } from '../../src/flows/paths.js';
import { type DatasetDiff, isEmptyDiff } from '../../src/ops/diff/diff.js';
import { diffLines, diffsView } from '../../src/wire/diff.js';
import { changeLines, nowIgnoredLine, summaryOf } from '../changes.js';
import type { Dvs } from '../dvs.js';
import { STATUS } from '../exit.js';
import { ALLOW_ROOT_LINK, addExamples } from '../options.js';
import { type Fields, pathFields, records, statusFields } from '../records.js';
import { type Line, styled } from '../report.js';

interface Options {
  readonly git?: string;
  readonly exitCode?: boolean;
  readonly nameOnly?: boolean;
  readonly nameStatus?: boolean;
  readonly z?: boolean;
  readonly allowRootLink?: boolean;
}

export function define(command: Command, { run, patterns }: Dvs): void {
  addExamples(command, [
    ['dvs diff', 'what is on disk, against what is recorded'],
    ['dvs diff mnist:v1', 'what is on disk (or the latest version), against a version'],
    ['dvs diff mnist:v1 mnist:v2', 'two versions'],
    ["dvs diff mnist:v1 mnist:v2 -- 'train/**'", 'only some paths of them'],
    ['dvs diff mnist:v1 mnist:v2 --name-status', 'for another program'],
    ['dvs diff --git main..topic', 'what two commits of git locked'],
  ])
    .usage('[options] [A] [B] [-- paths or globs...]')
    .argument('[A]', 'the old side (default: what dvs.lock says of every tracked path)')
    .argument('[B]', 'the new side (default: what is on disk)')
    .option('--git <rev[..rev]>', 'compare what commits of git locked (one: with dvs.lock on disk)')
    .option('--name-only', 'print only the paths')
    .option('--name-status', 'print a letter and the path, and for a renamed file both paths')
    .option('-z', 'print them as they are, each ended by NUL (by default with --name-status)')
    .option('--exit-code', 'exit with 1 when they differ; with -q that is the only answer')
    .option('--allow-root-link', ALLOW_ROOT_LINK)
    .action((a: string | undefined, b: string | undefined, options: Options) =>
      run(async ({ repository, quiet }) => {
        const { git, exitCode = false, allowRootLink = false } = options;
        const references = [a, b].filter((reference) => reference !== undefined);
        const chosen = { references, patterns, allowRootLink, ...(git === undefined ? {} : { git }) };
        const diffs = await diff(await repository(), chosen);
        const folder = ({ tracked }: NamedDiff): string =>
          a === undefined && tracked !== undefined ? folderOf(tracked) : '';
        const differ = diffs.some(isWorthTelling);
        const status = (exitCode || quiet) && differ ? STATUS.no : STATUS.done;
        const documents = {
          view: () => diffsView(diffs, folder),
          lines: () => diffLines(diffs, folder),
          status,
        };
        if (!quiet && (options.nameOnly || options.nameStatus || options.z)) {
          const rows = fields(diffs, folder, options.nameOnly ? pathFields : statusFields);
          return { ...documents, plain: () => records(rows, options.z === true) };
        }
        return { ...documents, brief: () => [], text: () => lines(diffs, folder) };
      }),
    );
}

function* fields(
  diffs: readonly NamedDiff[],
  folder: (named: NamedDiff) => string,
  of: (diff: DatasetDiff, folder: string) => Iterable<Fields>,
): Generator<Fields> {
  for (const named of diffs) yield* of(named.diff, folder(named));
}

function isWorthTelling({ moved = false, diff }: NamedDiff): boolean {
  return moved || !isEmptyDiff(diff);
}

function* lines(diffs: readonly NamedDiff[], folder: (named: NamedDiff) => string): Generator<Line> {
  let isFirst = true;
  for (const named of diffs.filter(isWorthTelling)) {
    if (!isFirst) yield '';
    isFirst = false;
    yield [styled('bold', named.from), ' → ', styled('bold', named.to)];
    yield* changeLines(named.diff, { folder: folder(named) });
    yield isEmptyDiff(named.diff) ? 'the same files, tracked at another path' : summaryOf(named.diff);
    if (named.nowIgnored > 0) yield nowIgnoredLine(named.nowIgnored);
  }
  if (isFirst) yield 'No difference.';
}
