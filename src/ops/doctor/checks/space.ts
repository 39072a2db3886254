import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { GiB, MiB } from '../../../base/limits.js';
import { type Check, note, ok, problem } from '../check.js';
import { amount } from '../format.js';

/** A pack is written whole before it counts, and there may be several at once. */
const LEAST_BYTES = 256 * MiB;
const FEW_BYTES = 2 * GiB;
const LEAST_FILES = 1000;

export const space: Check = {
  name: 'space',
  async *run({ workspace, cwd }) {
    const folder = workspace?.storeDir ?? cwd;
    if (!existsSync(folder)) {
      yield note(`${folder} is not there, so nothing is known of its disk`, 'Bring the store first.');
      return;
    }
    const { bavail, bsize, blocks, files, ffree } = await statfs(folder);
    const free = bavail * bsize;
    const what = `${amount(free)} free of ${amount(blocks * bsize)} for ${folder}`;
    if (free < LEAST_BYTES) yield problem(what, 'Free some space before the next `dvs add`.');
    else if (free < FEW_BYTES) yield note(what, 'That is little for datasets; free some space.');
    else yield ok(what);
    // Some file systems make room for files as they need it, and count none.
    if (files > 0 && ffree < LEAST_FILES) {
      yield problem(
        `the disk has room for ${ffree} more files`,
        'Remove files there: it has used up its inodes (`df -i`).',
      );
    }
  },
};
