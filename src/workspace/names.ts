import { DvsError } from '../base/errors.js';
import { isSkippedName } from '../entities/path.js';
import { decodeName, listFolder, type RawName } from './list-folder.js';

interface Folder {
  readonly absolute: string;
  /** Its path with a `/`; empty for the root. */
  readonly prefix: RawName;
  readonly names: readonly RawName[];
  next: number;
}

/**
 * The path of whatever is in a folder and is no folder, one byte a character, in byte order, without a look at
 * it. `.dvs` and `.git` are passed by. Throws errors of the system, E_PATH for a folder whose name is not UTF-8.
 */
export function* namesBelow(root: string): Generator<RawName, void, undefined> {
  const way = [open(root, '')];
  for (let folder = way.at(-1); folder !== undefined; folder = way.at(-1)) {
    const name = folder.names[folder.next++];
    if (name === undefined) {
      way.pop();
      continue;
    }
    if (!name.endsWith('/')) {
      if (!isSkippedName(name)) yield folder.prefix + name;
      continue;
    }
    const text = decodeName(name.slice(0, -1));
    if (text === undefined) throw new DvsError('E_PATH', `the name of a folder is not UTF-8`);
    if (!isSkippedName(text)) way.push(open(`${folder.absolute}/${text}`, folder.prefix + name));
  }
}

function open(absolute: string, prefix: RawName): Folder {
  return { absolute, prefix, names: listFolder(absolute), next: 0 };
}
