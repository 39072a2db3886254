import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { judge, type Sample } from '../figure.js';
import { measure } from '../measure.js';
import { inScratch } from '../scratch.js';
import { dvsCommand } from '../tools/dvs.js';
import type { Row } from './row.js';

const EMPTY = 'node -e 0';
/** A start takes a tenth of a second, so it can be measured more often than the rest. */
const TIMES_A_ROUND = 4;

export const startUp: Row = {
  name: 'start-up',
  what: 'what every command costs: `dvs resolve` against an empty Node process',
  run: ({ rounds }) =>
    inScratch(async (cwd) => {
      mkdirSync(join(cwd, 'data'));
      writeFileSync(join(cwd, 'data', 'a.txt'), 'one\n');
      await measure(dvsCommand(cwd, 'init', '-q'));
      await measure(dvsCommand(cwd, 'add', '-q', 'data'));
      const samples: Sample[] = [];
      for (let i = 0; i < rounds * TIMES_A_ROUND; i++) {
        const dvs = await measure(dvsCommand(cwd, 'resolve', 'data:v1'));
        const empty = await measure({ file: process.execPath, args: ['-e', '0'], cwd });
        samples.push({ resolve: { dvs: dvs.seconds, [EMPTY]: empty.seconds } });
      }
      return judge(samples, [{ step: 'resolve', against: EMPTY, limit: 2.5 }]);
    }),
};
