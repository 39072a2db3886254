import { isDvsError } from '../base/errors.js';
import { Scratch } from '../base/scratch.js';
import type { DatasetEntry, FileEntry } from '../entities/dataset.js';
import type { FileBytes } from '../formats/file-bytes.js';
import type { ContentDiff } from '../ops/diff/content/content-diff.js';
import { type OpenSide, openDiskSide } from '../ops/diff/content/disk-side.js';
import { counted } from '../ops/diff/content/side.js';
import type { Modified } from '../ops/diff/records.js';
import { storedBytes } from '../store/objects/stored-bytes.js';
import { resolveInside } from '../workspace/contain.js';
import type { LockEntry } from '../workspace/lock.js';
import type { NamedDiff } from './diff.js';
import { placeOf } from './place.js';
import type { Repository } from './repository.js';

/** A modified file, and what changed inside. */
export interface ComparedContent extends Modified {
  /** Undefined where one side is a link, or the file on disk lies behind one or has changed since it was hashed. */
  readonly content: ContentDiff | undefined;
}

/** How contents are compared. */
export interface ContentsOptions {
  /** Columns of a table that tell its rows apart; without any, rows are compared by line. */
  readonly key?: readonly string[];
}

/**
 * What changed inside each modified file of a difference, in byte order of the paths, found as it is asked for. The
 * lists of one can be read until the next is asked for. Contents on disk are read as they are now.
 */
export async function* compareContents(
  repo: Repository,
  { diff, tracked, isOnDisk }: Pick<NamedDiff, 'diff' | 'tracked' | 'isOnDisk'>,
  { key = [] }: ContentsOptions = {},
): AsyncGenerator<ComparedContent, void, undefined> {
  const place = isOnDisk ? tracked : undefined;
  const kinds = await import('../ops/diff/content/kinds.js');
  const totalBytes = bytesOf(diff.modified);
  const done = { bytes: 0, items: 0 };
  for (const modified of diff.modified) {
    const { path, before, after } = modified;
    const end = done.bytes + bytesOf([modified]);
    const tell = (bytes: number): void => {
      // What one kind could not read is read again for the next.
      done.bytes = Math.min(end, done.bytes + bytes);
      repo.progress({ phase: 'comparing', totalBytes, ...done });
    };
    done.items++;
    if (before.type === 'link' || after.type === 'link') {
      yield { ...modified, content: undefined };
      continue;
    }
    const scratch = new Scratch(repo.workspace.tmpDir, repo.temporary);
    const disk = place === undefined ? undefined : await onDisk(repo, place, path, after);
    try {
      const now: FileBytes | undefined = place === undefined ? storedBytes(repo.store.objects, after) : disk;
      if (now === undefined) yield { ...modified, content: undefined };
      else {
        const sides = {
          before: counted(storedBytes(repo.store.objects, before), tell),
          after: counted(now, tell),
        };
        yield { ...modified, content: await kinds.compareContents(path, sides, { key, scratch }) };
      }
    } finally {
      disk?.close();
      scratch.close();
    }
  }
}

/** The file as it lies on disk now; undefined when it cannot be told that it is still the one that was hashed. */
async function onDisk(
  repo: Repository,
  tracked: LockEntry,
  path: string,
  { size }: FileEntry,
): Promise<OpenSide | undefined> {
  const { absolute, type } = await placeOf(repo, tracked);
  try {
    return openDiskSide(type === 'file' ? absolute : await resolveInside(absolute, path), size);
  } catch (error) {
    if (isDvsError(error, 'E_SYMLINK')) return undefined;
    throw error;
  }
}

function bytesOf(modified: Iterable<Modified>): number {
  const size = (entry: DatasetEntry): number => (entry.type === 'file' ? entry.size : 0);
  let bytes = 0;
  for (const { before, after } of modified) bytes += size(before) + size(after);
  return bytes;
}
