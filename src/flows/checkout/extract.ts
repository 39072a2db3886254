import {
  closeSync,
  existsSync,
  lstatSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { compareUtf8 } from '../../base/bytes.js';
import { DvsError, ioError } from '../../base/errors.js';
import { makePath } from '../../base/make-path.js';
import { sequence } from '../../base/sequence.js';
import type { Resolved } from '../../ops/resolve/resolve.js';
import { resolveInside } from '../../workspace/contain.js';
import { matcher } from '../../workspace/patterns.js';
import type { Repository } from '../repository.js';
import { numbersOf, type Population } from '../samples/population.js';
import { type CheckedOut, NO_LINKS } from './checked-out.js';
import { holdsJust } from './holds-just.js';
import { makeStaging } from './staging.js';

export interface ExtractOptions {
  readonly dest: string;
  readonly patterns: readonly string[];
  readonly force: boolean;
  readonly dryRun: boolean;
}

/**
 * Writes files that have just the rows of a population, in the format and under the paths of those that they come from. All
 * are complete before the first takes its place. A file that is there and holds just that, as one interrupted in between left it,
 * stays. E_EXISTS where another is in the way, unless it may be overwritten; so is a file of which no row belongs there, as
 * another part left it.
 */
export async function extract(
  repo: Repository,
  population: Population,
  { id, name, version }: Pick<Resolved, 'id' | 'name' | 'version'>,
  { dest, patterns, force, dryRun }: ExtractOptions,
): Promise<CheckedOut> {
  const chosen = matcher(patterns);
  const written: string[] = [];
  const removed: string[] = [];
  /** Paths that this is about. */
  const known = new Set<string>();
  let bytes = 0;
  let unchanged = 0;
  const isNew = !existsSync(dest);
  const staging = dryRun ? undefined : await makeStaging(repo, dest);
  try {
    for await (const file of population.set.extract(numbersOf(population))) {
      if (!chosen(file.path)) continue;
      const path = join(dest, file.path);
      known.add(file.path);
      const isThere = await assertFree(dest, file.path);
      if (file.bytes === undefined) {
        if (isThere && !force) throw notOfThisPart(path);
        if (isThere) removed.push(path);
        continue;
      }
      if (isThere && !force) {
        if (!(await holdsJust(path, file.bytes))) throw inTheWay(path, true);
        unchanged++;
        continue;
      }
      if (staging !== undefined)
        bytes += await write(join(staging.folder, String(written.length)), file.bytes, repo, bytes);
      written.push(file.path);
    }
    if (patterns.length > 0 && written.length + unchanged === 0) throw nothingChosen(patterns);
    if (staging !== undefined) {
      for (const path of removed) remove(path);
      for (const [i, path] of written.entries()) place(join(staging.folder, String(i)), join(dest, path));
    }
  } catch (error) {
    await staging?.release();
    if (staging !== undefined && isNew) removeIfEmpty(dest);
    throw error;
  }
  await staging?.release();
  const left = othersIn(dest, (path) => chosen(path) && !known.has(path));
  return {
    dest,
    tracked: undefined,
    id,
    name,
    version,
    written: written.length,
    removed: removed.length,
    unchanged,
    bytes,
    partial: undefined,
    left: sequence(left.length, () => left[Symbol.iterator]()),
    ...NO_LINKS,
  };
}

async function write(
  path: string,
  pieces: AsyncIterable<Uint8Array>,
  { progress }: Repository,
  before: number,
): Promise<number> {
  const doing = (work: () => number): number => {
    try {
      return work();
    } catch (error) {
      throw ioError(error, 'writing', path);
    }
  };
  const file = doing(() => openSync(path, 'wx'));
  let bytes = 0;
  try {
    for await (const piece of pieces) {
      for (let done = 0; done < piece.length; ) done += doing(() => writeSync(file, piece, done));
      bytes += piece.length;
      progress({ phase: 'writing', bytes: before + bytes, items: 0 });
    }
  } finally {
    closeSync(file);
  }
  return bytes;
}

function place(from: string, to: string): void {
  try {
    makePath(dirname(to));
    renameSync(from, to);
  } catch (error) {
    throw ioError(error, 'writing', to);
  }
}

/** Files and links in a folder that are meant, in byte order. */
function othersIn(folder: string, isMeant: (path: string) => boolean): string[] {
  if (!existsSync(folder)) return [];
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((found) => !found.isDirectory())
      .map((found) => relative(folder, join(found.parentPath, found.name)))
      .filter(isMeant)
      .sort(compareUtf8);
  } catch (error) {
    throw ioError(error, 'listing', folder);
  }
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch (error) {
    throw ioError(error, 'removing', path);
  }
}

/** Whether a file is there. E_EXISTS for anything else in the way of one, E_SYMLINK for a link. */
async function assertFree(dest: string, path: string): Promise<boolean> {
  const absolute = await resolveInside(dest, path);
  let at = dest;
  for (const segment of path.split('/')) {
    at = join(at, segment);
    const found = lstatSync(at, { throwIfNoEntry: false });
    if (found === undefined) return false;
    const fits = at === absolute ? found.isFile() : found.isDirectory();
    if (!fits) throw inTheWay(at, false);
  }
  return true;
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Somebody else put something there: it stays.
  }
}

function nothingChosen(patterns: readonly string[]): DvsError {
  return new DvsError('E_NOT_FOUND', `nothing of it lies in files that match ${patterns.join(', ')}`, {
    about: patterns,
    hint: 'List its samples with their files: `dvs ls`.',
  });
}

function notOfThisPart(path: string): DvsError {
  return new DvsError('E_EXISTS', `${path} is there already, and none of its rows belongs there`, {
    about: [path],
    hint: 'Name another folder, or remove it: `--force`.',
  });
}

function inTheWay(path: string, canForce: boolean): DvsError {
  return new DvsError('E_EXISTS', `${path} is there already`, {
    about: [path],
    hint: canForce ? 'Name another folder, or overwrite it: `--force`.' : 'Name another folder.',
  });
}
