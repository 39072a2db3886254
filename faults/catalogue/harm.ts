import {
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../random.js';

type Harm = (path: string, random: Random, others: readonly string[]) => void;

/** What bad disks, and people who tidy up, do to one file. */
const HARMS: Readonly<Record<string, Harm>> = {
  'a flipped bit in': (path, random) => flipBits(path, random, 1),
  'some flipped bits in': (path, random) => flipBits(path, random, 2 + random.int(30)),
  'a lost end of': (path, random) => truncateSync(path, random.int(statSync(path).size + 1)),
  'zeros over a part of': (path, random) => {
    const bytes = readFileSync(path);
    const from = random.int(bytes.length + 1);
    writeFileSync(path, bytes.fill(0, from, Math.min(bytes.length, from + 1 + random.int(4096))));
  },
  'the loss of': (path) => rmSync(path),
  'another file in place of': (path, random, others) => {
    writeFileSync(path, readFileSync(others[random.int(others.length)] ?? path));
  },
  'another name for': (path, random) => renameSync(path, `${path}${random.int(10)}`),
};

/** Damages one file beneath `folder`, whichever it is; says what was done to which. */
export function harmOne(folder: string, random: Random): string {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort();
  const name = files[random.int(files.length)] ?? '';
  const [what, harm] = Object.entries(HARMS)[random.int(Object.keys(HARMS).length)] ?? [];
  harm?.(
    join(folder, name),
    random,
    files.map((other) => join(folder, other)),
  );
  return `${what} a ${name.includes('manifest') ? 'manifest' : 'table'}`;
}

function flipBits(path: string, random: Random, count: number): void {
  const bytes = readFileSync(path);
  if (bytes.length === 0) return;
  for (let i = 0; i < count; i++) {
    const bit = random.int(8 * bytes.length);
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  }
  writeFileSync(path, bytes);
}
