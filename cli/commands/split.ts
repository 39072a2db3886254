import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { SPLIT_METHODS } from '../../src/flows/split/recipes.js';
import { type CarriedOver, type RecordedSplit, split } from '../../src/flows/split.js';
import { splitView } from '../../src/wire/split.js';
import type { Dvs } from '../dvs.js';
import { count, thousands, versionName } from '../format.js';
import { madeLine } from '../made.js';
import { addExamples, wholeNumber } from '../options.js';
import { partLists, partWeights } from '../part-options.js';
import { type Line, styled } from '../report.js';
import { addSampleOptions, type SampleOptions, sampleChoice } from '../sample-options.js';
import { splitLines } from '../split-lines.js';

interface Options extends SampleOptions {
  readonly parts?: { name: string; weight: number }[];
  readonly method?: string;
  readonly seed?: string;
  readonly folds?: number;
  readonly column?: string;
  readonly from?: { name: string; path: string }[];
  readonly rest?: string;
  readonly like?: string;
  readonly name?: string;
  readonly message?: string;
}

export function define(command: Command, { run, patterns }: Dvs): void {
  addExamples(addSampleOptions(command), [
    [
      'dvs split pets --parts train=8,val=1,test=1 --seed 42 --name pets-split',
      'by a hash of each sample: adding samples moves none',
    ],
    [
      'dvs split pets --label parent --method stratify --parts train=4,test=1 --seed 42',
      'every class in the same shares',
    ],
    [
      'dvs split scans --group patient --method group --parts train=4,test=1 --seed 42',
      'no patient on both sides',
    ],
    [
      'dvs split pets-split/train --method k-fold --folds 5 --seed 42 --name folds',
      'a part of it into folds',
    ],
    [
      'dvs split speech --from test=testing.txt --from val=validation.txt --rest train',
      'as official lists say',
    ],
    ['dvs split --like pets-split:v1 pets --name pets-split', 'the same split of the next version'],
  ])
    .usage('[options] <ref> [-- paths or globs...]')
    .argument('<ref>', 'samples, a part of a split, or a dataset')
    .option('--parts <parts>', 'names and weights, such as train=8,val=1,test=1', partWeights)
    .addOption(new Option('--method <method>', 'how (default: stable)').choices(SPLIT_METHODS))
    .option('--seed <text>', 'any text: another seed, another split')
    .option('--folds <n>', 'of k-fold: how many', wholeNumber(0))
    .option('--column <field>', 'of from-column: what names the part of each sample')
    .option('--from <part=list>', 'of from-files: a list of keys, one a line (repeatable)', partLists)
    .option('--rest <part>', 'of from-files: the part of all that is in no list')
    .option('--like <split>', 'carry this split over: no sample that it has changes its part')
    .option('--name <name>', 'give it this name')
    .option('-m, --message <text>', 'why; it goes into the log')
    .action((reference: string, options: Options) =>
      run(async ({ repository, cwd }) => {
        const { parts, seed, folds, column, rest, like, name, message } = options;
        const lists = options.from?.map((list) => ({ ...list, path: resolve(cwd, list.path) }));
        const recorded = await split(await repository(), {
          reference,
          ...{ parts, seed, folds, column, lists, rest, like, name, message },
          method: options.method ?? impliedMethod(options),
          ...sampleChoice(options, patterns),
        });
        return {
          view: () => splitView(recorded),
          brief: () => [recorded.id.toString()],
          text: (display) => lines(recorded, display),
        };
      }),
    );
}

/** What is meant by options that only one method takes. */
function impliedMethod({ from, rest, column, folds }: Options): string | undefined {
  if (from !== undefined || rest !== undefined) return 'from-files';
  if (column !== undefined) return 'from-column';
  return folds === undefined ? undefined : 'k-fold';
}

function* lines(recorded: RecordedSplit, display: Parameters<typeof splitLines>[1]): Generator<Line> {
  const { split: made, total, carried, why, id, name, version } = recorded;
  yield madeLine('split', recorded);
  const { name: method, seed } = made.method;
  const by = carried !== undefined ? `as ${carried.from} is divided` : `by ${String(method)}`;
  const of = made.of === undefined ? '' : `, of the part ${made.of.part}`;
  yield `  ${count(total, 'sample')}${of}, ${by}${typeof seed === 'string' ? `, seed ${seed}` : ''}`;
  if (why !== undefined) yield `  ${why}`;
  const parts = made.parts.map((part) => ({ ...part, labels: undefined }));
  yield* splitLines({ total, parts }, display);
  for (const part of made.parts) {
    if (part.count === 0) yield styled('yellow', `  ${part.name} is empty`);
  }
  if (carried !== undefined) yield* carriedLines(carried);
  const reference = versionName(name, version) ?? id.toString().slice(7, 19);
  yield `Look for leaks: dvs leaks ${reference}`;
}

function* carriedLines({ from, kept, added, gone, moved, ambiguous }: CarriedOver): Generator<Line> {
  const news = added
    .filter((part) => part.count > 0)
    .map((part) => `${thousands(part.count)} in ${part.part}`);
  yield `  ${thousands(kept)} kept where they were, ${news.length === 0 ? 'none new' : `new: ${news.join(', ')}`}, ${thousands(gone)} gone`;
  for (const { from, to, keys } of moved)
    yield [styled('red', `  ${count(keys, 'sample')} moved from ${from} to ${to}`)];
  const { keys, samples } = ambiguous;
  if (keys > 0) {
    const those = keys === 1 ? 'a key that is' : `${thousands(keys)} keys that are`;
    yield styled(
      'yellow',
      `  ${count(samples, 'sample')} with ${those} in several parts of ${from}: which was where is not known`,
    );
  }
  if (moved.length === 0 && samples < kept) {
    const which = keys > 0 ? 'no other sample' : 'no sample';
    yield [styled('green', `  ${which} moved from one part to another`), ': looked up in the result'];
  }
}
