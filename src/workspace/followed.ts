import { lstatSync, realpathSync } from 'node:fs';
import { DvsError, systemCode } from '../base/errors.js';
import { isReservedSegment } from '../entities/path.js';
import { fileStat } from './file-stat.js';
import { type CrawledFile, changed, inspect, notVersionable, readingError } from './inspect.js';

/**
 * What is done with links. `kept`: they are entries themselves. `followed`: what they lead to is taken for what lies
 * there. `unapproved`: they would be followed, but nobody approved that on this machine, so each is refused.
 */
export type Links = 'kept' | 'followed' | 'unapproved';

/** Dangling links that one error lists. */
const LISTED = 10_000;

/** Follows links on behalf of one crawl. */
export class Follower {
  readonly #root: string;
  readonly #dangling: string[] = [];

  /** `root`: the crawled folder. Where it really lies, links may lead whatever the folders above are called. */
  constructor(root: string) {
    this.#root = root;
  }

  /** What lies at `absolute`, or where a link there leads; undefined for a link that leads nowhere. */
  file(path: string, absolute: string): CrawledFile | undefined {
    if (!lstatSync(absolute).isSymbolicLink()) return inspect(path, absolute);
    const real = this.#follow(path, absolute);
    if (real === undefined) return undefined;
    const target = lstatSync(real, { bigint: true });
    if (target.isDirectory()) throw changed(path);
    if (!target.isFile()) throw notVersionable(absolute);
    return { path, absolute: real, type: 'file', stat: fileStat(target) };
  }

  /**
   * Where a folder, or one that a link leads to, really lies. E_SYMLINK if it is one of those that the way there goes
   * through: `above` has where they lie.
   */
  folder(path: string, absolute: string, above: Iterable<string>): string {
    const real = this.place(path, absolute);
    for (const folder of above) if (folder === real) throw loop(path, real);
    return real;
  }

  /** Where what lies at `absolute` really lies. */
  place(path: string, absolute: string): string {
    const stats = lstatSync(absolute, { throwIfNoEntry: false });
    if (stats?.isSymbolicLink() !== true) return absolute;
    const real = this.#follow(path, absolute);
    if (real === undefined) this.throwIfDangling();
    return real ?? absolute;
  }

  /** Throws one error for all links that lead nowhere. */
  throwIfDangling(): void {
    const [first, ...others] = this.#dangling;
    if (first === undefined) return;
    const count = this.#dangling.length;
    const what =
      count === 1
        ? `the link ${first} leads nowhere`
        : `${count === LISTED ? 'at least ' : ''}${count} links lead nowhere: ${first} and those below`;
    throw new DvsError('E_SYMLINK', what, {
      about: others.length === 0 ? [first] : this.#dangling,
      hint: 'Bring back what they point to, or remove them, or name them in a .dvsignore.',
    });
  }

  #follow(path: string, absolute: string): string | undefined {
    try {
      const real = realpathSync.native(absolute);
      const inside = real.startsWith(`${this.#root}/`) ? real.slice(this.#root.length) : real;
      const reserved = inside.split('/').find(isReservedSegment);
      if (reserved !== undefined) throw intoReserved(path, reserved);
      return real;
    } catch (error) {
      const code = systemCode(error);
      if (code === 'ELOOP') throw loop(path, path);
      if (code !== 'ENOENT' && code !== 'ENOTDIR') throw readingError(error, absolute);
      lstatSync(absolute); // throws if it is the link itself that is gone
      if (this.#dangling.push(path) === LISTED) this.throwIfDangling();
      return undefined;
    }
  }
}

/** Refuses a link in a tracked folder where links would be followed and nobody approved it. */
export function unapproved(path: string, tracked: string): DvsError {
  return new DvsError(
    'E_SYMLINK',
    `${path} is a symbolic link; dvs.lock says that links in ${tracked} are followed, which nobody approved on this machine`,
    {
      about: [path],
      hint: `Look where the links in it lead; if that may be read: \`dvs add --follow-symlinks ${tracked}\`.`,
    },
  );
}

function loop(path: string, leadsTo: string): DvsError {
  return new DvsError(
    'E_SYMLINK',
    `the link ${path} leads back to ${leadsTo}, so following it would not end`,
    {
      about: [path],
      hint: 'Remove the link, or name it in a .dvsignore.',
    },
  );
}

function intoReserved(path: string, reserved: string): DvsError {
  return new DvsError('E_PATH_RESERVED', `the link ${path} leads into ${reserved}, where no data belongs`, {
    about: [path],
    hint: 'Replace the link by a copy of what it points to.',
  });
}
