/**
 * `npm run demo`: the main job on real data, two releases of the published package `vega-datasets` as two
 * versions of one dataset. Prints each command and what it answered. Leaves its workspace for a look.
 */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MAIN } from './main.js';

const MODULES = fileURLToPath(new URL('../../node_modules/', import.meta.url));
const workspace = mkdtempSync(join(tmpdir(), 'dvs-demo-'));

function say(text: string): void {
  console.log(`\n\x1b[2m# ${text}\x1b[0m`.replace(process.stdout.isTTY ? '' : /\x1b\[\d+m/g, ''));
}

/** Runs one command as a user would type it and shows what it answered. */
function run(command: string, ...args: string[]): string {
  return expecting(0, command, ...args);
}

/** The same for a command whose answer is an exit status. */
function expecting(expected: number, command: string, ...args: string[]): string {
  console.log(`$ ${[command, ...args].map(quoted).join(' ')}`);
  const [file, own] = command === 'dvs' ? [process.execPath, [MAIN, ...args]] : [command, args];
  const { status, stdout, stderr } = spawnSync(file, own, { cwd: workspace, encoding: 'utf8' });
  process.stdout.write(stderr + stdout);
  if (status !== expected) throw new Error(`${command} ended with ${status}`);
  return stdout;
}

function quoted(word: string): string {
  return /^[A-Za-z0-9_./:=-]+$/.test(word) ? word : `'${word}'`;
}

/** Puts the data of one release where the dataset is. */
function release(name: string): string {
  const folder = join(MODULES, name);
  const { version }: { version: string } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  console.log(`$ rm -rf data/vega && cp -r vega-datasets-${version}/data data/vega`);
  rmSync(join(workspace, 'data/vega'), { recursive: true, force: true });
  cpSync(join(folder, 'data'), join(workspace, 'data/vega'), { recursive: true });
  return version;
}

function bytesIn(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((item) => item.isFile())
    .reduce((sum, item) => sum + lstatSync(join(item.parentPath, item.name)).size, 0);
}

const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

console.log('dvs demo: two real releases of vega-datasets, versioned');
mkdirSync(join(workspace, 'data'));
say('A workspace: .dvs holds the store, dvs.lock (kept in git) says which version each path is at.');
run('dvs', 'init');
say('The first release.');
const first = release('vega-datasets-2');
const firstBytes = bytesIn(join(workspace, 'data/vega'));
run('dvs', 'add', 'data/vega', '-m', `vega-datasets ${first}`);
say('The next release replaces it on disk. What changed?');
const second = release('vega-datasets-3');
const secondBytes = bytesIn(join(workspace, 'data/vega'));
run('dvs', 'status');
say('Record it: only what is new is stored.');
run('dvs', 'add', '-m', `vega-datasets ${second}`);
say('Compare the versions, and see who recorded what and when.');
run('dvs', 'diff', 'vega:v1', 'vega:v2');
run('dvs', 'log', 'vega');
say('Bring the first version back, into a folder of its own: exactly those bytes.');
run('dvs', 'checkout', 'vega:v1', 'vega-v1');
const original = join(MODULES, 'vega-datasets-2', 'data');
const differs = spawnSync('diff', ['-r', original, join(workspace, 'vega-v1')], { encoding: 'utf8' });
console.log(`$ diff -r vega-datasets-${first}/data vega-v1 && echo identical`);
if (differs.error === undefined && differs.status !== 0)
  throw new Error(`the checkout differs:\n${differs.stdout}`);
console.log(
  differs.error === undefined ? 'identical' : '(no diff program here; the checkout was verified by dvs)',
);
say('Read and hash everything in the store.');
run('dvs', 'verify', '--all');
say('An ID is computed from content alone: add these files anywhere and get the same one.');
const id = run('dvs', 'resolve', 'vega:v2').trim();
run('dvs', 'show', 'vega:v2');

say('What one example is: each row of a table, told by its date; its class is the weather.');
const table = 'data/weather/seattle.csv';
mkdirSync(join(workspace, 'data/weather'));
cpSync(join(MODULES, 'vega-datasets-3/data/seattle-weather.csv'), join(workspace, table));
const rows = readFileSync(join(workspace, table), 'utf8').trimEnd().split('\n');
console.log('$ cp data/vega/seattle-weather.csv data/weather/seattle.csv');
say('Somebody has pasted some days in once more, under other dates.');
const pasted = rows
  .slice(1, 31)
  .map((row, i) => row.replace(/^[^,]*/, `2016-01-${String(i + 1).padStart(2, '0')}`));
writeFileSync(join(workspace, table), `${[...rows, ...pasted].join('\n')}\n`);
run('dvs', 'add', 'data/weather');
run('dvs', 'samples', 'weather', '--key', 'date', '--label', 'weather', '--name', 'days');
say('Divide them, every class in the same shares; then shuffle the part to train on.');
run(
  'dvs',
  'split',
  'days',
  '--method',
  'stratify',
  '--parts',
  'train=8,test=2',
  '--seed',
  '42',
  '--name',
  'days-split',
);
run('dvs', 'show', 'days-split');
run('dvs', 'shuffle', 'days-split/train', '--seed', '42', '--name', 'days-order');
say('The order of epoch 3: the same on every machine, and from anywhere in the middle.');
run('dvs', 'order', 'days-order@3.500', '--count', '5', '--format', 'key');
run('dvs', 'order', 'days-order', '--epoch', '3', '--where', '2013-06-22');
say('Is anything in both parts? The pasted days are: exit status 1.');
expecting(1, 'dvs', 'leaks', 'days-split', '--lines', '3');

const stored = bytesIn(join(workspace, '.dvs/packs'));
const plain = firstBytes + secondBytes;
console.log(`
Done. Two versions, ${mebibytes(plain)} as plain copies, take ${mebibytes(stored)} in the store (${Math.round((100 * stored) / plain)} %).
The workspace is ${workspace}; look around there, for example:
  npx dvs -C ${workspace} ls vega:v1
  npx dvs -C ${workspace} show ${id}
Remove it with: rm -r ${workspace}`);
