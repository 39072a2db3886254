import type { Command } from 'commander';
import { DvsError } from '../../src/base/errors.js';
import { type ComparedContent, compareContents } from '../../src/flows/contents.js';
import { diff, type NamedDiff } from '../../src/flows/diff.js';
import { folderOf, toWorkspacePatterns } from '../../src/flows/paths.js';
import { samplesKind } from '../../src/flows/references.js';
import { type DatasetDiff, isEmptyDiff } from '../../src/ops/diff/diff.js';
import { contentViews } from '../../src/wire/content.js';
import { diffLines, diffsView } from '../../src/wire/diff.js';
import { changeRows, nowIgnoredLine, summaryOf } from '../changes.js';
import { type ContentOptions, contentLines } from '../contents.js';
import type { Dvs } from '../dvs.js';
import { STATUS } from '../exit.js';
import { ALLOW_ROOT_LINK, addExamples, wholeNumber } from '../options.js';
import { type Fields, pathFields, records, statusFields } from '../records.js';
import { type Line, styled } from '../report.js';
import { chain, map } from '../streams.js';

/** Changed lines or rows of one file that are shown unless more are asked for. */
const SHOWN = 40;

interface Options {
  readonly git?: string;
  readonly exitCode?: boolean;
  readonly nameOnly?: boolean;
  readonly nameStatus?: boolean;
  readonly z?: boolean;
  readonly allowRootLink?: boolean;
  readonly content?: boolean;
  readonly key?: string;
  readonly lines?: number;
}

export function define(command: Command, { run, patterns }: Dvs): void {
  addExamples(command, [
    ['dvs diff', 'what is on disk, against what is recorded'],
    ['dvs diff mnist:v1', 'what is on disk (or the latest version), against a version'],
    ['dvs diff mnist:v1 mnist:v2', 'two versions'],
    ["dvs diff mnist:v1 mnist:v2 -- 'train/**'", 'only some paths of them'],
    ['dvs diff --content', 'also what changed inside each file'],
    ['dvs diff mnist:v1 mnist:v2 --key id', 'rows of tables by their column id'],
    ['dvs diff mnist:v1 mnist:v2 --name-status', 'for another program'],
    ['dvs diff --git main..topic', 'what two commits of git locked'],
    ['dvs diff pets-split:v1 pets-split:v2', 'which samples moved between the parts of two splits'],
  ])
    .usage('[options] [A] [B] [-- paths or globs...]')
    .argument('[A]', 'the old side (default: what dvs.lock says of every tracked path)')
    .argument('[B]', 'the new side (default: what is on disk)')
    .option('--content', 'look inside modified files: rows, lines, dimensions, schemas')
    .option('--key <columns>', 'compare rows of CSV and JSONL by these columns; implies --content')
    .option('--lines <n>', `show this many changes of a file (default: ${SHOWN}; 0: all)`, wholeNumber(0))
    .option('--git <rev[..rev]>', 'compare what commits of git locked (one: with dvs.lock on disk)')
    .option('--name-only', 'print only the paths')
    .option('--name-status', 'print a letter and the path, and for a renamed file both paths')
    .option('-z', 'print them as they are, each ended by NUL (by default with --name-status)')
    .option('--exit-code', 'exit with 1 when they differ; with -q that is the only answer')
    .option('--allow-root-link', ALLOW_ROOT_LINK)
    .action((a: string | undefined, b: string | undefined, options: Options) =>
      run(async ({ cwd, repository, quiet }) => {
        const { git, exitCode = false, allowRootLink = false } = options;
        const { content = options.key !== undefined } = options;
        const references = [a, b].filter((reference) => reference !== undefined);
        const repo = await repository();
        if (a !== undefined && b !== undefined && (await samplesKind(repo, a)) === 'split') {
          const { assertForSplits, splitDiffReport } = await import('../split-diff.js');
          assertForSplits(a, { ...options, patterns });
          return splitDiffReport(repo, a, b, { isAnswer: exitCode || quiet, most: options.lines });
        }
        const key = columnsOf(options.key);
        const wanted = a === undefined ? await toWorkspacePatterns(repo, cwd, patterns) : patterns;
        const chosen = { references, patterns: wanted, allowRootLink, ...(git === undefined ? {} : { git }) };
        const diffs = await diff(repo, chosen);
        const inside = content ? (named: NamedDiff) => compareContents(repo, named, { key }) : undefined;
        const folder = ({ tracked }: NamedDiff): string =>
          a === undefined && tracked !== undefined ? folderOf(tracked) : '';
        const contents = inside && (() => contentViews(diffs, folder, inside));
        const differ = diffs.some(isWorthTelling);
        const documents = {
          view: () => ({ ...diffsView(diffs, folder), ...(contents && { content: contents() }) }),
          lines: () =>
            contents === undefined
              ? diffLines(diffs, folder)
              : chain(
                  diffLines(diffs, folder),
                  map(contents(), (view) => ({ line: 'content', ...view })),
                ),
          status: (exitCode || quiet) && differ ? STATUS.no : STATUS.done,
        };
        if (!quiet && (options.nameOnly || options.nameStatus || options.z)) {
          const rows = fields(diffs, folder, options.nameOnly ? pathFields : statusFields);
          return { ...documents, plain: () => records(rows, options.z === true) };
        }
        const most = options.lines === 0 ? Number.POSITIVE_INFINITY : (options.lines ?? SHOWN);
        return {
          ...documents,
          brief: () => [],
          text: (display) => lines(diffs, folder, inside, { display, most }),
          pages: true,
        };
      }),
    );
}

type Folder = (named: NamedDiff) => string;

/** The columns of `--key`; names with commas cannot be said. */
function columnsOf(key: string | undefined): string[] {
  const columns = key?.split(',').map((column) => column.trim()) ?? [];
  if (!columns.includes('')) return columns;
  throw new DvsError('E_USAGE', `--key ${key} names an empty column`, {
    hint: 'Write it as `--key id` or `--key user,item`.',
  });
}

function* fields(
  diffs: readonly NamedDiff[],
  folder: Folder,
  of: (diff: DatasetDiff, folder: string) => Iterable<Fields>,
): Generator<Fields> {
  for (const named of diffs) yield* of(named.diff, folder(named));
}

function isWorthTelling({ moved = false, diff }: NamedDiff): boolean {
  return moved || !isEmptyDiff(diff);
}

async function* lines(
  diffs: readonly NamedDiff[],
  folder: Folder,
  inside: ((named: NamedDiff) => AsyncGenerator<ComparedContent>) | undefined,
  options: ContentOptions,
): AsyncGenerator<Line> {
  const { display } = options;
  let isFirst = true;
  for (const named of diffs.filter(isWorthTelling)) {
    if (!isFirst) yield '';
    isFirst = false;
    yield [styled('bold', named.from), ' → ', styled('bold', named.to)];
    const contents = inside?.(named);
    for (const { line, change } of changeRows(named.diff, { folder: folder(named), display })) {
      yield line;
      if (change.modified === undefined || contents === undefined) continue;
      const { value: compared } = await contents.next();
      if (compared?.content !== undefined) yield* contentLines(compared.content, options);
    }
    await contents?.return(undefined);
    yield isEmptyDiff(named.diff) ? 'the same files, tracked at another path' : summaryOf(named.diff);
    if (named.nowIgnored > 0) yield nowIgnoredLine(named.nowIgnored);
  }
  if (isFirst) yield 'No difference.';
}
