import { lstatSync } from 'node:fs';
import { compareUtf8 } from '../base/bytes.js';
import { DvsError, systemCode } from '../base/errors.js';
import { checkPath, isSkippedName } from '../entities/path.js';
import { type CrawledFile, crawl } from './crawl.js';
import { isAnyIgnored } from './ignore/count.js';
import { RULE_FILE } from './ignore/rule-file.js';
import { isIgnored } from './ignore/rules.js';
import { NO_RULES_ABOVE, rulesBelow } from './ignore/rules-above.js';
import { inspect } from './inspect.js';
import { KnownEntries } from './known-entries.js';
import { decodeName, listFolder } from './list-folder.js';
import { type Look, type LookedEntries, MOST_DIFFERENT, type Tracked } from './look.js';
import type { StatCache } from './stat-cache.js';
import type { Gone, Other } from './stat-changes.js';
import { entriesIn } from './stat-view.js';

/** What differs from a stat cache. */
export interface LookChanges {
  readonly entries: LookedEntries;
  /** In byte order of their paths; each path once. */
  readonly changes: readonly (Gone | Other)[];
  /** Folders, new ones and others, in which names came or went. They may have been listed before. */
  readonly folders: readonly string[];
  /** Of the files that are not what they were. */
  readonly bytes: number;
}

/**
 * What differs, from a look, without going through all that does not. Undefined where only that tells: rules changed or
 * hide something, links are followed, a folder has no files, too much is new, or something is wrong with it.
 */
export function changesOf(cache: StatCache, { entries }: Look, tracked: Tracked): LookChanges | undefined {
  if (entries === undefined || (tracked.links ?? 'kept') !== 'kept') return undefined;
  try {
    return new Search(cache, tracked, entries).run();
  } catch (error) {
    // Whoever goes through all of it will come to it, and say what is wrong.
    if (error instanceof DvsError || systemCode(error) !== undefined) return undefined;
    throw error;
  }
}

class Search {
  readonly #tracked: Tracked;
  readonly #entries: LookedEntries;
  readonly #cache: StatCache;
  readonly #changes: (Gone | Other)[] = [];
  readonly #folders: string[] = [];
  #bytes = 0;

  constructor(cache: StatCache, tracked: Tracked, entries: LookedEntries) {
    this.#cache = cache;
    this.#tracked = tracked;
    this.#entries = entries;
  }

  run(): LookChanges | undefined {
    for (const { index, different } of this.#entries.looks) {
      if (different.length === 0) continue;
      const wanted = new Set(different);
      for (const entry of entriesIn(this.#cache.stretch(this.#entries, index))) {
        if (!wanted.has(entry.at)) continue;
        const isTold = entry.type === 'folder' ? this.#noteFolder(entry.path) : this.#noteFile(entry.path);
        if (!isTold) return undefined;
      }
    }
    // What is ignored in a folder of which names came or went may be more, or less, than it was.
    if (this.#folders.length > 0 && isAnyIgnored(this.#cache.ignored)) return undefined;
    const known = new KnownEntries(this.#cache, this.#entries);
    for (const folder of [...this.#folders]) if (!this.#noteNames(folder, known)) return undefined;
    this.#changes.sort((a, b) => compareUtf8(a.path, b.path));
    return {
      entries: this.#entries,
      changes: this.#changes,
      folders: this.#folders,
      bytes: this.#bytes,
    };
  }

  /** Each method that notes something returns false where it cannot tell what changed. */
  #noteFolder(path: string): boolean {
    const found = this.#stat(path);
    if (found?.isDirectory() === true) this.#folders.push(path);
    // What is behind a link looks the same and is not the folder's any more.
    return found === undefined || found.isDirectory();
  }

  #noteFile(path: string): boolean {
    if (isRuleFile(path)) return false;
    const found = this.#stat(path);
    // In its place there may be a folder, of which the folder above tells.
    if (found === undefined || found.isDirectory()) this.#changes.push({ type: 'gone', path });
    else this.#add(inspect(path, this.#absolute(path)));
    return true;
  }

  #noteNames(folder: string, known: KnownEntries): boolean {
    const { absolute: root, above = NO_RULES_ABOVE } = this.#tracked;
    const { rules, folder: rawFolder } = rulesBelow(above, root, folder);
    const prefix = folder === '' ? '' : `${folder}/`;
    let isEmpty = true;
    for (const name of listFolder(this.#absolute(folder))) {
      const isFolder = name.endsWith('/');
      const plain = isFolder ? name.slice(0, -1) : name;
      if (isSkippedName(plain)) continue;
      const text = decodeName(plain);
      if (text === undefined || isRuleFile(text)) return false;
      const path = prefix + text;
      if (rules !== undefined && isIgnored(rules, rawFolder + plain, isFolder)) return false;
      isEmpty = false;
      if (known.at(isFolder ? `${path}/` : path) !== undefined) continue;
      checkPath(path);
      if (!isFolder) this.#add(inspect(path, this.#absolute(path)));
      else if (!this.#noteNew(path)) return false;
      if (this.#changes.length > MOST_DIFFERENT) return false;
    }
    // Folders that have no files have no entries, so that folders do not tell.
    return !isEmpty;
  }

  /** A folder that was not there. */
  #noteNew(folder: string): boolean {
    const { absolute: root, above = NO_RULES_ABOVE } = this.#tracked;
    let isHidden = false;
    let isEmpty = true;
    const files = crawl(this.#absolute(folder), {
      above: rulesBelow(above, root, folder),
      onFolder: (path) => this.#folders.push(path === '' ? folder : `${folder}/${path}`),
      onIgnored: () => {
        isHidden = true;
      },
    });
    for (const file of files) {
      const path = `${folder}/${file.path}`;
      checkPath(path);
      if (isRuleFile(path) || this.#changes.length > MOST_DIFFERENT) return false;
      this.#add({ ...file, path });
      isEmpty = false;
    }
    return !isHidden && !isEmpty;
  }

  #add(file: CrawledFile): void {
    this.#changes.push({ type: 'other', path: file.path, file });
    if (file.type === 'file') this.#bytes += file.stat.size;
  }

  #absolute(path: string): string {
    return path === '' ? this.#tracked.absolute : `${this.#tracked.absolute}/${path}`;
  }

  #stat(path: string) {
    return lstatSync(this.#absolute(path), { throwIfNoEntry: false });
  }
}

function isRuleFile(path: string): boolean {
  return path.slice(path.lastIndexOf('/') + 1) === RULE_FILE;
}
