import type { Digest } from '../../id/hash.js';
import { Slotfuls } from '../../workers/slotfuls.js';
import type { FileStat } from '../../workspace/file-stat.js';
import type { SmallFile } from './tasks.js';

/** A file or link to take in. `known` is its digest when it is certain that it did not change since. */
export type SourceFile = {
  /** Its path in the dataset. */
  readonly path: string;
} & (
  | { readonly type: 'link'; readonly target: string }
  | {
      readonly type: 'file';
      readonly absolute: string;
      readonly stat: FileStat;
      readonly known: Digest | undefined;
    }
);

/** Something among the sources that stands for files which need no reading: it is handed on in its place. */
export interface Passed<T> {
  readonly type: 'passed';
  readonly files: number;
  readonly item: T;
}

/** A file that has to be read, and where among its group its result goes. */
export interface Unread {
  readonly index: number;
  readonly path: string;
  readonly file: SmallFile;
}

/** A group closes when it has this much to read (one slot) or this many files. */
const GROUP_FILES = 512;

/** Cuts the sources into groups: one slot full of small files, or one large file, with what needs no reading. */
export function* grouped<T>(
  sources: Iterable<SourceFile | Passed<T>>,
): Generator<(SourceFile | Passed<T>)[]> {
  const groups = new Slotfuls<SourceFile | Passed<T>>(GROUP_FILES);
  for (const source of sources) {
    if (source.type === 'passed') yield* groups.add(source, 0, source.files);
    else
      yield* groups.add(source, source.type === 'file' && source.known === undefined ? source.stat.size : 0);
  }
  yield* groups.end();
}

/** The same for what turned out to need reading. */
export function* batched(unread: readonly Unread[]): Generator<Unread[]> {
  const batches = new Slotfuls<Unread>(GROUP_FILES);
  for (const item of unread) yield* batches.add(item, item.file.room);
  yield* batches.end();
}
