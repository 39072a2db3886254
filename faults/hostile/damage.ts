import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../random.js';

const GiB = 2 ** 30;

type Damage = (path: string, random: Random, others: readonly string[]) => void;

/** What may become of any file of a store. */
const OF_A_FILE: Readonly<Record<string, Damage>> = {
  lost: (path) => rmSync(path),
  empty: (path) => truncateSync(path, 0),
  'cut short': (path, random) => truncateSync(path, random.int(statSync(path).size)),
  'longer than it was': (path, random) => appendFileSync(path, random.bytes(100)),
  'a gibibyte longer, of holes': (path) => truncateSync(path, statSync(path).size + GiB),
  'flipped in one bit': (path, random) => {
    const bytes = readFileSync(path);
    const bit = random.int(8 * bytes.length);
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    writeFileSync(path, bytes);
  },
  'full of other bytes': (path, random) => writeFileSync(path, random.bytes(statSync(path).size)),
  'another of its kind': (path, random, others) =>
    copyFileSync(others[random.int(others.length)] ?? path, path),
  'a pipe': (path) => {
    rmSync(path);
    execFileSync('mkfifo', [path]);
  },
  'a folder': (path) => {
    rmSync(path);
    mkdirSync(path);
  },
  'a link to itself': (path) => {
    rmSync(path);
    symlinkSync(path, path);
  },
  'a link to an endless device': (path) => {
    rmSync(path);
    symlinkSync('/dev/zero', path);
  },
};

/** The files of a store that say what is true, as groups of one kind. */
const GROUPS: Readonly<Record<string, (store: string, random: Random) => [path: string, others: string[]]>> =
  {
    'a pack': (store, random) => anyOf(join(store, 'packs'), random),
    'the first log entry': (store) => slot(store, () => 1),
    'a log entry in the middle': (store) => slot(store, (count) => Math.ceil(count / 2)),
    'the last log entry': (store) => slot(store, (count) => count),
    'the file format': (store) => [join(store, 'format'), [join(store, '.gitignore')]],
  };

export type Harm = (root: string, random: Random) => void;

/** Every kind of damage to every kind of file, and what lies beside them. */
export const damages: Readonly<Record<string, Harm>> = {
  ...Object.fromEntries(
    Object.entries(GROUPS).flatMap(([group, choose]) =>
      Object.entries(OF_A_FILE).map(([what, damage]): [string, Harm] => [
        `${group}, ${what}`,
        (root, random) => {
          const [path, others] = choose(join(root, '.dvs'), random);
          damage(
            path,
            random,
            others.filter((other) => other !== path),
          );
        },
      ]),
    ),
  ),
  'no log at all': (root) => rmSync(join(root, '.dvs', 'log'), { recursive: true }),
  'no packs at all': (root) => rmSync(join(root, '.dvs', 'packs'), { recursive: true }),
  'a file in place of the packs': (root) => {
    rmSync(join(root, '.dvs', 'packs'), { recursive: true });
    writeFileSync(join(root, '.dvs', 'packs'), '');
  },
  'a log entry far beyond the last': (root) => copyFileSync(slotPath(root, 1), slotPath(root, 9e15)),
  'two log entries the other way round': (root) => {
    renameSync(slotPath(root, 1), `${slotPath(root, 1)}.kept`);
    renameSync(slotPath(root, 2), slotPath(root, 1));
    renameSync(`${slotPath(root, 1)}.kept`, slotPath(root, 2));
  },
  'a pipe in place of the catalogue': (root) => pipe(join(root, '.dvs', 'catalogue')),
  'a pipe in place of its manifest': (root) => pipe(manifestIn(join(root, '.dvs', 'catalogue'))),
  'files in place of the stat cache': (root) => {
    rmSync(join(root, '.dvs', 'stat'), { recursive: true });
    writeFileSync(join(root, '.dvs', 'stat'), 'junk');
  },
  'a pipe in place of dvs.lock': (root) => pipe(join(root, 'dvs.lock')),
  'a dvs.lock that never ends': (root) => writeFileSync(join(root, 'dvs.lock'), 'a=['.repeat(100_000)),
};

function manifestIn(catalogue: string): string {
  return join(catalogue, readdirSync(catalogue).find((name) => name.includes('manifest')) ?? '');
}

function pipe(path: string): void {
  rmSync(path, { recursive: true, force: true });
  execFileSync('mkfifo', [path]);
}

function anyOf(folder: string, random: Random): [path: string, others: string[]] {
  const paths = readdirSync(folder)
    .sort()
    .map((name) => join(folder, name));
  return [paths[random.int(paths.length)] ?? folder, paths];
}

function slot(store: string, choose: (count: number) => number): [path: string, others: string[]] {
  const names = readdirSync(join(store, 'log')).sort();
  const paths = names.map((name) => join(store, 'log', name));
  return [paths[choose(paths.length) - 1] ?? store, paths];
}

function slotPath(root: string, seq: number): string {
  return join(root, '.dvs', 'log', String(seq).padStart(16, '0'));
}
