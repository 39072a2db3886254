import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Seeded } from '../seeded.js';
import { type Corpus, scaled } from './corpus.js';

const FILES = 25_000;
const CLASSES = 100;
const SMALLEST = 10_000;
const LARGEST = 30_000;

/** Many small files that do not compress, in a folder for each class. */
export const images: Corpus = {
  name: 'images',
  what: '25,000 incompressible files of 10 to 30 KB in 100 folders; v2: 1 % changed, 1 % new',
  targets: [
    { step: 'add v1', against: 'best peer', limit: 0.6 },
    { step: 'add again', against: 'best peer', limit: 0.3 },
    { step: 'add v2', against: 'best peer', limit: 0.6 },
    { step: 'checkout v2', against: 'cp', limit: 1.2 },
    { step: 'stored', against: 'restic', limit: 1.02 },
    { step: 'peak memory', against: undefined, limit: 512 },
  ],
  make(first, changed, scale) {
    const files = scaled(FILES, scale, CLASSES);
    writeImages(first, new Seeded(1), files, () => true);
    writeImages(changed, new Seeded(2), files + scaled(files, 0.01), (i) => i % 101 === 50 || i >= files);
  },
};

function writeImages(folder: string, seeded: Seeded, files: number, wanted: (i: number) => boolean): void {
  for (let i = 0; i < files; i++) {
    if (!wanted(i)) continue;
    const sub = join(folder, `class-${String(i % CLASSES).padStart(2, '0')}`);
    mkdirSync(sub, { recursive: true });
    const length = SMALLEST + seeded.below(LARGEST - SMALLEST);
    writeFileSync(join(sub, `${String(i).padStart(6, '0')}.jpg`), seeded.bytes(length));
  }
}
