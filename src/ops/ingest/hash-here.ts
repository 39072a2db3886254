import { KiB, MiB } from '../../base/limits.js';
import { type Digest, sha256 } from '../../id/hash.js';
import type { FileStat } from '../../workspace/file-stat.js';
import { readWhole } from './read-whole.js';
import type { ReadProblem, SmallFile } from './tasks.js';

/** Bytes that are hashed while threads would start. */
const MOST = 4 * MiB;
/** Bytes that take as long as opening a file. */
const OPENING = 16 * KiB;

/** Tells what is hashed sooner than threads start: a little, in all. */
export class LittleWork {
  #taken = 0;

  includes(files: readonly SmallFile[]): boolean {
    this.#taken += files.reduce((sum, { room }) => sum + room + OPENING, 0);
    return this.#taken <= MOST;
  }
}

/** Hashes a file in this thread. */
export function hashHere(file: SmallFile): { digest: Digest; stat: FileStat } | ReadProblem {
  const whole = readWhole(file, (length) => Buffer.allocUnsafe(length));
  return 'problem' in whole ? whole : { digest: sha256(whole.bytes), stat: whole.stat };
}
