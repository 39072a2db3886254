import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scaled } from '../corpora/corpus.js';
import { type Figure, judge, type Sample, type Target } from '../figure.js';
import { type Command, measure } from '../measure.js';
import { inScratch } from '../scratch.js';
import { Seeded } from '../seeded.js';
import { dvsCommand } from '../tools/dvs.js';
import { versionOf } from '../tools/installed.js';
import { touchMemory, warm } from '../warm.js';
import type { Row, RowOptions, Skipped } from './row.js';

const FILES = 1_000_000;
const FILES_A_FOLDER = 1000;
const LENGTH = 100;

/** How much memory a command may write to, the page cache counted. */
const DIRTIES = 2 ** 29;
/** Who commits, and nothing that goes on in the background afterwards. */
const SETTINGS = ['user.name=bench', 'user.email=bench@localhost', 'gc.auto=0'].flatMap((it) => ['-c', it]);

const TARGETS: readonly Target[] = [
  { step: 'add again', against: 'git status', limit: 1.5 },
  { step: 'status', against: 'git status', limit: 1.5 },
  { step: 'peak memory', against: undefined, limit: 512 },
];

export const tiny: Row = {
  name: 'tiny',
  what: '1,000,000 files of 100 bytes in 1,000 folders, unchanged, against `git status` on the same tree',
  run: (options) => inScratch((root) => runIn(root, options)),
};

async function runIn(work: string, { rounds, scale, report }: RowOptions): Promise<Figure[] | Skipped> {
  if (versionOf('git', '--version') === undefined) return { skipped: 'there is no git' };
  const data = join(work, 'data');
  makeTiny(data, scaled(FILES, scale, FILES_A_FOLDER));
  // Its tree is the data folder, so that it does not see the `.gitignore` that dvs writes beside it.
  const git = (...args: string[]): Command => ({
    file: 'git',
    args: ['--git-dir', join(work, 'git'), '--work-tree', data, ...SETTINGS, ...args],
    cwd: data,
  });
  const measured = (command: Command) => {
    touchMemory(DIRTIES * scale);
    return measure(command);
  };
  await measure(dvsCommand(work, 'init', '-q'));
  warm(data, DIRTIES * scale);
  const first = await measure(dvsCommand(work, 'add', '-q', 'data'));
  report(`add v1 ${first.seconds.toFixed(2)}, peak memory ${first.peakMiB.toFixed(0)}`);
  for (const args of [['init', '-q'], ['add', '.'], ['commit', '-q', '-m', 'first'], ['status']])
    await measure(git(...args));
  const samples: Sample[] = [];
  for (let i = 0; i < rounds; i++) {
    const status = await measured(git('status'));
    const again = await measured(dvsCommand(work, 'add', '-q', 'data'));
    const ours = await measured(dvsCommand(work, 'status'));
    samples.push({
      'add again': { dvs: again.seconds, 'git status': status.seconds },
      status: { dvs: ours.seconds, 'git status': status.seconds },
      'peak memory': { dvs: Math.max(first.peakMiB, again.peakMiB, ours.peakMiB) },
    });
  }
  return [...judge([{ 'add v1': { dvs: first.seconds } }], []), ...judge(samples, TARGETS)];
}

function makeTiny(folder: string, files: number): void {
  const seeded = new Seeded(6);
  for (let i = 0; i < files; i++) {
    const sub = join(folder, String(Math.floor(i / FILES_A_FOLDER)).padStart(4, '0'));
    if (i % FILES_A_FOLDER === 0) mkdirSync(sub, { recursive: true });
    writeFileSync(join(sub, `${String(i).padStart(7, '0')}.txt`), seeded.bytes(LENGTH));
  }
}
