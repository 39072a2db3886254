import { lstatSync, realpathSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { DvsError, systemCode } from '../base/errors.js';
import { checkPath, isSkippedName } from '../entities/path.js';
import { fileStat } from './file-stat.js';
import { Follower, type Links, unapproved } from './followed.js';
import { rulesIn } from './ignore/rule-file.js';
import { isIgnored, type Rules } from './ignore/rules.js';
import { NO_RULES_ABOVE, type RulesAbove, textOf } from './ignore/rules-above.js';
import {
  type CrawledFile,
  changed,
  inspect,
  lstatRoot,
  notVersionable,
  orFail,
  readingError,
} from './inspect.js';
import { decodeName, listFolder, type RawName, showName } from './list-folder.js';
import { Problems } from './problems.js';

/** What a system call says of a name that was there a moment ago; EINVAL: it was a link. */
const GONE: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'EINVAL']);

export interface CrawlOptions {
  /** Told of each folder, also of an empty one, right before it is listed. */
  readonly onFolder?: (path: string) => void;
  /** What the folders above say is ignored; what those within say counts in any case. */
  readonly above?: RulesAbove;
  /** Told of what is ignored, by its path in the workspace. What is in an ignored folder is not even looked at. */
  readonly onIgnored?: (path: RawName, isFolder: boolean) => void;
  readonly links?: Links | undefined;
}

export type { CrawledFile } from './inspect.js';

interface Folder {
  readonly absolute: string;
  /** Its path with a `/`; empty for the root. */
  readonly prefix: string;
  /** The same in the workspace, as rules want it. */
  readonly rawPrefix: RawName;
  readonly rules: Rules | undefined;
  readonly names: readonly RawName[];
  next: number;
  /** Names that were listed and then not found. */
  readonly gone: RawName[];
}

/**
 * Every file and link in a folder, in byte order of their paths; `.dvs`, `.git` and what is ignored are passed by, and
 * empty folders are nothing. What no dataset may hold is told at the end (or as soon as there are twenty) in one
 * error with the code of the first: E_PATH, E_PATH_RESERVED, E_SYMLINK, E_TYPE, E_ACCESS. What vanishes between
 * listing and looking is left out when its folder does not list it any more; else it is E_CHANGED.
 *
 * Calls are synchronous: asynchronous ones cost ten times as much a file. Memory is that of the names in the
 * folders on one way down.
 */
export function* crawl(root: string, options: CrawlOptions = {}): Generator<CrawledFile, void, undefined> {
  if (!lstatRoot(root).isDirectory()) {
    throw new DvsError('E_TYPE', `${root} is not a folder`, { about: [root] });
  }
  yield* new Crawl(root, options).run();
}

/** A tracked single file, by its base name. E_NOT_FOUND, E_SYMLINK, E_TYPE, E_PATH. */
export function crawlFile(absolute: string, links: Links = 'kept'): CrawledFile & { readonly type: 'file' } {
  const path = basename(absolute);
  checkPath(path);
  const real = links === 'followed' ? new Follower(dirname(absolute)).place(path, absolute) : absolute;
  const stats = lstatRoot(real);
  if (stats.isDirectory()) throw new DvsError('E_TYPE', `${absolute} is a folder`, { about: [absolute] });
  if (!stats.isFile()) throw notVersionable(absolute);
  return { path, absolute: real, type: 'file', stat: fileStat(stats) };
}

class Crawl {
  readonly #root: string;
  readonly #options: CrawlOptions;
  /** Present when links are followed. */
  readonly #follower: Follower | undefined;
  readonly #way: Folder[] = [];

  constructor(root: string, options: CrawlOptions) {
    const plain = root.replace(/(?<!^)\/+$/, '');
    const isFollowing = options.links === 'followed';
    this.#root = isFollowing ? orFail(root, () => realpathSync.native(plain)) : plain;
    this.#options = options;
    this.#follower = isFollowing ? new Follower(this.#root) : undefined;
  }

