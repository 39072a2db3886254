import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Seeded } from '../seeded.js';
import { type Corpus, scaled } from './corpus.js';

const TENSORS = 64;
const FLOATS = 2 ** 21;
const DEVIATION = 0.02;

/** One large file of floats as training leaves them, then fine-tuned: some tensors are new. */
export const weights: Corpus = {
  name: 'weights',
  what: 'one file of 64 tensors of 8 MiB, normally distributed floats; v2: every tenth tensor changed',
  targets: [
    { step: 'add v1', against: 'best peer', limit: 0.35 },
    { step: 'add v1', against: 'cp', limit: 2.5 },
    { step: 'add again', against: 'best peer', limit: 0.3 },
    { step: 'add v2', against: 'best peer', limit: 0.35 },
    { step: 'checkout v2', against: 'best peer', limit: 0.4 },
    { step: 'stored', against: 'restic', limit: 1.01 },
    { step: 'peak memory', against: undefined, limit: 512 },
  ],
  make(first, changed, scale) {
    const [before, after] = [first, changed].map((folder) => openSync(join(folder, 'weights.bin'), 'w'));
    if (before === undefined || after === undefined) return;
    for (let i = 0; i < scaled(TENSORS, scale, 2); i++) {
      const tensor = normalFloats(1000 + i);
      writeSync(before, tensor);
      writeSync(after, i % 10 === 1 ? normalFloats(2000 + i) : tensor);
    }
    closeSync(before);
    closeSync(after);
  },
};

/** Pairs by the method of Box and Muller. */
function normalFloats(seed: number): Uint8Array {
  const random = new Uint32Array(new Uint8Array(new Seeded(seed).bytes(FLOATS * 4)).buffer);
  const floats = new Float32Array(FLOATS);
  for (let i = 0; i < FLOATS; i += 2) {
    const [one = 0, two = 0] = [random[i], random[i + 1]];
    const radius = DEVIATION * Math.sqrt(-2 * Math.log((one + 1) / (2 ** 32 + 1)));
    const angle = (two / 2 ** 32) * 2 * Math.PI;
    floats[i] = radius * Math.cos(angle);
    floats[i + 1] = radius * Math.sin(angle);
  }
  return new Uint8Array(floats.buffer);
}
