import { DvsError } from '../src/base/errors.js';
import type { Repository } from '../src/flows/repository.js';
import { diffSplits, type MovedSamples, type SplitDiff } from '../src/flows/split/diff.js';
import { splitDiffView } from '../src/wire/split-diff.js';
import { STATUS } from './exit.js';
import { count, thousands } from './format.js';
import { type Line, type Report, styled } from './report.js';

/** Samples shown of each move. */
const SHOWN = 5;

/** Options of `dvs diff` that are for files; samples are no files, and are told by their keys. */
const FOR_FILES = ['git', 'nameOnly', 'nameStatus', 'z', 'content', 'key', 'allowRootLink'] as const;

type ForFiles = { readonly [option in (typeof FOR_FILES)[number]]?: boolean | string };

/** Refuses (E_USAGE) what the comparison of two splits would not heed. */
export function assertForSplits(
  reference: string,
  { patterns, ...options }: ForFiles & { readonly patterns: readonly string[] },
): void {
  const given = FOR_FILES.filter((option) => options[option] !== undefined).map(flagOf);
  if (patterns.length > 0) given.push('patterns');
  if (given.length === 0) return;
  throw new DvsError(
    'E_USAGE',
    `${given.join(', ')}: ${reference} is a split, and this is for the files of datasets`,
    { hint: 'Of splits there are `--json` and `--jsonl` for programs, `--lines` and `--exit-code`.' },
  );
}

/** `nameOnly` as it is typed. */
function flagOf(option: string): string {
  return option.length === 1
    ? `-${option}`
    : `--${option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Which samples moved between the parts of two splits. With `isAnswer`, the exit status says whether any did. */
export async function splitDiffReport(
  repo: Repository,
  a: string,
  b: string,
  { isAnswer, most = SHOWN }: { readonly isAnswer: boolean; readonly most?: number | undefined },
): Promise<Report> {
  const diff = await diffSplits(repo, a, b);
  return {
    view: () => splitDiffView(diff),
    brief: () => [],
    text: () => lines(diff, a, b, most === 0 ? Number.POSITIVE_INFINITY : most),
    status: isAnswer && diff.moves.length > 0 ? STATUS.no : STATUS.done,
    pages: true,
  };
}

function* lines({ kept, ambiguous, moves }: SplitDiff, a: string, b: string, most: number): Generator<Line> {
  yield [styled('bold', a), ' → ', styled('bold', b)];
  for (const move of moves) yield* moveLines(move, most);
  yield `${moves.length === 0 ? 'No difference: ' : ''}${count(kept, 'sample')} in the same part.`;
  if (ambiguous > 0) {
    yield styled(
      'yellow',
      `${count(ambiguous, 'sample')} with a key that was in several parts: which was where is not known.`,
    );
  }
}

function* moveLines({ from, to, count: samples, examples }: MovedSamples, most: number): Generator<Line> {
  if (from === undefined) yield styled('green', `  ${thousands(samples)} new in ${to ?? ''}`);
  else if (to === undefined) yield styled('red', `  ${thousands(samples)} gone from ${from}`);
  else yield styled('yellow', `  ${thousands(samples)} moved from ${from} to ${to}`);
  for (const { number, path, key } of examples.slice(0, most)) {
    yield `    ${key === path ? path : `${path} #${number}`}`;
  }
  const rest = samples - Math.min(most, examples.length);
  if (rest > 0) yield styled('dim', `    and ${thousands(rest)} more`);
}
