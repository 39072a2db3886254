import type { Command } from 'commander';
import { type RecordedSamples, recordSamples } from '../../src/flows/samples.js';
import { samplesView } from '../../src/wire/samples.js';
import type { Dvs } from '../dvs.js';
import { count, versionName } from '../format.js';
import { madeLine } from '../made.js';
import { addExamples } from '../options.js';
import type { Line } from '../report.js';
import { addSampleOptions, type SampleOptions, sampleChoice } from '../sample-options.js';

interface Options extends SampleOptions {
  readonly name?: string;
  readonly message?: string;
}

export function define(command: Command, { run, patterns }: Dvs): void {
  addExamples(addSampleOptions(command), [
    ['dvs samples pets --label parent --name pets-samples', 'each file a sample; its folder is its class'],
    ['dvs samples iris --label species', 'each row of its tables a sample'],
    ["dvs samples scans --group 'path:^(patient\\d+)/'", 'samples of one patient stay together'],
    ["dvs samples corpus --reader lines -- 'train/*.txt'", 'only some files, read line by line'],
  ])
    .usage('[options] <ref> [-- paths or globs...]')
    .argument('<ref>', 'a dataset, or a path in one')
    .option('--name <name>', 'give it this name')
    .option('-m, --message <text>', 'why; it goes into the log')
    .action((reference: string, options: Options) =>
      run(async ({ repository }) => {
        const { name, message } = options;
        const recorded = await recordSamples(await repository(), {
          reference,
          name,
          message,
          ...sampleChoice(options, patterns),
        });
        return {
          view: () => samplesView(recorded),
          brief: () => [recorded.id.toString()],
          text: () => lines(recorded),
        };
      }),
    );
}

function* lines(recorded: RecordedSamples): Generator<Line> {
  const { samples, why, id, name, version } = recorded;
  const { options } = samples.reader;
  yield madeLine('samples', recorded);
  yield `  ${count(samples.count, 'sample')}, read as ${samples.reader.name}`;
  if (why !== undefined) yield `  ${why}`;
  const fields = ['key', 'label', 'group', 'time'].flatMap((field) => {
    const source = options[field];
    return typeof source === 'string' ? [`${field} from ${source}`] : [];
  });
  if (fields.length > 0) yield `  ${fields.join(', ')}`;
  const reference = versionName(name, version) ?? id.toString().slice(7, 19);
  yield `Divide them: dvs split ${reference} --parts train=8,val=1,test=1 --method stable --seed 42`;
}
