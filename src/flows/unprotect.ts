import { lstatSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { DvsError } from '../base/errors.js';
import { Spill } from '../base/spill.js';
import { makeOwnCopy, newFileMode } from '../ops/checkout/own-copy.js';
import { type Planned, planned } from '../ops/checkout/planned.js';
import type { Restored } from '../ops/checkout/restore.js';
import { Ingest } from '../ops/ingest/ingest.js';
import { wasProtected } from '../workspace/file-stat.js';
import { type LockEntry, readLock } from '../workspace/lock.js';
import { makeStaging } from './checkout/staging.js';
import { isAbsent, type Place, placeOf } from './place.js';
import type { Repository } from './repository.js';
import { Scan } from './scan.js';
import { viewOf } from './view.js';

/** What became files of their own. */
export interface Unprotected {
  readonly files: number;
  readonly bytes: number;
}

/**
 * Makes files that are hard links of the cache's into copies of their own, which can be written to. `paths` are
 * absolute: tracked paths, what lies in them, or other places; none means all that is tracked. Nothing has to be read
 * again by the next `status`. E_NOT_FOUND, E_CHANGED.
 */
export async function unprotect(
  repo: Repository,
  { paths = [] }: { readonly paths?: readonly string[] },
): Promise<Unprotected> {
  const tracked = [...(await readLock(repo.workspace)).values()];
  const sum = { files: 0, bytes: 0 };
  const touched = paths.length === 0 ? tracked : tracked.filter((entry) => isTouched(repo, entry, paths));
  for (const entry of touched) {
    const place = await placeOf(repo, entry);
    if (!isAbsent(place)) await unprotectPlace(repo, place, paths, sum, entry);
  }
  const known = touched.map(({ path }) => join(repo.workspace.root, path));
  for (const path of paths) {
    if (known.some((place) => isWithin(path, place) || isWithin(place, path))) continue;
    await unprotectPlace(repo, elsewhere(path), [], sum);
  }
  return sum;
}

function isTouched({ workspace }: Repository, { path }: LockEntry, paths: readonly string[]): boolean {
  const absolute = join(workspace.root, path);
  return paths.some((wanted) => isWithin(absolute, wanted) || isWithin(wanted, absolute));
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** A place that is not tracked. */
function elsewhere(absolute: string): Place {
  const found = lstatSync(absolute, { throwIfNoEntry: false });
  if (found === undefined) {
    throw new DvsError('E_NOT_FOUND', `there is nothing at ${absolute}`, {
      about: [absolute],
      hint: 'Check the spelling; `dvs status` lists what is tracked.',
    });
  }
  return { type: found.isDirectory() ? 'folder' : 'file', absolute, tracked: undefined };
}

async function unprotectPlace(
  repo: Repository,
  place: Place,
  paths: readonly string[],
  sum: { files: number; bytes: number },
  entry?: LockEntry,
): Promise<void> {
  const root = place.type === 'folder' ? place.absolute : dirname(place.absolute);
  const scan = new Scan(repo, place, entry && (await viewOf(repo, entry)));
  const ingest = new Ingest({ workers: repo.workers, progress: repo.progress });
  const [same, write] = [new Spill(repo.scratch, planned), new Spill(repo.scratch, planned)];
  try {
    const dataset = entry !== undefined && (await scan.stillAt(entry.id)) ? entry.id : undefined;
    for await (const { path, entry: found, stat } of scan.run(ingest)) {
      const isWanted = paths.length === 0 || paths.some((wanted) => isWithin(join(root, path), wanted));
      const goes = isWanted && stat !== undefined && wasProtected(stat);
      (goes ? write : same).add({ fate: goes ? 'write' : 'same', path, entry: found, stat });
    }
    if (write.length === 0) return;
    await scan.keepWritten(same, copied(repo, root, write, sum), dataset);
  } finally {
    scan.discard();
    await ingest.close();
    same.close();
    write.close();
  }
}

async function* copied(
  repo: Repository,
  root: string,
  files: Iterable<Planned>,
  sum: { files: number; bytes: number },
): AsyncGenerator<Restored> {
  const staging = await makeStaging(repo, root);
  try {
    const mode = newFileMode(staging.folder);
    for (const { path, entry, stat } of files) {
      if (stat === undefined || stat === 'anything') continue;
      const own = makeOwnCopy(join(root, path), stat, mode, staging.folder);
      sum.files++;
      sum.bytes += own.size;
      repo.progress({ phase: 'copying', bytes: sum.bytes, items: sum.files });
      yield { path, entry, expected: stat, stat: own };
      await nextTurn(); // a signal must not have to wait for the last
    }
  } finally {
    await staging.release();
  }
}
