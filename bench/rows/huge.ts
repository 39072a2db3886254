import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type Figure, judge, type Sample, type Target } from '../figure.js';
import { type Command, measure } from '../measure.js';
import { inScratch } from '../scratch.js';
import { Seeded } from '../seeded.js';
import { dvsCommand } from '../tools/dvs.js';
import { versionOf } from '../tools/installed.js';
import { warm } from '../warm.js';
import type { Row, RowOptions, Skipped } from './row.js';

const MIB = 2 ** 20;
const HUGE = 8192;
const LARGE = 512;
const ONE_CORE = 'on 1 core';
const LARGE_FILE = '512 MiB';

const TARGETS: readonly Target[] = [
  { step: 'add v1', against: ONE_CORE, limit: 1 / 1.7 },
  { step: 'peak memory', against: LARGE_FILE, limit: 1.25 },
  { step: 'peak memory', against: undefined, limit: 512 },
];

export const huge: Row = {
  name: 'huge',
  what: 'one incompressible file of 8 GiB: added on 2 cores and on 1, and checked out; memory against a file of 512 MiB',
  run: (options) => inScratch((root) => runIn(root, options)),
};

async function runIn(work: string, { rounds, scale, report }: RowOptions): Promise<Figure[] | Skipped> {
  if (versionOf('taskset', '--version') === undefined) return { skipped: 'there is no taskset' };
  for (const [name, length] of [
    ['huge', HUGE],
    ['large', LARGE],
  ] as const) {
    mkdirSync(join(work, name));
    makeFile(join(work, name, 'weights.bin'), Math.max(1, Math.round(length * scale)));
  }
  const add = async (name: string, cores: string) => {
    rmSync(join(work, '.dvs'), { recursive: true, force: true });
    rmSync(join(work, 'dvs.lock'), { force: true });
    await measure(dvsCommand(work, 'init', '-q'));
    warm(join(work, name), HUGE * MIB * scale);
    return measure(onCores(cores, dvsCommand(work, 'add', '-q', name)));
  };
  const samples: Sample[] = [];
  for (let i = 0; i < rounds; i++) {
    const large = await add('large', '0,1');
    const one = await add('huge', '0');
    const two = await add('huge', '0,1');
    warm(join(work, '.dvs'), HUGE * MIB * scale);
    const back = await measure(
      onCores('0,1', dvsCommand(work, 'checkout', '-q', 'huge:v1', join(work, 'back'))),
    );
    rmSync(join(work, 'back'), { recursive: true });
    report(`round ${i + 1}: 1 core ${one.seconds.toFixed(2)}, 2 cores ${two.seconds.toFixed(2)}`);
    samples.push({
      'add v1': { dvs: two.seconds, [ONE_CORE]: one.seconds },
      'checkout v1': { dvs: back.seconds },
      'peak memory': { dvs: Math.max(two.peakMiB, back.peakMiB), [LARGE_FILE]: large.peakMiB },
    });
  }
  return judge(samples, TARGETS);
}

function onCores(list: string, { file, args, cwd }: Command): Command {
  return { file: 'taskset', args: ['--cpu-list', list, file, ...args], cwd };
}

function makeFile(path: string, mebibytes: number): void {
  const seeded = new Seeded(7);
  const fd = openSync(path, 'w');
  for (let i = 0; i < mebibytes; i++) writeSync(fd, seeded.bytes(MIB));
  closeSync(fd);
}
