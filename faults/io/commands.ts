import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dvsOk } from '../dvs.js';
import { Random } from '../random.js';

/** A command and the workspace in which it is tried. */
export interface Trial {
  readonly args: readonly string[];
  /** True when it only looks: what it prints is then all that it does. */
  readonly isReading: boolean;
  /** Brings an empty folder to where the command can begin. */
  prepare(root: string): Promise<void>;
}

const MiB = 1024 * 1024;

/** Every command, on small files and on one that is cut into stretches. */
export const trials: readonly Trial[] = [
  { args: ['init'], isReading: false, prepare: async () => {} },
  { args: ['add', 'data', '-m', 'first'], isReading: false, prepare: untracked },
  { args: ['add'], isReading: false, prepare: changed },
  { args: ['tag', 'data:v1', 'best'], isReading: false, prepare: twice },
  { args: ['checkout', 'data:v1'], isReading: false, prepare: twice },
  { args: ['checkout', 'data:v1', 'elsewhere'], isReading: false, prepare: twice },
  { args: ['index', 'rebuild'], isReading: false, prepare: twice },
  { args: ['status'], isReading: true, prepare: changed },
  { args: ['verify'], isReading: true, prepare: twice },
  { args: ['cat', 'data:v1/large.bin'], isReading: true, prepare: twice },
  { args: ['log'], isReading: true, prepare: twice },
];

async function untracked(root: string): Promise<void> {
  const random = new Random(7);
  await dvsOk(root, ['init']);
  mkdirSync(join(root, 'data', 'in'), { recursive: true });
  writeFileSync(join(root, 'data', 'a.txt'), 'one\n');
  writeFileSync(join(root, 'data', 'in', 'b.bin'), random.bytes(100_000));
  writeFileSync(join(root, 'data', 'large.bin'), random.bytes(4.5 * MiB));
}

async function changed(root: string): Promise<void> {
  await untracked(root);
  await dvsOk(root, ['add', 'data']);
  appendFileSync(join(root, 'data', 'large.bin'), 'more');
  writeFileSync(join(root, 'data', 'c.txt'), 'two\n');
  rmSync(join(root, 'data', 'a.txt'));
}

async function twice(root: string): Promise<void> {
  await changed(root);
  await dvsOk(root, ['add', 'data']);
}
