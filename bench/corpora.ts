import { type Cipher, createCipheriv } from 'node:crypto';
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const MiB = 1024 * 1024;

/** A corpus and what it stands for. `make` fills an empty folder, the same for everyone. */
export interface Corpus {
  readonly name: string;
  readonly what: string;
  make(folder: string): void;
}

/** Bytes that do not compress, the same at every run. */
class SeededBytes {
  readonly #cipher: Cipher;

  constructor(seed: number) {
    const key = Buffer.alloc(16);
    key.writeUInt32LE(seed);
    this.#cipher = createCipheriv('aes-128-ctr', key, Buffer.alloc(16));
  }

  next(length: number): Buffer {
    return this.#cipher.update(Buffer.alloc(length));
  }
}

/** The corpora of the foundation; `scale` 1 is the full size, less is for trying out. */
export function corpora(scale: number): Corpus[] {
  const files = Math.max(10, Math.round(25_000 * scale));
  const length = Math.max(1, Math.round(512 * scale));
  return [
    {
      name: 'big',
      what: `one incompressible file of ${length} MiB`,
      make: (folder) => makeBig(folder, length),
    },
    {
      name: 'many',
      what: `${files} incompressible files of 20 KB`,
      make: (folder) => makeMany(folder, files),
    },
  ];
}

function makeBig(folder: string, mebibytes: number): void {
  const bytes = new SeededBytes(1);
  const fd = openSync(join(folder, 'weights.bin'), 'w');
  for (let i = 0; i < mebibytes; i++) writeSync(fd, bytes.next(MiB));
  closeSync(fd);
}

function makeMany(folder: string, files: number): void {
  const bytes = new SeededBytes(2);
  for (let i = 0; i < files; i++) {
    const sub = join(folder, `class-${String(i % 100).padStart(2, '0')}`);
    if (i < 100) mkdirSync(sub);
    writeFileSync(join(sub, `${String(i).padStart(6, '0')}.jpg`), bytes.next(20_000));
  }
}
