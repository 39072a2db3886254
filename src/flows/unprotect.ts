import { lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { DvsError, ioError } from '../base/errors.js';
import { Spill } from '../base/spill.js';
import { digestOf } from '../id/cid.js';
import type { Digest } from '../id/hash.js';
import { makeOwnCopy, newFileMode } from '../ops/checkout/own-copy.js';
import { type Planned, planned } from '../ops/checkout/planned.js';
import type { Restored } from '../ops/checkout/restore.js';
import { Ingest } from '../ops/ingest/ingest.js';
import { CacheNames } from '../workspace/cache/names.js';
import { liesIn } from '../workspace/contain.js';
import { type LockEntry, readLock } from '../workspace/lock.js';
import { isDatedBy } from '../workspace/protected.js';
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
 * Makes files that are hard links of the cache's into copies of their own, which can be written to. Also those that
 * somebody made writable or wrote to already, with the bytes that they have by now. `paths` are absolute: tracked paths,
 * what lies in them, or other places; none means all that is tracked. What nobody wrote to is not read again by the
 * next `status`. E_NOT_FOUND, E_CHANGED.
 */
export async function unprotect(
  repo: Repository,
  { paths = [] }: { readonly paths?: readonly string[] },
): Promise<Unprotected> {
  const tracked = [...(await readLock(repo.workspace)).values()];
  const sum = { files: 0, bytes: 0 };
  const names = new CacheNames(repo.cache);
  const touched = paths.length === 0 ? tracked : tracked.filter((entry) => isTouched(repo, entry, paths));
  for (const entry of touched) {
    const place = await placeOf(repo, entry);
    if (!isAbsent(place)) await unprotectPlace(repo, place, { paths, names, sum, entry });
  }
  const known = touched.map(({ path }) => join(repo.workspace.root, path));
  for (const path of paths) {
    if (known.some((place) => liesIn(path, place) || liesIn(place, path))) continue;
    await unprotectPlace(repo, elsewhere(path), { paths: [], names, sum, entry: undefined });
  }
  return sum;
}

function isTouched({ workspace }: Repository, { path }: LockEntry, paths: readonly string[]): boolean {
  const absolute = join(workspace.root, path);
  return paths.some((wanted) => liesIn(absolute, wanted) || liesIn(wanted, absolute));
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

interface Wanted {
  /** Only what lies in these; none means all. */
  readonly paths: readonly string[];
  readonly names: CacheNames;
  readonly sum: { files: number; bytes: number };
  readonly entry: LockEntry | undefined;
}

async function unprotectPlace(
  repo: Repository,
  place: Place,
  { paths, names, sum, entry }: Wanted,
): Promise<void> {
  const root = place.type === 'folder' ? place.absolute : dirname(place.absolute);
  const scan = new Scan(repo, place, entry && (await viewOf(repo, entry)));
  const ingest = new Ingest({ workers: repo.workers, progress: repo.progress });
  const [same, write] = [new Spill(repo.scratch, planned), new Spill(repo.scratch, planned)];
  try {
    const dataset = entry !== undefined && (await scan.stillAt(entry.id)) ? entry.id : undefined;
    for await (const { path, entry: found, stat } of scan.run(ingest)) {
      const isWanted = paths.length === 0 || paths.some((wanted) => liesIn(join(root, path), wanted));
      const digest = found.type === 'file' && isWanted ? digestOf(found.id) : undefined;
      if (stat !== undefined && digest !== undefined && isShared(names, join(root, path), digest)) {
        write.add({ fate: 'write', path, entry: found, stat: { ...stat, digest } });
      } else same.add({ fate: 'same', path, entry: found, stat });
    }
    if (write.length === 0) return;
    await scan.noteWritten(same, copied(repo, root, write, sum));
    await scan.keep(dataset);
  } finally {
    scan.discard();
    await ingest.close();
    same.close();
    write.close();
  }
}

function isShared(names: CacheNames, path: string, digest: Digest): boolean {
  try {
    const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
    return stats !== undefined && names.has(stats, digest);
  } catch (error) {
    throw ioError(error, 'reading', path);
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
      if (stat === undefined || stat === 'anything' || stat.digest === undefined) continue;
      const own = makeOwnCopy(join(root, path), stat, mode, staging.folder);
      sum.files++;
      sum.bytes += own.size;
      repo.progress({ phase: 'copying', bytes: sum.bytes, items: sum.files });
      // A write leaves another date. Of a file with that, something may have come between reading and copying.
      const isKnown = isDatedBy(stat, stat.digest);
      yield { path, entry, expected: stat, stat: isKnown ? own : undefined };
      await nextTurn(); // a signal must not have to wait for the last
    }
  } finally {
    await staging.release();
  }
}
