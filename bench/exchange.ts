import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { filesIn } from './files.js';

/**
 * The two versions of a corpus, of which one at a time lies in the data folder. Files that both have stay as they
 * are; the others change places by renames, so that nothing is copied and the page cache keeps them.
 */
export class Versions {
  readonly #changed: string;
  readonly #paths: readonly string[];

  /** `changed` holds the files of the second version that the first has not, or has otherwise. */
  constructor(changed: string) {
    this.#changed = changed;
    this.#paths = filesIn(changed).map((path) => relative(changed, path));
  }

  /** Puts the other version into `data`. */
  exchange(data: string): void {
    for (const path of this.#paths) {
      const [here, there] = [join(data, path), join(this.#changed, path)];
      const aside = `${there}.aside`;
      if (existsSync(here)) renameSync(here, aside);
      if (existsSync(there)) move(there, here);
      if (existsSync(aside)) renameSync(aside, there);
    }
  }
}

function move(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  renameSync(from, to);
}
