import { join } from 'node:path';
import { judge, type Sample, type Target } from '../figure.js';
import { measure } from '../measure.js';
import { makeVersions } from '../million.js';
import { inScratch } from '../scratch.js';
import { dvsCommand } from '../tools/dvs.js';
import type { Row, RowOptions } from './row.js';

const FILES = 1_000_000;
const STEP = 'leaks';
const MOST_OF_LISTING = 3;

const TARGETS: readonly Target[] = [{ step: STEP, against: 'ls', limit: MOST_OF_LISTING }];

export const leaks: Row = {
  name: 'leaks',
  what: 'looking for leaks between the parts of a split of 1,000,000 files, against listing the files',
  run: (options) => inScratch((root) => runIn(root, options)),
};

async function runIn(root: string, { rounds, scale, report }: RowOptions) {
  const work = join(root, 'work');
  await makeVersions(work, Math.round(FILES * scale), 1);
  const dvs = (...args: string[]) => measure(dvsCommand(work, ...args));
  await dvs('samples', 'data', '--reader', 'files', '--name', 'samples');
  await dvs('split', 'samples', '--parts', 'train=8,val=1,test=1', '--seed', '42', '--name', 'split');
  const samples: Sample[] = [];
  for (let i = 0; i < rounds; i++) {
    const ls = await dvs('ls', 'data');
    const found = await dvs('leaks', 'split');
    report(`round ${i + 1}: leaks ${found.seconds.toFixed(1)}, ls ${ls.seconds.toFixed(1)} s`);
    samples.push({
      [STEP]: { dvs: found.seconds, ls: ls.seconds },
      'peak memory': { dvs: found.peakMiB, ls: ls.peakMiB },
    });
  }
  return judge(samples, TARGETS);
}