  *run(): Generator<CrawledFile, void, undefined> {
    const way = this.#way;
    const problems = new Problems();
    this.#options.onFolder?.('');
    const { rules, folder: rawPrefix } = this.#options.above ?? NO_RULES_ABOVE;
    way.push(orFail(this.#root, () => this.#read(this.#root, '', rawPrefix, rules)));
    for (let folder = way.at(-1); folder !== undefined; folder = way.at(-1)) {
      const { names, gone } = folder;
      const name = names[folder.next++];
      if (name !== undefined) {
        const found = problems.attempt(() => this.#visit(folder, name));
        if (found === undefined) continue;
        if ('names' in found) way.push(found);
        else yield found;
      } else {
        way.pop();
        if (gone.length > 0) problems.attempt(() => assertGone(folder));
      }
    }
    problems.throwIfAny();
    this.#follower?.throwIfDangling();
  }

  /** A folder to go into, a file or link to yield, or nothing. */
  #visit(folder: Folder, name: RawName): Folder | CrawledFile | undefined {
    const isFolder = name.endsWith('/');
    const plain = isFolder ? name.slice(0, -1) : name;
    if (isSkippedName(plain)) return undefined;
    if (folder.rules !== undefined && isIgnored(folder.rules, folder.rawPrefix + plain, isFolder)) {
      this.#options.onIgnored?.(folder.rawPrefix + plain, isFolder);
      return undefined;
    }
    const text = decodeName(plain);
    if (text === undefined) throw notUtf8(folder, name);
    const path = folder.prefix + text;
    checkPath(path);
    const absolute = `${folder.absolute}/${text}`;
    try {
      if (!isFolder) return this.#inspect(path, absolute);
      const place = this.#follower?.folder(path, absolute, this.#placesAbove()) ?? absolute;
      this.#options.onFolder?.(path);
      return this.#read(place, `${path}/`, folder.rawPrefix + name, folder.rules);
    } catch (error) {
      const code = systemCode(error);
      if (code === undefined || !GONE.has(code)) throw readingError(error, absolute);
      folder.gone.push(name);
      return undefined;
    }
  }

  #inspect(path: string, absolute: string): CrawledFile | undefined {
    if (this.#follower !== undefined) return this.#follower.file(path, absolute);
    if (this.#options.links === 'unapproved' && lstatSync(absolute).isSymbolicLink()) {
      throw unapproved(path, textOf(this.#options.above?.folder ?? '').slice(0, -1));
    }
    return inspect(path, absolute);
  }

  *#placesAbove(): Generator<string> {
    for (const { absolute } of this.#way) yield absolute;
  }

  #read(absolute: string, prefix: string, rawPrefix: RawName, above: Rules | undefined): Folder {
    const names = listFolder(absolute, this.#follower !== undefined);
    const rules = rulesIn(above, rawPrefix, absolute, names);
    return { absolute, prefix, rawPrefix, rules, names, next: 0, gone: [] };
  }
}

/** Refuses names that were not found and are listed still: to leave them out would lose them silently. */
function assertGone({ absolute, prefix, gone }: Folder): void {
  const listed = new Set(listAgain(absolute).map(plain));
  const kept = gone.map(plain).find((name) => listed.has(name));
  if (kept !== undefined) throw changed(prefix + (decodeName(kept) ?? showName(kept)));
}

function listAgain(absolute: string): RawName[] {
  try {
    return listFolder(absolute);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw readingError(error, absolute);
  }
}

function plain(name: RawName): RawName {
  return name.endsWith('/') ? name.slice(0, -1) : name;
}

function notUtf8({ prefix }: Folder, name: RawName): DvsError {
  const shown = prefix + showName(name);
  return new DvsError('E_PATH', `a dataset cannot hold the path "${shown}": it is not UTF-8`, {
    about: [shown],
    hint: 'Rename the file, or name it in a .dvsignore.',
  });
}
