import { lstatSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DvsError, ioError, systemCode } from '../../base/errors.js';

/** Makes the folders that files go into, and refuses to write through anything that is not a real folder. */
export class Folders {
  readonly #root: string;
  readonly #ready = new Set<string>();

  constructor(root: string) {
    this.#root = root;
  }

  /** Makes sure that the folder of `path` exists. E_SYMLINK when a part of it is a link, E_UNSAFE a file. */
  prepare(path: string): void {
    const end = path.lastIndexOf('/');
    const folder = end < 0 ? '' : path.slice(0, end);
    if (this.#ready.has(folder)) return;
    let relative = '';
    if (!this.#ready.has('')) this.#ensure('');
    for (const segment of folder === '' ? [] : folder.split('/')) {
      relative = relative === '' ? segment : `${relative}/${segment}`;
      if (!this.#ready.has(relative)) this.#ensure(relative);
    }
  }

  #ensure(relative: string): void {
    const absolute = join(this.#root, relative);
    try {
      mkdirSync(absolute, { recursive: relative === '' });
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw ioError(error, 'making the folder', absolute);
    }
    const found = lstatSync(absolute);
    if (found.isSymbolicLink()) {
      throw new DvsError('E_SYMLINK', `${absolute} is a symbolic link; dvs does not write through links`, {
        about: [absolute],
        hint: 'Remove the link or check out elsewhere.',
      });
    }
    if (!found.isDirectory()) {
      throw new DvsError('E_UNSAFE', `${absolute} is in the way: a folder has to be there`, {
        about: [absolute],
        hint: 'Move that file away, or `dvs add` it first.',
      });
    }
    this.#ready.add(relative);
  }
}
