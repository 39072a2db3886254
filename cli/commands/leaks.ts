import type { Command } from 'commander';
import { type FoundLeak, findLeaks, type LeakedSample, type LeaksReport } from '../../src/flows/leaks.js';
import { leaksView } from '../../src/wire/leaks.js';
import type { Dvs } from '../dvs.js';
import { STATUS } from '../exit.js';
import { count, shortId, thousands } from '../format.js';
import { addExamples, wholeNumber } from '../options.js';
import { names } from '../part-options.js';
import { type Line, styled } from '../report.js';

/** Examples shown of each leak. */
const SHOWN = 5;

interface Options {
  readonly against?: string[];
  readonly ignore?: string[];
  readonly check?: string[];
  readonly lines?: number;
  readonly dryRun?: boolean;
  readonly message?: string;
}

export function define(command: Command, { run }: Dvs): void {
  addExamples(command, [
    ['dvs leaks pets-split', 'what is in two of its parts'],
    ['dvs leaks reviews-split --ignore id,date', 'rows that are the same but for these columns'],
    ['dvs leaks pets-split/test --against big-crawl', 'is my test set in that training set?'],
  ])
    .argument('<ref>', 'a split; with --against also a part of one, or samples')
    .option('--against <refs>', 'hold it against these splits or datasets as well (repeatable)', names)
    .option('--ignore <columns>', 'columns that do not count, such as id,date (the key never does)', names)
    .option('--check <checks>', 'only these: content, normalised, group', names)
    .option(
      '--lines <n>',
      `show this many examples of each leak (default: ${SHOWN}; 0: up to 1000)`,
      wholeNumber(0),
    )
    .option('-n, --dry-run', 'look, and record nothing')
    .option('-m, --message <text>', 'why; it goes into the log')
    .action((reference: string, options: Options) =>
      run(async ({ repository }) => {
        const { against = [], ignore = [], check = [], dryRun = false, message } = options;
        const asked = { reference, against, ignore, checks: check, dryRun, message };
        const report = await findLeaks(await repository(), asked);
        return {
          view: () => leaksView(report),
          brief: () => [],
          text: () =>
            lines(report, options.lines === 0 ? Number.POSITIVE_INFINITY : (options.lines ?? SHOWN)),
          status: report.leaks.length > 0 ? STATUS.no : STATUS.done,
          pages: true,
        };
      }),
    );
}

function* lines(
  { parts, checks, skipped, ignored, leaks, unlisted, report }: LeaksReport,
  most: number,
): Generator<Line> {
  for (const leak of leaks) yield* leakLines(leak, most);
  const looked = checks.map(({ name }) => name).join(', ');
  if (leaks.length === 0) {
    yield [styled('green', 'No leaks'), ` between ${listed(parts)}, by ${looked}.`];
  } else {
    yield [styled('red', count(leaks.length, 'leak')), ` between ${listed(parts)}, by ${looked}.`];
    yield* adviceLines(leaks);
  }
  if (unlisted > 0) yield `And ${thousands(unlisted)} more, of more pairs of parts than are listed.`;
  if (ignored.length > 0) yield `Columns that did not count: ${ignored.join(', ')}.`;
  for (const { name, why } of skipped) yield styled('dim', `Not looked at, ${name}: ${why}.`);
  if (report !== undefined) yield styled('dim', `Recorded: dvs cat ${shortId(report)}`);
}

function* adviceLines(leaks: readonly FoundLeak[]): Generator<Line> {
  if (leaks.some(({ check }) => check !== 'group')) yield 'What is the same: remove it from one side.';
  if (leaks.some(({ check }) => check === 'group'))
    yield 'Groups: keep each in one part, with `dvs split --method group`.';
}

function* leakLines(
  { what, a, b, things, samplesOfA, samplesOfB, examples }: FoundLeak,
  most: number,
): Generator<Line> {
  yield [
    styled('bold', `${a} and ${b}`),
    ` have ${what}, ${things === 1 ? 'once' : `${thousands(things)} times`}: `,
    `${count(samplesOfA, 'sample')} of ${a}, ${thousands(samplesOfB)} of ${b}`,
  ];
  for (const { a: one, b: other } of examples.slice(0, most)) yield `  ${named(one)}  =  ${named(other)}`;
  const rest = things - Math.min(most, examples.length);
  if (rest > 0) yield styled('dim', `  and ${thousands(rest)} more`);
}

/** The path, and for what is one of many in a file its number. */
function named({ number, path, key }: LeakedSample): string {
  return key === path ? path : `${path} #${number}`;
}

function listed(parts: readonly string[]): string {
  return parts.length <= 4 ? parts.join(', ') : `${count(parts.length, 'part')}`;
}
