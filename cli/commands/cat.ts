import type { Command } from 'commander';
import { DvsError } from '../../src/base/errors.js';
import { read } from '../../src/flows/read.js';
import type { Dvs } from '../dvs.js';
import { addExamples, wholeNumber } from '../options.js';

interface Options {
  readonly offset?: number;
  readonly length?: number;
  readonly sample?: string;
}

export function define(command: Command, { run }: Dvs): void {
  addExamples(command, [
    ['dvs cat mnist:v1/labels.csv | head', 'a file of a version'],
    ['dvs cat mnist/train.bin --offset 16 --length 784', 'a range of it; reads only what is needed'],
    ['dvs cat mnist-split/test --sample 17', 'a sample, by its number or its key'],
  ])
    .argument('<ref>', 'a file in a dataset, such as mnist:v1/labels.csv, or the ID of a content')
    .option('--offset <n>', 'begin at this byte', wholeNumber(0))
    .option('--length <n>', 'print this many bytes at most', wholeNumber(0))
    .option(
      '--sample <sample>',
      'print this one of samples or of a part of a split: its number, its key, or key:<key>',
    )
    .action((reference: string, { offset, length, sample }: Options) =>
      run(async ({ json, repository }) => {
        if (json)
          throw new DvsError('E_USAGE', 'cat prints bytes as they are, so it has no JSON form', {
            hint: 'Leave --json out; `dvs show --json` tells what is known of a file.',
          });
        if (sample !== undefined) {
          const { readSample } = await import('../../src/flows/read-sample.js');
          return { bytes: readSample(await repository(), reference, sample) };
        }
        const from = offset ?? 0;
        const isWhole = offset === undefined && length === undefined;
        const range = isWhole
          ? undefined
          : { offset: from, length: length ?? Number.MAX_SAFE_INTEGER - from };
        return { bytes: read(await repository(), reference, range) };
      }),
    );
}
