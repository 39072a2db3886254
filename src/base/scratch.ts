import { closeSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ioError } from './errors.js';
import { makePath } from './make-path.js';
import { ownedName } from './owner.js';

/**
 * Temporary files without names, so that nothing is left of them when the process ends, in whatever way. Where the folder
 * for them takes no files, as on a read-only disk, they are in the system's.
 */
export class Scratch {
  readonly #folder: string;
  readonly #files = new Set<number>();

  /** `folder` is made when it is needed. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Opens a new file for writing and reading. */
  openFile(): number {
    const file = this.#open();
    this.#files.add(file);
    return file;
  }

  #open(): number {
    try {
      makePath(this.#folder);
      return openNameless(this.#folder);
    } catch (error) {
      try {
        return openNameless(tmpdir());
      } catch {
        throw ioError(error, 'making a temporary file in', this.#folder);
      }
    }
  }

  closeFile(file: number): void {
    if (this.#files.delete(file)) closeSync(file);
  }

  /** Closes what is open still. */
  close(): void {
    for (const file of this.#files) this.closeFile(file);
  }
}

function openNameless(folder: string): number {
  const path = join(folder, ownedName());
  const file = openSync(path, 'wx+');
  rmSync(path);
  return file;
}
