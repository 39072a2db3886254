import { closeSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ioError } from './errors.js';
import { makePath } from './make-path.js';
import { ownedName } from './owner.js';

/** Temporary files without names, so that nothing is left of them when the process ends, in whatever way. */
export class Scratch {
  readonly #folder: string;
  readonly #spare: string | undefined;
  readonly #files = new Set<number>();

  /** `folder` is made when it is needed. Where it takes no files, as on a read-only disk, they are in `spare`. */
  constructor(folder: string, spare?: string) {
    this.#folder = folder;
    this.#spare = spare;
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
        if (this.#spare !== undefined) return openNameless(this.#spare);
      } catch {
        // What is the matter with the first one is to be told.
      }
      throw ioError(error, 'making a temporary file in', this.#folder);
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
  try {
    rmSync(path);
  } catch (error) {
    closeSync(file);
    throw error;
  }
  return file;
}
