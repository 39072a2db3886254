import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { judge, type Sample, type Target } from '../figure.js';
import { filesIn } from '../files.js';
import { measure } from '../measure.js';
import { makeVersions } from '../million.js';
import { inScratch } from '../scratch.js';
import { dvsCommand } from '../tools/dvs.js';
import type { Row, RowOptions } from './row.js';

const FILES = 100_000;
const FILES_OF_A_FOLDER = 1000;
const MILLION = 1_000_000;
/** Files in which the two versions of the million differ. */
const CHANGED = 10;

/** Beyond what nobody could spare them: one look at each file, or the start of a process. */
const MOST_BEYOND_MS = 150;
const MOST_DIFF_MS = 300;

const ALL = 'in all: diff of two versions of 1,000,000 files';
const beyond = (command: string): string => `beyond the work: ${command}`;

/** Commands that have to look at every file, and those that have not. */
const LOOKING = ['status', 'diff', 'add', 'checkout'];
const ASKING = [
  'log',
  'ls',
  'ls data/000',
  'show data',
  'resolve data',
  'tag data',
  'cat data/000/0001.txt',
  'diff data:v1 data:v2',
];
const TOUCHED = 'status, one file changed';

const LOOK = `
const { lstatSync, readFileSync } = require('node:fs');
for (const path of readFileSync(process.argv[1], 'utf8').split('\\n')) lstatSync(path, { bigint: true });
`;

const TARGETS: readonly Target[] = [
  ...[...LOOKING, TOUCHED, ...ASKING].map((command) => ({
    step: beyond(command),
    against: undefined,
    limit: MOST_BEYOND_MS,
  })),
  { step: ALL, against: undefined, limit: MOST_DIFF_MS },
];

export const feel: Row = {
  name: 'feel',
  what: 'how long one waits, in a workspace of 100,000 files, for what prints less than a screen: beyond one `lstat` of each file, or an empty Node process',
  run: (options) => inScratch((root) => runIn(root, options)),
};

async function runIn(root: string, { rounds, scale, report }: RowOptions) {
  const work = join(root, 'work');
  const million = join(root, 'million');
  makeFiles(join(work, 'data'), Math.round(FILES * scale));
  await dvs(work, 'init', '-q');
  await dvs(work, 'add', '-q', 'data');
  const changed = join(work, 'data', '000', '0001.txt');
  writeFileSync(changed, 'changed once\n');
  await dvs(work, 'add', '-q');
  await makeVersions(million, Math.round(MILLION * scale), CHANGED);
  const list = join(root, 'list');
  writeFileSync(list, filesIn(join(work, 'data')).join('\n'));

  const samples: Sample[] = [];
  for (let i = 0; i < rounds; i++) {
    const sample: Record<string, Record<string, number>> = {};
    const against = async (
      what: string,
      args: readonly string[],
      ...alone: readonly string[]
    ): Promise<void> => {
      const own = await node(work, ...alone);
      const whole = await dvs(work, ...args);
      sample[beyond(what)] = { dvs: whole - own, 'in all': whole, 'the work alone': own };
    };
    for (const command of LOOKING) await against(command, [command], '-e', LOOK, list);
    writeFileSync(changed, `changed in round ${i}\n`);
    await against(TOUCHED, ['status'], '-e', LOOK, list);
    await dvs(work, 'checkout', '-q', '--force');
    for (const command of ASKING) await against(command, command.split(' '), '-e', '0');
    sample[ALL] = { dvs: await dvs(million, 'diff', 'data:v1', 'data:v2') };
    report(
      `round ${i + 1}: ${LOOKING.map((name) => `${name} ${sample[beyond(name)]?.['dvs']?.toFixed(0)}`).join(', ')} ms`,
    );
    samples.push(sample);
  }
  return judge(samples, TARGETS);
}

/** In milliseconds. */
async function dvs(cwd: string, ...args: string[]): Promise<number> {
  return (await measure(dvsCommand(cwd, ...args))).seconds * 1000;
}

async function node(cwd: string, ...args: readonly string[]): Promise<number> {
  return (await measure({ file: process.execPath, args, cwd })).seconds * 1000;
}

function makeFiles(folder: string, count: number): void {
  for (let i = 0; i < count; i++) {
    const parent = join(folder, String(Math.floor(i / FILES_OF_A_FOLDER)).padStart(3, '0'));
    if (i % FILES_OF_A_FOLDER === 0) mkdirSync(parent, { recursive: true });
    writeFileSync(join(parent, `${String(i % FILES_OF_A_FOLDER).padStart(4, '0')}.txt`), `file ${i}\n`);
  }
}
