import { DvsError } from '../base/errors.js';
import { isSkippedName } from '../entities/path.js';
import type { CrawlOptions } from './crawl.js';
import { rulesIn } from './ignore/rule-file.js';
import { isIgnored, type Rules } from './ignore/rules.js';
import { NO_RULES_ABOVE } from './ignore/rules-above.js';
import { decodeName, listFolder, type RawName } from './list-folder.js';

interface Folder {
  readonly absolute: string;
  /** Its path with a `/`; empty for the root. */
  readonly prefix: RawName;
  readonly rules: Rules | undefined;
  readonly names: readonly RawName[];
  next: number;
}

/**
 * The path of whatever is in a folder and is no folder, one byte a character, in byte order, without a look at
 * it. `.dvs`, `.git` and what is ignored are passed by. Throws errors of the system, E_PATH for a folder whose name is
 * not UTF-8, and what reading rules throws.
 */
export function* namesBelow(
  root: string,
  { above = NO_RULES_ABOVE, onIgnored }: Pick<CrawlOptions, 'above' | 'onIgnored'> = {},
): Generator<RawName, void, undefined> {
  const way = [open(root, '', above.folder, above.rules)];
  for (let folder = way.at(-1); folder !== undefined; folder = way.at(-1)) {
    const name = folder.names[folder.next++];
    if (name === undefined) {
      way.pop();
      continue;
    }
    const isFolder = name.endsWith('/');
    const plain = isFolder ? name.slice(0, -1) : name;
    if (isSkippedName(plain)) continue;
    if (
      folder.rules !== undefined &&
      isIgnored(folder.rules, above.folder + folder.prefix + plain, isFolder)
    ) {
      onIgnored?.(above.folder + folder.prefix + plain, isFolder);
      continue;
    }
    if (!isFolder) {
      yield folder.prefix + name;
      continue;
    }
    const text = decodeName(plain);
    if (text === undefined) throw new DvsError('E_PATH', `the name of a folder is not UTF-8`);
    const prefix = folder.prefix + name;
    way.push(open(`${folder.absolute}/${text}`, prefix, above.folder + prefix, folder.rules));
  }
}

function open(absolute: string, prefix: RawName, rawPrefix: RawName, above: Rules | undefined): Folder {
  const names = listFolder(absolute);
  return { absolute, prefix, rules: rulesIn(above, rawPrefix, absolute, names), names, next: 0 };
}
