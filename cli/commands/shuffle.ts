import { type Command, Option } from 'commander';
import { PERMUTATION_TAILS, type PermutationTail } from '../../src/entities/permutation.js';
import { type RecordedPermutation, shuffle } from '../../src/flows/shuffle.js';
import { permutationView } from '../../src/wire/shuffle.js';
import type { Dvs } from '../dvs.js';
import { count, versionName } from '../format.js';
import { madeLine } from '../made.js';
import { addExamples } from '../options.js';
import type { Line } from '../report.js';
import { addSampleOptions, type SampleOptions, sampleChoice } from '../sample-options.js';

interface Options extends SampleOptions {
  readonly seed: string;
  readonly tail?: PermutationTail;
  readonly name?: string;
  readonly message?: string;
}

export function define(command: Command, { run, patterns }: Dvs): void {
  addExamples(addSampleOptions(command), [
    ['dvs shuffle pets-split/train --seed 42 --name pets-order', 'an order of the samples to train on'],
    ['dvs shuffle pets --seed 42', 'of all samples of a dataset'],
  ])
    .usage('[options] <ref> [-- paths or globs...]')
    .argument('<ref>', 'samples, a part of a split, or a dataset')
    .requiredOption('--seed <text>', 'any text: another seed, another order')
    .addOption(
      new Option('--tail <how>', 'record how it ends where workers must get equally many').choices(
        PERMUTATION_TAILS,
      ),
    )
    .option('--name <name>', 'give it this name')
    .option('-m, --message <text>', 'why; it goes into the log')
    .action((reference: string, options: Options) =>
      run(async ({ repository }) => {
        const { seed, tail, name, message } = options;
        const choice = sampleChoice(options, patterns);
        const recorded = await shuffle(await repository(), {
          reference,
          seed,
          tail,
          name,
          message,
          ...choice,
        });
        return {
          view: () => permutationView(recorded),
          brief: () => [recorded.id.toString()],
          text: () => lines(recorded),
        };
      }),
    );
}

function* lines(recorded: RecordedPermutation): Generator<Line> {
  const { permutation, id, name, version, why } = recorded;
  yield madeLine('permutation', recorded);
  yield `  ${count(Number(permutation.n), 'sample')}${permutation.part === undefined ? '' : ` of ${permutation.part}`}, seed ${permutation.seed}`;
  if (why !== undefined) yield `  ${why}`;
  const reference = versionName(name, version) ?? id.toString().slice(7, 19);
  yield `See the order: dvs order ${reference} --epoch 0 --count 10`;
}
