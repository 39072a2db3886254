import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { utf8 } from '../../base/bytes.js';
import { type DatasetEntry, datasetSchema } from '../../entities/dataset.js';
import { MAX_PATH_BYTES, MAX_SEGMENT_BYTES } from '../../entities/path.js';
import type { CID } from '../../id/cid.js';
import { Cursor, type NodeReader, nodeReader } from '../../tree/cursor.js';
import { keeping } from '../../tree/keeping.js';
import type { NodeSource } from '../../tree/schema.js';
import type { Side } from './moves.js';

/**
 * Names for files that lose their place: `tom.theirs.txt` for `tom.txt`, so that the extension stays. A name that one of
 * the datasets has already, as a file or a folder, is passed over: `tom.theirs-2.txt` comes next.
 */
export class Beside {
  readonly #read: NodeReader<DatasetEntry>;
  readonly #datasets: readonly CID[];

  constructor(source: NodeSource, datasets: readonly CID[]) {
    this.#read = keeping(nodeReader(datasetSchema, source));
    this.#datasets = datasets;
  }

  /** A free name for the file of `side` at `path`. No two paths get the same. */
  async name(path: string, side: Side): Promise<string> {
    for (let number = 1; ; number++) {
      const name = besideName(path, number === 1 ? side : `${side}-${number}`);
      if (!(await this.#isTaken(name))) return name;
    }
  }

  async #isTaken(name: string): Promise<boolean> {
    for (const dataset of this.#datasets) {
      if ((await this.#first(dataset, name)) === name) return true;
      if ((await this.#first(dataset, `${name}/`))?.startsWith(`${name}/`) === true) return true;
    }
    return false;
  }

  /** The first path at or after `key`. */
  async #first(dataset: CID, key: string): Promise<string | undefined> {
    const cursor = await Cursor.open(this.#read, dataset);
    return (await cursor.seekFrom(key))?.key;
  }
}

/** `path` with `.mark` before its extension. A name that gets too long is cut, and told from others by a hash. */
function besideName(path: string, mark: string): string {
  const { dir, name, ext } = posix.parse(path);
  const folder = dir === '' ? '' : `${dir}/`;
  const room = Math.min(MAX_SEGMENT_BYTES, MAX_PATH_BYTES - utf8(folder).length);
  const whole = `${name}.${mark}${ext}`;
  if (utf8(whole).length <= room) return folder + whole;
  const short = `~${createHash('sha256').update(path).digest('hex').slice(0, 16)}.${mark}`;
  return folder + cut(name, room - short.length - utf8(ext).length) + short + ext;
}

/** The beginning of `text`, in whole characters. */
function cut(text: string, bytes: number): string {
  let kept = '';
  let used = 0;
  for (const character of text) {
    used += utf8(character).length;
    if (used > bytes) break;
    kept += character;
  }
  return kept;
}
