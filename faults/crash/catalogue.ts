import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Random } from '../random.js';
import { type Recording, snapshotFiles } from './recording.js';

/** What a crash leaves of the catalogue, which LevelDB writes in its own way. */
export const CATALOGUES = [
  'as it was',
  'none',
  'an older one',
  'files cut short',
  'files ending in zeros',
] as const;
export type CatalogueLeft = (typeof CATALOGUES)[number];

/** Puts what is left of the catalogue into the store of an image. */
export function writeCatalogue(
  { journal, snapshots }: Recording,
  { point, left, root }: { point: number; left: CatalogueLeft; root: string },
  random: Random,
): void {
  const names = journal
    .slice(0, point)
    .flatMap((entry) => (entry.op === 'catalogue' ? [entry.snapshot] : []));
  const last = left === 'an older one' ? names[random.int(Math.max(1, names.length))] : names.at(-1);
  if (left === 'none' || last === undefined) return;
  for (const [path, bytes] of snapshotFiles(snapshots, last)) {
    const absolute = join(root, '.dvs', 'catalogue', path);
    mkdirSync(dirname(absolute), { recursive: true });
    writeFileSync(absolute, random.oneIn(2) ? bytes : harmed(bytes, left, random));
  }
}

function harmed(bytes: Buffer, left: CatalogueLeft, random: Random): Buffer {
  const first = random.int(bytes.length + 1);
  if (left === 'files cut short') return bytes.subarray(0, first);
  if (left === 'files ending in zeros') {
    return Buffer.concat([bytes.subarray(0, first), Buffer.alloc(bytes.length - first)]);
  }
  return bytes;
}
