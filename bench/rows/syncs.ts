import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { images } from '../corpora/images.js';
import { Versions } from '../exchange.js';
import { type Figure, judge, type Sample, type Target } from '../figure.js';
import { filesIn } from '../files.js';
import { type Command, measure } from '../measure.js';
import { inScratch } from '../scratch.js';
import { dvsCommand } from '../tools/dvs.js';
import { versionOf } from '../tools/installed.js';
import type { Row, RowOptions, Skipped } from './row.js';

/** What every command may sync beside its packs: the folder of packs, the log entry, its folder, `dvs.lock`. */
const A_COMMAND = 4;
const ALLOWED = 'allowed';
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  init: ['init', '-q'],
  'add v1': ['add', '-q', 'data'],
  'add again': ['add', '-q', 'data'],
  'add v2': ['add', '-q', 'data'],
  'checkout v1': ['checkout', '-q', 'data:v1'],
};

const TARGETS: readonly Target[] = Object.keys(COMMANDS).map((name) => ({
  step: `fsyncs of ${name}`,
  against: ALLOWED,
  limit: 1,
}));

export const syncs: Row = {
  name: 'syncs',
  what: 'fsync and fdatasync calls, counted by strace; allowed is one for each new pack and 4 for the command',
  run: (options) => inScratch((root) => runIn(root, options)),
};

async function runIn(root: string, { scale, report }: RowOptions): Promise<Figure[] | Skipped> {
  if (versionOf('strace', '--version') === undefined) return { skipped: 'there is no strace' };
  const [work, changed] = [join(root, 'work'), join(root, 'changed')];
  const data = join(work, 'data');
  for (const folder of [data, changed]) mkdirSync(folder, { recursive: true });
  images.make(data, changed, scale * 0.1);
  const versions = new Versions(changed);
  const sample: Record<string, Record<string, number>> = {};
  for (const [name, args] of Object.entries(COMMANDS)) {
    if (name === 'add v2') versions.exchange(data);
    const before = packsIn(work);
    const calls = await syncCalls(dvsCommand(work, ...args), join(root, 'trace'));
    for (const call of calls) report(`${name}: ${call}`);
    sample[`fsyncs of ${name}`] = { dvs: calls.length, [ALLOWED]: packsIn(work) - before + A_COMMAND };
  }
  return judge([sample satisfies Sample], TARGETS);
}

function packsIn(work: string): number {
  return filesIn(work).filter((path) => path.includes('.dvs/packs/')).length;
}

/** One line for each call, with the path that was synced. */
async function syncCalls({ file, args, cwd }: Command, trace: string): Promise<string[]> {
  const options = ['-f', '-y', '-qq', '-e', 'trace=fsync,fdatasync', '-e', 'signal=none', '-o', trace];
  await measure({ file: 'strace', args: [...options, file, ...args], cwd });
  return readFileSync(trace, 'utf8')
    .split('\n')
    .filter((line) => /\b(fsync|fdatasync)\(/.test(line));
}
