import type { Command } from 'commander';
import { Option } from 'commander';
import type { SamplesChoice } from '../src/flows/samples.js';
import { READERS } from '../src/ops/samples/readers.js';

/** How a dataset is taken for samples, as options. */
export interface SampleOptions {
  readonly reader?: string;
  readonly key?: string;
  readonly label?: string;
  readonly group?: string;
  readonly time?: string;
  readonly delimiter?: string;
  readonly header?: boolean;
}

/** Adds the options that say how a dataset is taken for samples. */
export function addSampleOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--reader <reader>', 'how files are read (default: auto, chosen by their names)').choices([
        'auto',
        ...READERS,
      ]),
    )
    .option('--key <field>', 'what a sample is told by (default: its path; of rows the hash of their bytes)')
    .option('--label <field>', 'its class: a column, `parent` for the folder, or path:<expression>')
    .option('--group <field>', 'what must not be divided, such as a patient')
    .option('--time <field>', 'when it was: numbers, or RFC 3339')
    .option('--delimiter <char>', 'between the cells of CSV (default: tab in .tsv, else the likeliest)')
    .option('--no-header', 'the first row of CSV is a sample; columns are called 1, 2, …');
}

/** The choice that was made; an option that was not given is in none. */
export function sampleChoice(
  { reader, key, label, group, time, delimiter, header }: SampleOptions,
  patterns: readonly string[],
): SamplesChoice {
  const given = { reader, key, label, group, time, delimiter, header: header === false ? false : undefined };
  const chosen = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(chosen), ...(patterns.length > 0 ? { patterns } : {}) };
}
