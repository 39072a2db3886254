import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { DvsError } from '../../base/errors.js';
import type { CheckoutPlan } from './plan.js';

/**
 * Refuses (E_UNSAFE) a plan that would write or remove anything beyond a link to a folder that was followed: that is
 * outside of `root`, and others may use it.
 */
export function assertNotBeyondLinks(root: string, { write, remove }: CheckoutPlan): void {
  for (const list of [write, remove]) {
    const real = new RealFolders(root);
    for (const { path } of list) {
      const link = real.linkAbove(path);
      if (link === undefined) continue;
      throw new DvsError('E_UNSAFE', `${path} has to change, and lies beyond the link ${link}`, {
        about: [join(root, link)],
        hint: `Remove that link alone (\`rm ${join(root, link)}\`) and run the same command again; what it leads to stays.`,
      });
    }
  }
}

/** Looks at each folder once, for paths that come in byte order. */
class RealFolders {
  readonly #root: string;
  /** Those on the way to the last path, each with its slash. */
  readonly #way: string[] = [];

  constructor(root: string) {
    this.#root = root;
  }

  /** The first of the folders that a path lies in that is a link. */
  linkAbove(path: string): string | undefined {
    const way = this.#way;
    while (way.length > 0 && !path.startsWith(way.at(-1) ?? '')) way.pop();
    const known = way.at(-1)?.length ?? 0;
    for (let end = path.indexOf('/', known); end >= 0; end = path.indexOf('/', end + 1)) {
      const folder = path.slice(0, end);
      const stats = lstatSync(join(this.#root, folder), { throwIfNoEntry: false });
      if (stats === undefined) return undefined;
      if (stats.isSymbolicLink()) return folder;
      way.push(`${folder}/`);
    }
    return undefined;
  }
}
