import { closeSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makePath } from './make-path.js';
import { ownedName } from './owner.js';

/** Temporary files without names, so that nothing is left of them when the process ends, in whatever way. */
export class Scratch {
  readonly #folder: string;
  readonly #files = new Set<number>();

  /** `folder` is made when it is needed. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Opens a new file for writing and reading. */
  openFile(): number {
    makePath(this.#folder);
    const path = join(this.#folder, ownedName());
    const file = openSync(path, 'wx+');
    rmSync(path);
    this.#files.add(file);
    return file;
  }

  closeFile(file: number): void {
    if (this.#files.delete(file)) closeSync(file);
  }

  /** Closes what is open still. */
  close(): void {
    for (const file of this.#files) this.closeFile(file);
  }
}
