import { lstatSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DvsError, ioError, systemCode } from '../../base/errors.js';
import { makePath } from '../../base/make-path.js';

/**
 * Makes the folders that files go into, and refuses to write through anything that is not a real folder. Files
 * come in byte order, so only the folders on the way to the last one are remembered.
 */
export class Folders {
  readonly #root: string;
  /** Each with its slash; the first is the root itself. */
  readonly #way: string[] = [];

  constructor(root: string) {
    this.#root = root;
  }

  /** Makes sure that the folder of `path` exists. E_SYMLINK when a part of it is a link, E_UNSAFE a file. */
  prepare(path: string): void {
    let top = this.#way.at(-1);
    while (top !== undefined && !path.startsWith(top)) {
      this.#way.pop();
      top = this.#way.at(-1);
    }
    if (top === undefined) {
      this.#ensure('');
      this.#way.push('');
    }
    for (let end = path.indexOf('/', top?.length ?? 0); end >= 0; end = path.indexOf('/', end + 1)) {
      // Without the slash, which would lead through a link.
      this.#ensure(path.slice(0, end));
      this.#way.push(path.slice(0, end + 1));
    }
  }

  #ensure(relative: string): void {
    const absolute = join(this.#root, relative);
    try {
      if (relative === '') makePath(absolute);
      else mkdirSync(absolute);
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
  }
}
