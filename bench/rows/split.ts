import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { judge, type Sample, type Target } from '../figure.js';
import { type Measured, measure } from '../measure.js';
import { inScratch } from '../scratch.js';
import type { Row, RowOptions } from './row.js';

const SAMPLES = 100_000_000;
const MOST_MIB = 512;
const PROGRAM = fileURLToPath(new URL('../synthetic-split.js', import.meta.url));

const TARGETS: readonly Target[] = [{ step: 'peak memory', against: undefined, limit: MOST_MIB }];

export const split: Row = {
  name: 'split',
  what: '100,000,000 samples, made up on the way, in three parts of 8, 1 and 1: by the hash of each key alone, and in exact sizes',
  run: (options) => inScratch((root) => runIn(root, options)),
};

async function runIn(root: string, { rounds, scale, report }: RowOptions) {
  const run = (method: string): Promise<Measured> =>
    measure({
      file: process.execPath,
      args: [PROGRAM, method, String(Math.max(1, Math.round(SAMPLES * scale))), join(root, 'tmp')],
      cwd: root,
    });
  const samples: Sample[] = [];
  for (let i = 0; i < rounds; i++) {
    const stable = await run('stable');
    const exact = await run('exact');
    report(`round ${i + 1}: stable ${stable.seconds.toFixed(1)}, exact ${exact.seconds.toFixed(1)} s`);
    samples.push({
      'split, stable': { dvs: stable.seconds },
      'split, exact': { dvs: exact.seconds },
      'peak memory': {
        dvs: Math.max(stable.peakMiB, exact.peakMiB),
        stable: stable.peakMiB,
        exact: exact.peakMiB,
      },
    });
  }
  return judge(samples, TARGETS);
}
