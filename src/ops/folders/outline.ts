import type { DatasetEntry } from '../../entities/dataset.js';
import type { CID } from '../../id/cid.js';
import type { NodeSource } from '../../tree/schema.js';
import { keepingReader, level, type Totals, totalsOf } from './level.js';

/** A folder of a dataset as far as it is shown. */
export interface Outline extends Totals {
  readonly type: 'folder';
  /** '' for the whole dataset. */
  readonly path: string;
  /** What lies directly in it, in byte order, as far as it is shown; empty beneath the last level that is. */
  readonly children: readonly (Outline | OutlinedEntry)[];
  /** What lies in it beside the children that are shown; undefined when they are all, or when none are looked at. */
  readonly more: Totals | undefined;
}

/** A file or link in an outline. */
export interface OutlinedEntry {
  readonly type: 'entry';
  readonly path: string;
  readonly entry: DatasetEntry;
}

/** How much of a folder is shown. */
export interface OutlineOptions {
  /** Levels of folders that are opened. */
  readonly depth: number;
  /** Children of one folder that are shown; the others are summed up. */
  readonly width: number;
}

/** However deep and wide somebody asks for it: all of an outline is in memory. */
const MOST_ROWS = 20_000;
const MOST_LEVELS = 64;

/**
 * The folder `path` of a dataset with what lies in it, some levels deep; undefined when there is no such folder.
 * Cost follows what is shown, not what is there: see `level`.
 */
export async function outline(
  source: NodeSource,
  dataset: CID,
  path: string,
  options: OutlineOptions,
): Promise<Outline | undefined> {
  const read = keepingReader(source);
  const totals = await totalsOf(read, dataset, path);
  if (totals.files === 0 && path !== '') return undefined;
  return open(
    { read, dataset, width: options.width, left: MOST_ROWS },
    path,
    totals,
    Math.min(options.depth, MOST_LEVELS),
  );
}

interface Job {
  readonly read: ReturnType<typeof keepingReader>;
  readonly dataset: CID;
  readonly width: number;
  /** Rows that there is still room for. */
  left: number;
}

async function open(job: Job, path: string, totals: Totals, depth: number): Promise<Outline> {
  const children: (Outline | OutlinedEntry)[] = [];
  let { files, bytes } = totals;
  if (depth > 0 && files > 0) {
    for await (const child of level(job.read, job.dataset, path)) {
      if (children.length === job.width || job.left <= 0) break;
      job.left--;
      children.push(child.type === 'entry' ? child : await open(job, child.path, child, depth - 1));
      files -= child.type === 'entry' ? 1 : child.files;
      bytes -= child.type === 'folder' ? child.bytes : child.entry.type === 'file' ? child.entry.size : 0;
      if (files === 0) break;
    }
  }
  const more = depth > 0 && files > 0 ? { files, bytes } : undefined;
  return { type: 'folder', path, files: totals.files, bytes: totals.bytes, children, more };
}
