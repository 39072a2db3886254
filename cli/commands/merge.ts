import type { Command } from 'commander';
import { type MergeResult, merge } from '../../src/flows/merge.js';
import { isEmptyDiff } from '../../src/ops/diff/diff.js';
import { mergeView } from '../../src/wire/merge.js';
import { changeLines, summaryOf } from '../changes.js';
import { conflictLines } from '../conflicts.js';
import type { Dvs } from '../dvs.js';
import { STATUS } from '../exit.js';
import { count, formatBytes, shortId } from '../format.js';
import { addExamples } from '../options.js';
import { type Line, styled } from '../report.js';

/** Changed paths shown; `dvs diff` shows all. */
const SHOWN = 5;

interface Options {
  readonly name?: string;
  readonly message?: string;
  readonly dryRun?: boolean;
}

export function define(command: Command, { run }: Dvs): void {
  addExamples(command, [
    ['dvs merge mnist:v1 mnist:v2 mnist:v3', 'both came from v1: put their changes together'],
    ['dvs merge mnist:v1 mnist mnist:v3', 'into what is tracked here; its files follow'],
    ['dvs merge -n mnist:v1 mnist:v2 mnist:v3', 'only tell what would come of it'],
  ])
    .argument('<base>', 'the version that both come from')
    .argument('<ours>', 'the version that is to take in the changes')
    .argument('<theirs>', 'the version whose changes are taken in')
    .option('--name <name>', 'record the result under this name (default: that of ours)')
    .option('-m, --message <text>', 'why; it goes into the log')
    .option('-n, --dry-run', 'tell what would be recorded, and write nothing')
    .action((base: string, ours: string, theirs: string, options: Options) =>
      run(async ({ cwd, repository }) => {
        const result = await merge(await repository(), { ...options, base, ours, theirs, cwd });
        return {
          view: () => mergeView(result),
          brief: () => [result.id.toString()],
          text: () => lines(result),
          status: result.conflicts.length > 0 ? STATUS.no : STATUS.done,
        };
      }),
    );
}

function* lines(result: MergeResult): Generator<Line> {
  const { name, version, id, ours, files, bytes, isNew, diff, conflicts, dryRun } = result;
  const title = `${name}:v${version}`;
  yield [styled('bold', title), '  ', styled('cyan', id.toString())];
  const size = `${count(files, 'file')}, ${formatBytes(bytes)}`;
  if (isEmptyDiff(diff)) yield `  ${size}; theirs has nothing that ours has not`;
  else {
    yield `  ${size}; against ours: ${summaryOf(diff)}`;
    yield* changeLines(diff, { indent: '  ', most: SHOWN, more: `dvs diff ${shortId(ours)} ${title}` });
  }
  if (!isNew && !isEmptyDiff(diff)) yield '  it is that already, so there is no new version';
  yield* conflictLines(conflicts);
  yield* nextLines(result);
  if (dryRun) yield 'Dry run: nothing was written.';
}

function* nextLines({ name, version, conflicts, checkedOut, dryRun }: MergeResult): Generator<Line> {
  if (dryRun) return;
  const path = checkedOut?.tracked;
  if (path === undefined) yield `Next: \`dvs checkout ${name}:v${version}\` brings its files.`;
  else if (conflicts.length > 0) {
    yield `Next: keep what you want of each in ${path}, then run \`dvs add ${path}\`.`;
  }
}
