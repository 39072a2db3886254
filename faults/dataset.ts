import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from './random.js';

const SMALL = 10;
/** Of several chunks, so that a version has a recipe. */
const LARGE = 300_000;

/** A small dataset that changes: some files of a few bytes, one of several chunks. */
export class Dataset {
  readonly folder: string;
  readonly #random: Random;
  /** Tells the contents from those of other datasets. */
  readonly #salt: number;
  #changes = 0;

  constructor(folder: string, random: Random) {
    this.folder = folder;
    this.#random = random;
    this.#salt = random.int(2 ** 32);
    mkdirSync(join(folder, 'sub'), { recursive: true });
    for (let i = 0; i < SMALL; i++) this.#write(this.#path(i), random.bytes(1 + random.int(3_000)));
    this.#write('large', random.bytes(LARGE));
  }

  /** Changes one to three files, adds or removes one, now and then writes into the large one. */
  change(): void {
    const random = this.#random;
    // A number that never comes again, so that no version is like one before.
    this.#write('number', Buffer.from(`change ${++this.#changes} of ${this.#salt}\n`));
    for (let n = random.int(3); n >= 0; n--) {
      const path = this.#path(random.int(2 * SMALL));
      if (random.oneIn(4)) rmSync(join(this.folder, path), { force: true });
      else this.#write(path, random.bytes(1 + random.int(3_000)));
    }
    if (random.oneIn(3)) {
      const bytes = this.#large();
      random.bytes(1_000).copy(bytes, random.int(bytes.length - 1_000));
      this.#write('large', bytes);
    }
  }

  #large(): Buffer {
    try {
      return readFileSync(join(this.folder, 'large'));
    } catch {
      return this.#random.bytes(LARGE); // a checkout was killed before it had put it back
    }
  }

  #path(i: number): string {
    return i % 3 === 0 ? `sub/${i}` : `${i}`;
  }

  #write(path: string, bytes: Uint8Array): void {
    mkdirSync(join(this.folder, 'sub'), { recursive: true });
    // A file that is a hard link of the cache's is not to be written through.
    rmSync(join(this.folder, path), { force: true });
    writeFileSync(join(this.folder, path), bytes);
  }
}
